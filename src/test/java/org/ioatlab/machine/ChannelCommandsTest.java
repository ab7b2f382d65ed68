package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** START, APPEND, SUSPEND, RESUME, ABORT and RESET, and what registers show and do (Linux 2.6.18 ioatdma, registers). */
class ChannelCommandsTest {
    private static final long US = 1_000_000;
    private static final int PAGE_NS = 272 + 2048 + 20;

    private final TestMachine m = TestMachine.standard();
    private String source;
    private String target;

    @BeforeEach
    void oneClientWithSixteenPages() {
        m.client("net", 1);
        source = m.buffer(65_536);
        target = m.emptyBuffer(65_536);
        m.settle();
    }

    @Test
    void suspendTakesEffectBetweenDescriptorsAndResumeGoesOnThere() {
        m.copy("dma0chan0", target, source, 65_536);
        long doorbellPs = m.machine.nowPs();
        m.advance(10 * US);
        m.control("dma0chan0", DmaCommand.Control.SUSPEND);
        assertThat(m.channel("dma0chan0").status())
                .as("still within a descriptor")
                .isEqualTo("ACTIVE");
        m.advance(3 * US);
        assertThat(m.channel("dma0chan0").status()).isEqualTo("SUSPENDED");
        assertThat(copiedPages())
                .as("(10 us - 272 ns) / 2340 ns, and the one under way")
                .isEqualTo(5);
        m.advance(1000 * US);
        assertThat(copiedPages()).isEqualTo(5);
        assertThat(m.refused(copyOne())).isEqualTo("CONFLICT channel-suspended");
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_IN_PROGRESS");
        assertThat(m.complete("dma0chan0", 1).status()).isEqualTo("DMA_IN_PROGRESS");

        m.control("dma0chan0", DmaCommand.Control.RESUME);
        long resumedPs = m.machine.nowPs();
        assertThat(m.untilDone("dma0chan0", 1)).isEqualTo(resumedPs + (16 - 5) * PAGE_NS * 1000L);
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
        assertThat(doorbellPs).isLessThan(resumedPs);
    }

    @Test
    void anIdleChannelSuspendsAtOnceAndAppendsWaitForResume() {
        m.control("dma0chan0", DmaCommand.Control.SUSPEND);
        assertThat(m.channel("dma0chan0").status()).isEqualTo("SUSPENDED");
        m.write("chan0.CHANCMD", 0x02);
        m.settle();
        assertThat(m.channel("dma0chan0").status()).isEqualTo("SUSPENDED");
        m.control("dma0chan0", DmaCommand.Control.RESUME);
        m.settle();
        assertThat(m.channel("dma0chan0").status()).isEqualTo("IDLE");
        m.untilDone("dma0chan0", m.copy("dma0chan0", target, source, 65_536));
    }

    @Test
    void suspendAndResumeWithinOneDescriptorChangeNothing() {
        m.copy("dma0chan0", target, source, 4096);
        long doorbellPs = m.machine.nowPs();
        m.control("dma0chan0", DmaCommand.Control.SUSPEND);
        m.control("dma0chan0", DmaCommand.Control.RESUME);
        assertThat(m.untilDone("dma0chan0", 1)).isEqualTo(doorbellPs + (272 + PAGE_NS) * 1000L);
    }

    @Test
    void abortStopsAtOnceAndReadsAsAnError() {
        m.copy("dma0chan0", target, source, 65_536);
        m.advance(10 * US);
        m.control("dma0chan0", DmaCommand.Control.ABORT);
        assertThat(m.channel("dma0chan0").status()).isEqualTo("HALTED");
        assertThat(m.channel("dma0chan0").error()).isEmpty();
        assertThat(m.physical(m.register("chan0.CHANCMP")) & 7).isEqualTo(3);
        m.settle();
        assertThat(copiedPages()).isEqualTo(4);
        assertThat(m.peek("dma0chan0", 1)).isEqualTo("DMA_ERROR");
        assertThat(m.refused(copyOne())).isEqualTo("CONFLICT channel-halted");
    }

