package org.ioatlab.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.cpu.Cpu;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Observation;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.ioatlab.time.StateHash;
import org.junit.jupiter.api.Test;

/**
 * smp_call_function() and what section 3 of the OLS 2005 paper holds against it, beside smp_call_async_mask(). A cycle takes a nanosecond;
 * sending costs 10, receiving 5 and 20, the way 300 ns, and the function 1000.
 */
class CallFunctionTest {
    private static final long NS = 1000;

    private final EventLoop loop = new EventLoop();
    private final List<String> log = new ArrayList<>();
    private Observation observation = new Observation(4);
    private Processors processors = new Processors(loop, cpus(4), platform());
    private CrossCall calls = new CrossCall(processors, platform());
    private final CallAsyncData.Function function = (info, on) -> {
        log.add(on.cpu().id() + "@" + on.nowPs() / NS);
        on.spend(Symbol.MEMCPY, 1000);
    };

    private List<Cpu> cpus(int count) {
        observation = new Observation(count);
        return new CpuTopology(count, 1, 1).assemble(new Frequency(1000), 100, observation);
    }

    private static Platform platform() {
        return Platform.load("xeon-e7520")
                .with(FreeTicks.COSTS)
                .with(Map.of(
                        "crossCallSendCycles", 10L,
                        "crossCallReceiveCycles", 20L,
                        "crossCallLatencyNs", 300L,
                        "interruptEntryCycles", 5L,
                        "softirqEntryCycles", 0L,
                        "contextSwitchCycles", 0L));
    }

    /** Calls once and notes when it may go on. */
    private final class Caller extends Task {
        private final FunctionCall call = new FunctionCall(function, "");
        private final boolean wait;
        private boolean called;

        Caller(int cpu, boolean wait) {
            super("caller" + cpu, processors.get(cpu));
            this.wait = wait;
            setAffinity(CpuMask.of(cpu));
        }

        @Override
        protected Next resume() {
            if (!called) {
                int answer = calls.smpCallFunction(call, wait, processor());
                called = answer == 0;
                if (answer != 0 || !call.isOver()) {
                    return Next.SPIN;
                }
            }
            if (!call.isOver()) {
                return Next.SPIN;
            }
            log.add(name() + " on@" + processor().nowPs() / NS);
            return Next.EXIT;
        }

        @Override
        protected Symbol spinSymbol() {
            return Symbol.SMP_CALL_FUNCTION;
        }
    }

    private void settle() {
        loop.run(EventLoop.HORIZON_PS, 10_000, true);
        loop.run(loop.nowPs() + 10_000 * NS, 10_000, false);
    }

    private long cycles(int cpu, Symbol symbol) {
        return observation.profile().cycles(cpu, symbol);
    }

    @Test
    void theCallerSpinsUntilAllOthersHaveBegun() {
        new Caller(0, false).wake();
        settle();
        assertThat(log).containsExactly("1@335", "2@335", "3@335", "caller0 on@335");
        assertThat(cycles(0, Symbol.SMP_CALL_FUNCTION)).isEqualTo(335);
        assertThat(cycles(1, Symbol.SMP_CALL_FUNCTION_INTERRUPT)).isEqualTo(20);
    }

    @Test
    void orUntilAllHaveDoneIt() {
        new Caller(0, true).wake();
        settle();
        assertThat(log).endsWith("caller0 on@1335");
        assertThat(cycles(0, Symbol.SMP_CALL_FUNCTION)).isEqualTo(1335);
    }

    @Test
    void theSlowestOfAllDecides() {
        processors.onSoftirq(Softirq.TASKLET, on -> {
            on.spend(Symbol.MEMSET, 5_000);
            return false;
        });
        processors.get(2).raise(Softirq.TASKLET);
        new Caller(0, false).wake();
        settle();
        assertThat(log).containsExactly("1@335", "3@335", "2@5025", "caller0 on@5025");
        assertThat(cycles(0, Symbol.SMP_CALL_FUNCTION)).isEqualTo(5025);
    }

    @Test
    void itIsRefusedInInterrupts() {
        FunctionCall call = new FunctionCall(function, "");
        int[] answers = new int[2];
        processors
                .requestInterrupt("nic", 1, on -> answers[0] = calls.smpCallFunction(call, false, on))
                .interrupt(0);
        processors.onSoftirq(Softirq.TASKLET, on -> {
            answers[1] = calls.smpCallFunction(call, false, on);
            return false;
        });
        processors.get(1).raise(Softirq.TASKLET);
        settle();
        assertThat(answers).containsExactly(-CrossCall.EDEADLK, -CrossCall.EDEADLK);
        assertThat(call.isOver()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    void oneCallIsUnderWayAtATimeAndTheNextCallerSpinsForIt() {
        new Caller(0, true).wake();
        new Caller(1, true).wake();
        settle();
        // Processor 1 spins for the lock, runs the first call's function like the others, and then calls itself.
        assertThat(log)
                .containsExactly(
                        "1@335", "2@335", "3@335", "caller0 on@1335", "0@1670", "2@1670", "3@1670", "caller1 on@2670");
    }

    @Test
    void aloneThereIsNobodyToCall() {
        processors = new Processors(loop, cpus(1), platform());
        calls = new CrossCall(processors, platform());
        new Caller(0, true).wake();
        settle();
        assertThat(log).containsExactly("caller0 on@10");
    }

    @Test
    void aCallUnderWayIsPartOfTheState() {
        List<String> digests = new ArrayList<>();
        digests.add(digest());
        new Caller(0, true).wake();
        for (int i = 0; i < 4; i++) {
            loop.run(EventLoop.HORIZON_PS, 1, true);
            digests.add(digest());
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    /** The paper's three points: who may call, who waits, who is disturbed. */
    @Test
    void bothCallsSideBySide() {
        CallAsyncData data = new CallAsyncData(function, "");
        processors
                .requestInterrupt("nic", 0, on -> calls.smpCallAsyncMask(data, 0b0010, on))
                .interrupt(0);
        settle();
        assertThat(processors.get(0).busyCycles()).as("interrupt and one write").isEqualTo(5 + 10);
        assertThat(processors.get(1).busyCycles()).isEqualTo(5 + 20 + 1000);
        assertThat(processors.get(2).busyCycles()).isZero();

        long before = processors.get(0).busyCycles();
        new Caller(0, false).wake();
        settle();
        assertThat(processors.get(0).busyCycles() - before).isEqualTo(10 + 300 + 5 + 20);
        assertThat(processors.get(2).busyCycles()).as("not asked for").isEqualTo(5 + 20 + 1000);
        assertThat(calls.interrupts(1)).isEqualTo(2);
        assertThat(calls.interrupts(3)).isEqualTo(1);
    }

    private String digest() {
        StateHash hash = new StateHash();
        loop.hashInto(hash);
        processors.hashInto(hash);
        calls.hashInto(hash);
        return hash.hex();
    }
}
