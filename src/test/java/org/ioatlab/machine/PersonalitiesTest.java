package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.machine.TestMachine.inBuffer;

import java.util.Collections;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.dmaengine.Personality;
import org.junit.jupiter.api.Test;

/** What the paper's kernel and those that were released do differently: telling the engine, waiting, first cookies. */
class PersonalitiesTest {
    private static final long US = 1_000_000;
    private static final long SECOND = 1_000_000_000_000L;

    private TestMachine m = TestMachine.standard();

    @Test
    void thePapersKernelTellsTheEngineOfEveryCopy() {
        begin(Personality.OLS2005);
        submit(1);
        assertThat(m.channel("dma0chan0").pendingDescriptors()).isZero();
        m.untilDone("dma0chan0", 1);
        assertThat(m.channel("dma0chan0").allocatedDescriptors()).isEqualTo(128);
    }

    @Test
    void linux2618TellsTheEngineOfTwentyDescriptors() {
        thresholdOf(Personality.LINUX_2_6_18, 20, 128, 1);
    }

    @Test
    void linux2624TellsTheEngineOfFourDescriptors() {
        thresholdOf(Personality.LINUX_2_6_24, 4, 256, 1);
    }

    @Test
    void linux312TellsTheEngineOfFourDescriptorsAndBeginsWithCookieTwo() {
        thresholdOf(Personality.LINUX_3_12, 4, 256, 2);
    }

    private void thresholdOf(Personality personality, int threshold, int descriptors, int firstCookie) {
        begin(personality);
        assertThat(m.channel("dma0chan0").allocatedDescriptors()).isEqualTo(descriptors);
        assertThat(submit(threshold - 1)).isEqualTo(firstCookie + threshold - 2);
        m.settle();
        assertThat(m.channel("dma0chan0").pendingDescriptors()).isEqualTo(threshold - 1);
        assertThat(m.peek("dma0chan0", firstCookie)).isEqualTo("DMA_IN_PROGRESS");
        assertThat(submit(1)).isEqualTo(firstCookie + threshold - 1);
        assertThat(m.channel("dma0chan0").pendingDescriptors()).isZero();
        m.untilDone("dma0chan0", firstCookie + threshold - 1);

        int cookie = submit(1);
        m.settle();
        assertThat(m.peek("dma0chan0", cookie)).isEqualTo("DMA_IN_PROGRESS");
        DmaViews.Channel issued = m.run(new DmaCommand.IssuePending("dma0chan0", 0));
        assertThat(issued.pendingDescriptors()).isZero();
        m.untilDone("dma0chan0", cookie);
    }

    /** A copy of more descriptors than the threshold tells the engine by itself. */
    @Test
    void aLongCopyPassesTheThresholdAlone() {
        begin(Personality.LINUX_2_6_18);
        String source = m.buffer(81_920);
        m.untilDone("dma0chan0", m.copy("dma0chan0", m.emptyBuffer(81_920), source, 81_920));
    }

    /** 10 000 bytes: the doorbell at 0, done at 6148 ns, and the descriptor that interrupts is read by 6420 ns. */
    @Test
    void thePapersWaitSleepsUntilTheEngineInterrupts() {
        m = TestMachine.withFreeTicks(Presets.IOAT.spec());
        m.client("net", 1);
        m.settle();
        m.advance(US);
        String source = m.buffer(10_000);
        int cookie = m.copy("dma0chan0", m.emptyBuffer(10_000), source, 10_000);
        long doorbellPs = m.machine.nowPs();
        long busy = busy();
        DmaViews.Cookie answer = m.waitFor("dma0chan0", cookie);
        assertThat(answer.status()).isEqualTo("DMA_SUCCESS");
        assertThat(answer.timedOut()).isFalse();

        long before = 60 + 60 + 300;
        long handler = 150 + 2 * 3400 + 300 + 60 + 400 + 3 * 80 + 700;
        long after = 60;
        long awayAndBack = 500;
        assertThat(busy() - busy)
                .as("asleep in between")
                .isEqualTo(before + awayAndBack + handler + awayAndBack + after);
        assertThat(answer.cycles()).isEqualTo(before + after);
        long interruptPs = doorbellPs + (6148 + 272 + 500) * 1000L;
        assertThat(m.machine.nowPs()).isEqualTo(cycles(interruptPs, handler + awayAndBack + after));
        assertThat(answer.waitedNs()).isEqualTo((m.machine.nowPs() - doorbellPs) / 1000);
        assertThat(answer.lastCompletedCookie()).as("the handler cleaned up").isEqualTo(1);
        assertThat(m.channel("dma0chan0").queuedDescriptors())
                .as("the last one done and the one that interrupted")
                .isEqualTo(2);
    }