    @Test
    void abortWakesWhoSleepsForACopy() {
        m.copy("dma0chan0", target, source, 65_536);
        Call<DmaViews.Cookie> wait = m.start(new DmaCommand.WaitForCookie("dma0chan0", 1, 1000 * US, 0));
        m.advance(10 * US);
        m.control("dma0chan0", DmaCommand.Control.ABORT);
        DmaViews.Cookie answer = m.finish(wait);
        assertThat(answer.status()).isEqualTo("DMA_ERROR");
        assertThat(answer.waitedNs()).isBetween(10_000L, 20_000L);
    }

    @Test
    void resetDropsWhatIsQueuedAndStartsTheChannelAnew() {
        m.copy("dma0chan0", target, source, 65_536);
        m.copy("dma0chan0", target, source, 65_536);
        Call<DmaViews.Cookie> wait = m.start(new DmaCommand.WaitForCookie("dma0chan0", 2, 1000 * US, 1));
        m.advance(10 * US);
        m.control("dma0chan0", DmaCommand.Control.RESET);
        Refusal refusal = m.whyFailed(wait);
        assertThat(refusal.type()).isEqualTo("copy-dropped");
        m.settle();
        assertThat(copiedPages())
                .as("10 us after the second copy's 5.3 us of writing descriptors")
                .isEqualTo(6);
        assertThat(m.channel("dma0chan0").status()).isEqualTo("IDLE");
        assertThat(m.channel("dma0chan0").queuedDescriptors())
                .as("the empty first one")
                .isEqualTo(1);
        assertThat(m.channel("dma0chan0").allocatedDescriptors()).isEqualTo(128);
        assertThat(m.copy("dma0chan0", target, source, 65_536))
                .as("cookies go on")
                .isEqualTo(3);
        m.untilDone("dma0chan0", 3);
        assertThat(m.bytes(target)).isEqualTo(m.bytes(source));
    }

    /** The completion word of a copy that was dropped must not speak for one that takes its descriptor later. */
    @Test
    void resetAtAnyInstantLeavesNoCompletionBehind() {
        for (int ns = 0; ns < 6000; ns += 37) {
            TestMachine fresh = TestMachine.standard();
            fresh.client("net", 1);
            String from = fresh.buffer(8192);
            String to = fresh.emptyBuffer(8192);
            fresh.copy("dma0chan0", to, from, 4096);
            fresh.copy("dma0chan0", to, from, 4096);
            fresh.advance(ns * 1000L);
            fresh.control("dma0chan0", DmaCommand.Control.RESET);
            int cookie = fresh.copy("dma0chan0", to, from, 8192);
            assertThat(fresh.peek("dma0chan0", cookie)).as(ns + " ns").isEqualTo("DMA_IN_PROGRESS");
            fresh.untilDone("dma0chan0", cookie);
            assertThat(fresh.bytes(to)).isEqualTo(fresh.bytes(from));
        }
    }

    @Test
    void aResetWhileACopyIsBeingWrittenDropsItAndLosesNoDescriptor() {
        Call<DmaViews.Submitted> submit = m.start(new DmaCommand.SubmitCopies(
                "dma0chan0",
                null,
                List.of(new DmaCommand.Copy(TestMachine.inBuffer(target, 0), TestMachine.inBuffer(source, 0), 65_536)),
                false,
                0));
        m.advance(2 * US);
        m.run(new DmaCommand.ControlChannel("dma0chan0", DmaCommand.Control.RESET, 1));
        assertThat(m.whyFailed(submit).type()).isEqualTo("copy-dropped");
        for (int i = 0; i < 20; i++) {
            int cookie = m.copy("dma0chan0", target, source, 65_536);
            m.untilDone("dma0chan0", cookie);
            m.complete("dma0chan0", cookie);
        }
        assertThat(m.channel("dma0chan0").allocatedDescriptors()).isEqualTo(128);
    }

    @Test
    void lookingAtRegistersChangesNothing() {
        String before = m.machine.digest();
        Map<String, Object> control = m.machine.dma().registers().getFirst().registers().stream()
                .filter(register -> register.name().equals("chan3.CHANCTRL"))
                .findFirst()
                .orElseThrow()
                .decoded();
        assertThat(control).containsEntry("inUse", false);
        assertThat(m.register("chan3.CHANCTRL")).isZero();
        assertThat(m.machine.digest()).isEqualTo(before);
    }

