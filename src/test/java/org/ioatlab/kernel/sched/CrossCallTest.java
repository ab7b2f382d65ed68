package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/** smp_call_async_mask() of the OLS 2005 paper, section 3. A cycle takes a nanosecond here. */
class CrossCallTest {
    private static final long NS = 1000;

    private final EventLoop loop = new EventLoop();
    private final Observation observation = new Observation(4);
    private final Processors processors;
    private final CrossCall calls;
    private final List<String> log = new ArrayList<>();
    private final CallAsyncData data = new CallAsyncData(
            (info, on) -> log.add(info + " on " + on.cpu().id() + " at " + loop.nowPs() / NS), "hello");

    CrossCallTest() {
        Platform platform = Platform.load("xeon-e7520")
                .with(Map.of(
                        "crossCallSendCycles", 10L,
                        "crossCallReceiveCycles", 20L,
                        "crossCallLatencyNs", 300L,
                        "interruptEntryCycles", 5L))
                .with(FreeTicks.COSTS);
        processors = new Processors(
                loop, new CpuTopology(4, 1, 1).assemble(new Frequency(1000), 100, observation), platform);
        calls = new CrossCall(processors, platform);
    }

    private Processor begin(int cpu) {
        processors.get(cpu).cpu().begin(loop.nowPs());
        return processors.get(cpu);
    }

    private void settle() {
        loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
    }

    @Test
    void itReturnsBeforeTheFunctionRuns() {
        int answer = calls.smpCallAsyncMask(data, 0b0110, begin(0));

        assertThat(answer).isZero();
        assertThat(log).isEmpty();
        assertThat(data.count()).isEqualTo(2);
        assertThat(data.cpumask()).isEqualTo(0b0110);
    }

    @Test
    void onlyTheProcessorsOfTheMaskRunIt() {
        calls.smpCallAsyncMask(data, 0b1010, begin(0));
        settle();

        // Sent after 10 cycles, 300 ns on the way.
        assertThat(log).containsExactly("hello on 1 at 310", "hello on 3 at 310");
        assertThat(data.count()).isZero();
        assertThat(data.cpumask()).isZero();
        assertThat(calls.interrupts(0) + calls.interrupts(2)).isZero();
        assertThat(calls.received(1)).isEqualTo(1);
    }

    @Test
    void itCostsTheSenderOneWriteAndEachReceiverAnInterrupt() {
        calls.smpCallAsyncMask(data, 0b1110, begin(0));
        settle();

        assertThat(observation.profile().cycles(0, Symbol.SMP_CALL_ASYNC_MASK)).isEqualTo(10);
        for (int cpu = 1; cpu < 4; cpu++) {
            assertThat(observation.profile().cycles(cpu, Symbol.SMP_CALL_ASYNC_INTERRUPT))
                    .isEqualTo(20);
            assertThat(observation.profile().cycles(cpu, Symbol.DO_IRQ)).isEqualTo(5);
        }
    }

    @Test
    void aCallUnderWayIsBusy() {
        calls.smpCallAsyncMask(data, 0b0110, begin(0));

        assertThat(calls.smpCallAsyncMask(data, 0b0010, begin(0))).isEqualTo(-CrossCall.EBUSY);
        settle();
        assertThat(calls.smpCallAsyncMask(data, 0b0010, begin(0))).isZero();
        settle();
        assertThat(log).hasSize(3);
    }

    @Test
    void itMayBeCalledFromInterruptContext() {
        InterruptLine line = processors.requestInterrupt("nic", 2, on -> calls.smpCallAsyncMask(data, 0b0001, on));
        line.interrupt(0);
        settle();

        // Delivery 500 ns, entry 5, sending 10, latency 300.
        assertThat(log).containsExactly("hello on 0 at 815");
    }

    @Test
    void theSenderMayBeInTheMask() {
        calls.smpCallAsyncMask(data, 0b0001, begin(0));
        settle();

        assertThat(log).containsExactly("hello on 0 at 310");
    }

    @Test
    void callsThatMeetAreTakenByOneInterrupt() {
        CallAsyncData second = new CallAsyncData((info, on) -> log.add("second"), "");
        processors.get(1).cpu().begin(0);
        processors.get(1).spend(Symbol.MEMCPY, 5000);
        calls.smpCallAsyncMask(data, 0b0010, begin(0));
        calls.smpCallAsyncMask(second, 0b0010, begin(0));
        settle();

        assertThat(log).containsExactly("hello on 1 at 5000", "second");
        assertThat(calls.interrupts(1)).isEqualTo(1);
        assertThat(calls.received(1)).isEqualTo(2);
    }

    @Test
    void theFunctionMayUseItsCallAgain() {
        List<CallAsyncData> self = new ArrayList<>();
        self.add(new CallAsyncData(
                (info, on) -> {
                    log.add("run " + log.size());
                    if (log.size() < 3) {
                        calls.smpCallAsyncMask(self.getFirst(), 1L << (log.size() + 1), on);
                    }
                },
                ""));
        calls.smpCallAsyncMask(self.getFirst(), 0b0010, begin(0));
        settle();

        assertThat(log).containsExactly("run 0", "run 1", "run 2");
        assertThat(calls.received(1)).isEqualTo(1);
        assertThat(calls.received(2)).isEqualTo(1);
        assertThat(calls.received(3)).isEqualTo(1);
    }

    @Test
    void callsUnderWayArePartOfTheState() {
        String before = digest();
        calls.smpCallAsyncMask(data, 0b0010, begin(0));
        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void aMaskOfNobodyOrOfStrangersIsRefused() {
        for (long mask : new long[] {0, 1L << 4, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> calls.smpCallAsyncMask(data, mask, begin(0)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(data.count()).isZero();
    }

    private String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        calls.hashInto(hash);
        return hash.hex();
    }
}