    @Test
    void releasedKernelsSpin() {
        begin(Personality.LINUX_3_12);
        String source = m.buffer(16_384);
        int cookie = m.copy("dma0chan0", m.emptyBuffer(16_384), source, 16_384);
        long doorbellPs = m.machine.nowPs();
        long busy = busy();
        DmaViews.Cookie answer = m.waitFor("dma0chan0", cookie);
        assertThat(answer.status()).isEqualTo("DMA_SUCCESS");
        long donePs = doorbellPs + (272 + 4 * 292 + 16_384 / 2) * 1000L;
        long look = 60 + 60 + 400 + 4 * 80;
        assertThat(m.machine.nowPs()).isEqualTo(cycles(donePs, look));
        assertThat(busy() - busy).as("busy all the time").isEqualTo(cyclesOf(m.machine.nowPs()) - cyclesOf(doorbellPs));
    }

    @Test
    void withoutInterruptsThePapersKernelSpinsToo() {
        m = TestMachine.withDma(dma -> new DmaSpec(true, 4, 4096, false, DmaSpec.Enumeration.BOOT, 0));
        m.client("net", 1);
        String source = m.buffer(4096);
        int cookie = m.copy("dma0chan0", m.emptyBuffer(4096), source, 4096);
        long doorbellPs = m.machine.nowPs();
        long busy = busy();
        m.waitFor("dma0chan0", cookie);
        assertThat(busy() - busy).isEqualTo(cyclesOf(m.machine.nowPs()) - cyclesOf(doorbellPs));
    }

    private static long cost(Parameter parameter) {
        return Platform.load(Presets.IOAT.spec().platform()).get(parameter);
    }

    @Test
    void aWaitOnASuspendedChannelEndsAtItsTimeout() {
        for (Personality personality : Personality.values()) {
            begin(personality);
            String source = m.buffer(4096);
            int cookie = m.copy("dma0chan0", m.emptyBuffer(4096), source, 4096);
            m.write("chan0.CHANCMD", 0x04);
            m.advance(10 * US);
            long calledPs = m.machine.nowPs();
            long timeoutPs = 123_456_789_012L;
            boolean sleeps = personality == Personality.OLS2005;
            long wayBack = cost(Parameter.SCHEDULE_CYCLES)
                    + cost(Parameter.SCHED_CLOCK_CYCLES)
                    + cost(Parameter.SPIN_LOCK_IRQ_CYCLES)
                    + cost(Parameter.RECALC_TASK_PRIO_CYCLES)
                    + cost(Parameter.CONTEXT_SWITCH_CYCLES)
                    + cost(Parameter.FINISH_TASK_SWITCH_CYCLES);
            DmaViews.Cookie answer = m.run(new DmaCommand.WaitForCookie("dma0chan0", cookie, timeoutPs, 0));
            assertThat(answer.status()).isEqualTo("DMA_IN_PROGRESS");
            assertThat(answer.timedOut()).isTrue();
            assertThat(m.machine.nowPs())
                    .as("the timeout, the way back from the idle thread unless it spins, and one last look")
                    .isEqualTo(cycles(calledPs + timeoutPs, (sleeps ? wayBack : 0) + 60 + 60));
        }
    }