    @Test
    void aDriversReadOfChannelControlTakesTheChannel() {
        assertThat(m.read("chan3.CHANCTRL")).as("the value before").isZero();
        assertThat(m.register("chan3.CHANCTRL")).isEqualTo(0x100);
        assertThat(m.client("other", 4).channels())
                .as("dma0chan3 looks busy to the driver")
                .containsExactly("dma0chan1", "dma0chan2");
        m.write("chan3.CHANCTRL", 0);
        assertThat(m.run(new DmaCommand.RequestChannels("other", 4, 0)).channels())
                .containsExactly("dma0chan1", "dma0chan2", "dma0chan3");
        assertThat(m.register("chan3.CHANCTRL"))
                .as("in use, errors interrupt, abort, and write the completion word")
                .isEqualTo(0x11c);
    }

    @Test
    void aDriversReadOfAttentionClearsIt() {
        m.write("INTRCTRL", 0);
        m.write("chan0.CHANCMD", 0x40);
        m.settle();
        assertThat(m.register("ATTNSTATUS")).isEqualTo(1);
        assertThat(m.register("INTRCTRL"))
                .as("status without the interrupt that is off")
                .isEqualTo(0x2);
        assertThat(m.read("ATTNSTATUS")).isEqualTo(1);
        assertThat(m.register("ATTNSTATUS")).isZero();
        assertThat(m.register("INTRCTRL")).isZero();
    }

    @Test
    void attentionThatWaitsInterruptsWhenThatIsEnabled() {
        m.copy("dma0chan0", target, source, 4096);
        m.write("INTRCTRL", 0);
        Call<DmaViews.Cookie> wait = m.start(new DmaCommand.WaitForCookie("dma0chan0", 1, 1000 * US, 0));
        m.advance(100 * US);
        assertThat(wait.isDone()).isFalse();
        m.run(new DmaCommand.WriteRegister("INTRCTRL", 1, 1));
        m.advance(10 * US);
        assertThat(wait.isDone()).isTrue();
        assertThat(wait.result().status()).isEqualTo("DMA_SUCCESS");
    }

    @Test
    void theEnginesRegistersTellWhatItIs() {
        assertThat(m.register("CHANCNT")).isEqualTo(4);
        assertThat(m.register("XFERCAP")).isEqualTo(12);
        assertThat(m.register("CBVER")).isEqualTo(0x12);
        assertThat(m.register("INTRCTRL")).isEqualTo(1);
        assertThat(m.register("chan0.DMA_COMP")).isEqualTo(1);
        m.run(new PciCommand.AddEngine(2, 0));
        assertThat(m.register("0000:00:09.0/CHANCNT")).isEqualTo(2);
        assertThat(m.register("0000:00:09.0/chan1.DMA_COMP")).isEqualTo(1);
    }

    @Test
    void accessesThatCantBeAreRefused() {
        assertThat(m.refused(new DmaCommand.ReadRegister("chan4.CHANCTRL", 0))).isEqualTo("UNKNOWN unknown-register");
        assertThat(m.refused(new DmaCommand.WriteRegister("NONSENSE", 0, 0))).isEqualTo("UNKNOWN unknown-register");
        assertThat(m.refused(new DmaCommand.WriteRegister("CHANCNT", 8, 0))).isEqualTo("CONFLICT read-only-register");
        assertThat(m.refused(new DmaCommand.WriteRegister("chan0.CHANCMD", 0x100, 0)))
                .isEqualTo("MEANINGLESS value-too-wide");
        assertThat(m.refused(new DmaCommand.WriteRegister("chan0.CHANERR", -1, 0)))
                .isEqualTo("MEANINGLESS value-too-wide");
    }

    private DmaCommand.SubmitCopies copyOne() {
        return new DmaCommand.SubmitCopies(
                "dma0chan0",
                null,
                List.of(new DmaCommand.Copy(TestMachine.inBuffer(target, 0), TestMachine.inBuffer(source, 0), 1)),
                false,
                0);
    }

    /** How many pages of the target, from its start, hold what they should. */
    private int copiedPages() {
        byte[] bytes = m.bytes(target);
        int pages = 0;
        while (pages < 16 && bytes[pages * 4096 + 1] == 1 && bytes[pages * 4096 + 4095] == (byte) 0xff) {
            pages++;
        }
        return pages;
    }
}
