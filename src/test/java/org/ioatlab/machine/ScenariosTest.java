package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.time.Picoseconds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The known bugs of NET_DMA come out of the kernels that had them, and of no other. */
class ScenariosTest {
    private static final long PATIENCE = 30 * Picoseconds.PER_SECOND;
    private static final int READ = 8 * 4032;

    private static ScenarioViews.Report run(TestMachine machine, Scenario scenario) {
        return machine.run(new ScenarioCommand.Run(scenario, PATIENCE, 1));
    }

    private static ScenarioViews.Report run(Personality personality, Scenario scenario) {
        ScenarioViews.Report report = run(TestMachine.withPersonality(personality), scenario);
        assertEquals(personality.label(), report.personality());
        assertEquals(scenario.affected().contains(personality), report.wentWrong(), report::toString);
        return report;
    }

    /** Half of the records have come when the program forks and writes; all that comes later goes to the child's pages. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void whatTheEngineCopiesAfterAForkIsLost(Personality personality) {
        ScenarioViews.Report report = run(personality, Scenario.COW_RACE);
        assertEquals(READ, report.receivedBytes());
        assertEquals(READ, report.offload().engineBytes());
        ScenarioViews.CowRace race = report.cowRace();
        assertEquals(READ / 2, race.mismatchAt());
        // a lost byte that is 0 isn't missed in a page that was cleared
        assertThat(race.wrongBytes()).isBetween(READ / 2 - 120, READ / 2);
        assertEquals(race.wrongBytes(), race.bytesInChild());
        assertEquals(8, race.copiedPages());
        assertThat(report.what()).contains("the first at offset 16128");
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void aProcessorsCopiesAreNotLost(Personality personality) {
        MachineSpec spec = Presets.IOAT.spec();
        for (DmaSpec dma : new DmaSpec[] {spec.dma(), new DmaSpec(false, 4, 4096, true, DmaSpec.Enumeration.BOOT, 0)}) {
            boolean offload = !dma.present();
            TestMachine machine = new TestMachine(with(spec, dma, personality, offload));
            ScenarioViews.Report report = run(machine, Scenario.COW_RACE);
            assertFalse(report.wentWrong(), report::toString);
            assertEquals(READ, report.offload().cpuBytes());
            assertEquals(
                    Map.of(offload ? "NO_CHANNEL" : "NO_COPY_OFFLOAD", (long) READ),
                    report.offload().reasons());
            assertEquals(8, report.cowRace().copiedPages(), "it forked and wrote all the same");
            assertEquals("The read returned 32256 bytes as they were sent.", report.what());
        }
    }

    private static MachineSpec with(MachineSpec s, DmaSpec dma, Personality personality, boolean offload) {
        KernelSpec k = s.kernel();
        KernelSpec kernel = new KernelSpec(
                personality,
                offload,
                k.napiWeight(),
                k.napiBudget(),
                k.ackPolicy(),
                k.tcpPersona(),
                k.packetTap(),
                null,
                null);
        return new MachineSpec(s.platform(), s.seed(), s.cpus(), s.memory(), s.nic(), dma, kernel, Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"LINUX_2_6_18", "LINUX_2_6_24"})
    void aClosedWindowStaysClosed(Personality personality) {
        ScenarioViews.Report report = run(personality, Scenario.ZERO_WINDOW_DEADLOCK);
        ScenarioViews.ZeroWindow figures = report.zeroWindow();
        assertEquals(figures.queuedBytes(), report.receivedBytes(), "nothing came after what was queued");
        assertThat(report.receivedBytes()).isBetween(16_000L, 32_768L);
        assertEquals(report.receivedBytes(), report.offload().engineBytes());
        assertEquals(0, figures.rcvWnd());
        assertEquals(32_768, figures.receiveBuffer());
        assertThat(figures.chargedBytes()).isBetween(32_768 - 1_600, 32_768 + 1_600);
        assertThat(figures.stalledNs()).isBetween(29_000_000_000L, 30_000_000_000L);
        // 0.2, 0.4, 0.8 … seconds apart
        assertEquals(8, figures.probes());
        assertThat(report.what()).contains("8 probes hadn't opened it");
    }

    @ParameterizedTest
    @EnumSource(
            value = Personality.class,
            names = {"OLS2005", "LINUX_3_12"})
    void aDrainedWindowOpens(Personality personality) {
        ScenarioViews.Report report = run(personality, Scenario.ZERO_WINDOW_DEADLOCK);
        assertEquals(262_144, report.receivedBytes());
        assertEquals(262_144, report.offload().engineBytes());
        assertEquals(0, report.zeroWindow().stalledNs());
        assertThat(report.zeroWindow().queuedBytes()).isGreaterThan(16_000);
        assertThat(report.nowNs()).isLessThan(1_000_000_000L);
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void pagesOfAHalfPinnedBufferStayPinned(Personality personality) {
        TestMachine machine = TestMachine.withPersonality(personality);
        ScenarioViews.Report report = run(machine, Scenario.PIN_LEAK);
        ScenarioViews.PinLeak figures = report.pinLeak();
        boolean leaks = personality != Personality.OLS2005;
        boolean fails = personality == Personality.LINUX_2_6_18 || personality == Personality.LINUX_2_6_24;
        assertEquals(leaks, report.wentWrong(), report::toString);
        assertEquals(4, figures.reads());
        assertEquals(fails ? 4 : 0, figures.failedReads());
        assertEquals(fails ? "EFAULT" : null, figures.error());
        assertEquals(0, figures.pinnedPagesBefore());
        assertEquals(leaks ? 2 : 0, figures.pinnedPagesAfter());
        assertEquals(leaks ? 8 : 0, figures.leakedPins());
        assertEquals(leaks ? 2 : 0, figures.lostPages());
        assertEquals(fails ? 0 : 65_536, report.receivedBytes());
        assertEquals(0, report.offload().engineBytes());
        assertEquals(leaks ? 2 : 0, machine.machine.memory().state().pinnedPages(), "for good");
        run(machine, Scenario.PIN_LEAK);
        assertEquals(leaks ? 4 : 0, machine.machine.memory().state().pinnedPages(), "and again");
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void nothingGoesWrongWithoutCopyOffload(Scenario scenario) {
        ScenarioViews.Report report = run(new TestMachine(Presets.LEGACY.spec()), scenario);
        assertFalse(report.wentWrong(), report::toString);
        assertFalse(report.copyOffload());
        assertEquals(0, report.offload().engineBytes());
        assertNull(report.pinLeak() == null ? null : report.pinLeak().error());
    }

    /** Child, thread and sockets are gone; but for pages that the kernel has lost, so is all memory. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void aScenarioLeavesNothingElse(Personality personality) {
        for (Scenario scenario : Scenario.values()) {
            TestMachine machine = TestMachine.withPersonality(personality);
            run(machine, scenario);
            machine.settle();
            Map<String, Long> before = MemoryInUse.of(machine.machine);
            ScenarioViews.Report report = run(machine, scenario);
            machine.settle();
            long lost = report.pinLeak() == null ? 0 : report.pinLeak().lostPages();
            MemoryInUse.of(machine.machine).forEach((allocator, now) -> {
                long expected = before.get(allocator) - (allocator.startsWith("pages") ? lost : 0);
                assertTrue(
                        Math.abs(expected - now) <= 2, () -> scenario + ", " + allocator + ": " + before + " before");
            });
            assertThat(machine.machine.sockets().sockets()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void isTheSameEachTime(Scenario scenario) {
        TestMachine first = TestMachine.withPersonality(Personality.LINUX_2_6_24);
        TestMachine second = TestMachine.withPersonality(Personality.LINUX_2_6_24);
        assertEquals(run(first, scenario), run(second, scenario));
        assertEquals(first.machine.digest(), second.machine.digest());
    }

    @Test
    void oneAtATime() {
        TestMachine machine = TestMachine.standard();
        Call<ScenarioViews.Report> running = machine.start(new ScenarioCommand.Run(Scenario.COW_RACE, PATIENCE, 0));
        assertEquals(
                "CONFLICT scenario-running", machine.refused(new ScenarioCommand.Run(Scenario.PIN_LEAK, PATIENCE, 0)));
        assertTrue(machine.finish(running).wentWrong());
        assertEquals("MEANINGLESS no-such-cpu", machine.refused(new ScenarioCommand.Run(Scenario.PIN_LEAK, 1, 99)));
        assertEquals("MALFORMED invalid-value", machine.refused(new ScenarioCommand.Run(Scenario.PIN_LEAK, 0, 0)));
    }

    @Test
    void needsSomebodyWhoSends() {
        TestMachine machine = TestMachine.standard();
        machine.run(new NicCommand.Configure("eth0", null, null, null, null, null, null, false));
        Call<ScenarioViews.Report> call = machine.start(new ScenarioCommand.Run(Scenario.COW_RACE, PATIENCE, 0));
        assertEquals("scenario-not-tried", machine.whyFailed(call).type());
        assertThat(machine.machine.sockets().sockets()).isEmpty();
    }
}
