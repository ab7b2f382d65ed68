package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.sched.FreeTicks;
import org.junit.jupiter.api.Test;

/** Channels share their engine's data path; what a descriptor costs besides its bytes; the timeline. */
class SharedEngineTest {
    private static final long NS = 1000;
    private static final long FETCH = 252 + 20;
    private static final long AFTER = 20;

    private final TestMachine m = TestMachine.standard();

    /**
     * Channels whose descriptors are fetched at the same instant: with n of them each byte takes n times as long, while the time for
     * fetching and completing overlaps.
     */
    @Test
    void nChannelsShareTheBandwidthEqually() {
        for (int n = 1; n <= 4; n++) {
            assertThat(finishOfEqualCopies(n)).isEqualTo(AFTER + FETCH + FETCH + n * 4096 / 2);
        }
    }

    private static long finishOfEqualCopies(int n) {
        TestMachine machine = TestMachine.withCpus(4);
        machine.client("net", n);
        String source = machine.buffer(4096);
        List<String> targets = new ArrayList<>();
        suspendAll(machine, n);
        for (int i = 0; i < n; i++) {
            targets.add(machine.emptyBuffer(4096));
            machine.copy("dma0chan" + i, targets.get(i), source, 4096);
        }
        long resumedPs = resumeAtOnce(machine, n);
        long donePs = 0;
        for (int i = 0; i < n; i++) {
            donePs = machine.untilDone("dma0chan" + i, 1);
            assertThat(machine.bytes(targets.get(i))).isEqualTo(machine.bytes(source));
        }
        return (donePs - resumedPs) / NS;
    }

    /** By register, so that the driver goes on submitting. */
    private static void suspendAll(TestMachine machine, int channels) {
        for (int i = 0; i < channels; i++) {
            machine.run(new DmaCommand.WriteRegister("chan" + i + ".CHANCMD", 0x04, i));
        }
    }

    /** Each processor resumes one channel, all at the same instant. */
    private static long resumeAtOnce(TestMachine machine, int channels) {
        machine.settle();
        machine.advance(1_000_000);
        List<Call<DmaViews.Register>> resumes = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            resumes.add(machine.start(new DmaCommand.WriteRegister("chan" + i + ".CHANCMD", 0x10, i)));
        }
        resumes.forEach(machine::finish);
        return machine.machine.nowPs();
    }

    @Test
    void aShortCopyLeavesTheBandwidthToTheOtherAgain() {
        TestMachine machine = TestMachine.withCpus(2);
        machine.client("net", 2);
        String source = machine.buffer(4096);
        suspendAll(machine, 2);
        machine.copy("dma0chan0", machine.emptyBuffer(4096), source, 4096);
        machine.copy("dma0chan1", machine.emptyBuffer(1000), source, 1000);
        long resumedPs = resumeAtOnce(machine, 2);
        long shortNs = 2 * 1000 / 2;
        assertThat(machine.untilDone("dma0chan1", 1)).isEqualTo(resumedPs + (2 * FETCH + shortNs + AFTER) * NS);
        long longNs = 4096 / 2 + 1000 / 2;
        assertThat(machine.untilDone("dma0chan0", 1)).isEqualTo(resumedPs + (2 * FETCH + longNs + AFTER) * NS);
    }

    /** A copy of one byte is nearly all overhead: 292 ns a descriptor, half a nanosecond a byte. */
    @Test
    void eachDescriptorCostsItsFetchAndItsCompletion() {
        m.client("net", 1);
        String buffer = m.buffer(128);
        List<DmaCommand.Copy> copies = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            copies.add(new DmaCommand.Copy(inBuffer(buffer, 64 + i), inBuffer(buffer, i), 1));
        }
        m.write("chan0.CHANCMD", 0x04);
        m.run(new DmaCommand.SubmitCopies("dma0chan0", null, copies, false, 0));
        m.write("chan0.CHANCMD", 0x10);
        long resumedPs = m.machine.nowPs();
        assertThat(m.untilDone("dma0chan0", 64)).isEqualTo(resumedPs + FETCH * NS + 64 * ((FETCH + AFTER) * NS + 500));
    }

    @Test
    void theTimelineHasASpanForEachDescriptorsData() {
        m.client("net", 1);
        String source = m.buffer(10_000);
        m.run(new ObservationCommand.SetTimeline(true));
        m.copy("dma0chan0", m.emptyBuffer(10_000), source, 10_000);
        long donePs = m.untilDone("dma0chan0", 1);
        List<CpuViews.Span> spans = m.machine.cpus().timeline().stream()
                .filter(span -> span.track() >= 1000)
                .toList();
        assertThat(spans).extracting(CpuViews.Span::name).containsExactly("copy 4096", "copy 4096", "copy 1808");
        assertThat(spans)
                .extracting(span -> (span.endPs() - span.startPs()) / NS)
                .containsExactly(2048L, 2048L, 904L);
        assertThat(spans.getLast().endPs()).isEqualTo(donePs - AFTER * NS);
        assertThat(spans.get(1).startPs()).isEqualTo(spans.get(0).endPs() + (AFTER + FETCH) * NS);
    }

    /** Engines don't share with each other; a bus that is wide enough for both doesn't slow them down. */
    @Test
    void aSecondEngineHasAPathOfItsOwn() {
        assertThat(lateWithTwoEngines(12_800)).isZero();
    }

    /** Each reads and writes 2 GB/s, which is more than the bus of 6.4 GB/s has for both. */
    @Test
    void twoEnginesFillTheMemoryBus() {
        assertThat(lateWithTwoEngines(6_400)).isBetween(1_000L * NS, 4_000L * NS);
    }

    private static long lateWithTwoEngines(long busMegabytesPerSecond) {
        MachineSpec spec = Presets.IOAT.spec();
        Map<String, Long> costs = new LinkedHashMap<>(FreeTicks.COSTS);
        costs.put("memoryBusMegabytesPerSecond", busMegabytesPerSecond);
        TestMachine m = TestMachine.withCosts(spec, costs);
        m.client("net", 4);
        m.run(new PciCommand.AddEngine(1, 0));
        m.client("disk", 1);
        String source = m.buffer(65_536);
        String target = m.emptyBuffer(65_536);
        m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
        m.copy("dma1chan0", target, source, 65_536);
        long doorbellPs = m.machine.nowPs();
        return m.untilDone("dma1chan0", 1) - (doorbellPs + (FETCH + 16 * (FETCH + AFTER) + 65_536 / 2) * NS);
    }
}