    @Test
    void aWaitWithoutTimeLooksOnce() {
        begin(Personality.OLS2005);
        String source = m.buffer(4096);
        int cookie = m.copy("dma0chan0", m.emptyBuffer(4096), source, 4096);
        long calledPs = m.machine.nowPs();
        DmaViews.Cookie answer = m.run(new DmaCommand.WaitForCookie("dma0chan0", cookie, 0, 0));
        assertThat(answer.timedOut()).isTrue();
        assertThat(m.machine.nowPs()).isEqualTo(cycles(calledPs, 120));
        assertThat(m.refused(new DmaCommand.WaitForCookie("dma0chan0", cookie, -1, 0)))
                .isEqualTo("MALFORMED invalid-value");
        m.untilDone("dma0chan0", cookie);
        assertThat(m.run(new DmaCommand.WaitForCookie("dma0chan0", cookie, Long.MAX_VALUE, 0))
                        .status())
                .isEqualTo("DMA_SUCCESS");
    }

    @Test
    void twoWaitersEachReturnWhenTheirOwnCopyIsDone() {
        for (Personality personality : Personality.values()) {
            begin(personality);
            String source = m.buffer(65_536);
            int first = m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
            int second = m.copy("dma0chan0", m.emptyBuffer(65_536), source, 65_536);
            Call<DmaViews.Cookie> early = m.start(new DmaCommand.WaitForCookie("dma0chan0", first, SECOND, 0));
            Call<DmaViews.Cookie> late = m.start(new DmaCommand.WaitForCookie("dma0chan0", second, SECOND, 1));
            assertThat(m.finish(early).status()).isEqualTo("DMA_SUCCESS");
            assertThat(m.finish(late).status()).isEqualTo("DMA_SUCCESS");
            assertThat(late.result().timedOut()).isFalse();
            assertThat(late.result().nowNs())
                    .isLessThan(200_000 + early.result().nowNs());
        }
    }

    /** Being woken by the other's copy must not make a waiter forget its time. */
    @Test
    void aWaiterWokenForAnotherStillEndsAtItsTimeout() {
        for (Personality personality : Personality.values()) {
            begin(personality);
            String source = m.buffer(65_536);
            String target = m.emptyBuffer(65_536);
            int first = m.copy("dma0chan0", target, source, 65_536);
            Call<DmaViews.Cookie> early = m.start(new DmaCommand.WaitForCookie("dma0chan0", first, SECOND, 0));
            m.advance(US);
            int second = m.copy("dma0chan0", target, source, 65_536);
            Call<DmaViews.Cookie> late = m.start(new DmaCommand.WaitForCookie("dma0chan0", second, 500 * US, 1));
            assertThat(m.finish(early).status()).isEqualTo("DMA_SUCCESS");
            assertThat(late.isDone()).isFalse();
            m.run(new DmaCommand.ControlChannel("dma0chan0", DmaCommand.Control.SUSPEND, 2));
            DmaViews.Cookie answer = m.finish(late);
            assertThat(answer.timedOut()).isTrue();
            assertThat(answer.waitedNs()).isBetween(500_000L, 503_000L);
        }
    }

    private void begin(Personality personality) {
        m = TestMachine.withPersonality(personality);
        m.client("net", 1);
        m.settle();
        m.advance(US);
    }

    /** Submits copies of 64 bytes; the last cookie. */
    private int submit(int copies) {
        String buffer = m.buffer(128);
        DmaCommand.Copy copy = new DmaCommand.Copy(inBuffer(buffer, 64), inBuffer(buffer, 0), 64);
        DmaViews.Submitted answer =
                m.run(new DmaCommand.SubmitCopies("dma0chan0", null, Collections.nCopies(copies, copy), false, 0));
        return answer.copies().getLast().cookie();
    }

    private long busy() {
        return m.machine.cpus().cpu(0).busyCycles();
    }

    private static long cyclesOf(long ps) {
        return (ps * 34 + 9999) / 10_000;
    }

    private static long cycles(long ps, long cycles) {
        return (cyclesOf(ps) + cycles) * 10_000 / 34;
    }
}
