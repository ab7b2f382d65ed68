package org.ioatlab.kernel.sched;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Running a function on other processors: {@code smp_call_async_mask()} of the OLS 2005 paper, section 3, and {@code smp_call_function()},
 * which it was written to replace. Unlike that one it may be called from interrupt context, doesn't wait, and reaches only the
 * processors named.
 */
public final class CrossCall implements InterruptLine.Action {
    /** Answered for a call that some processor has yet to run. */
    public static final int EBUSY = 16;

    /** Answered where waiting for other processors could last for ever. */
    public static final int EDEADLK = 35;

    private final EventLoop loop;
    private final CallFunction callFunction;
    private final List<InterruptLine> lines = new ArrayList<>();
    private final long[] received;
    private final long sendCycles;
    private final long receiveCycles;
    private final long latencyPs;
    private @Nullable CallAsyncData first;
    private @Nullable CallAsyncData last;

    /** One for the machine. */
    public CrossCall(Processors processors, Platform platform) {
        loop = processors.loop();
        callFunction = new CallFunction(processors, platform);
        received = new long[processors.count()];
        sendCycles = platform.get(Parameter.CROSS_CALL_SEND_CYCLES);
        receiveCycles = platform.get(Parameter.CROSS_CALL_RECEIVE_CYCLES);
        latencyPs = platform.get(Parameter.CROSS_CALL_LATENCY_NS) * Picoseconds.PER_NANOSECOND;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            lines.add(new InterruptLine(-1, "CAL", processors.get(cpu), processors.count(), 0, this));
        }
    }

    /**
     * Sends inter-processor interrupts to the processors of {@code cpumask}, each of which then runs the call's function. Returns before they
     * do; one write reaches all of them.
     *
     * @param cpumask bit n for processor n of the first {@link Long#SIZE}
     * @throws IllegalArgumentException if the mask names a processor that doesn't exist, or none
     * @return 0, or -{@link #EBUSY} while an earlier use of {@code data} isn't over
     */
    public int smpCallAsyncMask(CallAsyncData data, long cpumask, Processor on) {
        if (cpumask == 0 || Long.SIZE - Long.numberOfLeadingZeros(cpumask) > lines.size()) {
            throw new IllegalArgumentException("no such processors: 0x" + Long.toHexString(cpumask));
        }
        if (data.count != 0) {
            return -EBUSY;
        }
        data.cpumask = cpumask;
        data.count = Long.bitCount(cpumask);
        data.arrival.of(this);
        on.spend(Symbol.SMP_CALL_ASYNC_MASK, sendCycles);
        loop.schedule(data.arrival, on.cpu().cursorPs() + latencyPs);
        return 0;
    }

    /**
     * Interrupts all other processors, each of which runs the call's function. The task that calls has to spin until the call {@link
     * FunctionCall#isOver}, and is woken then.
     *
     * @param wait whether until all have done it, or only until all have begun
     * @return 0; -{@link #EDEADLK} outside of a task's slice, as in interrupts; -{@link #EBUSY} while another call is under way: the
     *     task has to spin and, when woken, to try again
     */
    public int smpCallFunction(FunctionCall call, boolean wait, Processor on) {
        return callFunction.send(call, wait, on);
    }

    /** How many calls' functions processor {@code cpu} has run. */
    public long received(int cpu) {
        return received[cpu];
    }

    /** How many inter-processor interrupts processor {@code cpu} has taken: the CAL row of {@code /proc/interrupts}. */
    public long interrupts(int cpu) {
        return lines.get(cpu).count(cpu) + callFunction.interrupts(cpu);
    }

    /** Feeds the calls under way. */
    public void hashInto(StateHash hash) {
        for (CallAsyncData data = first; data != null; data = data.node) {
            hash.put(data.cpumask);
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).hashInto(hash);
        }
        callFunction.hashInto(hash);
    }

    @Override
    public void handle(Processor on) {
        on.spend(Symbol.SMP_CALL_ASYNC_INTERRUPT, receiveCycles);
        long bit = 1L << on.cpu().id();
        CallAsyncData before = null;
        CallAsyncData data = first;
        while (data != null) {
            CallAsyncData next = data.node;
            if ((data.cpumask & bit) == 0 || !run(data, before, bit, on)) {
                before = data;
            }
            data = next;
        }
    }

    void arrive(CallAsyncData data) {
        data.node = null;
        if (last == null) {
            first = data;
        } else {
            last.node = data;
        }
        last = data;
        for (long mask = data.cpumask; mask != 0; mask &= mask - 1) {
            InterruptLine line = lines.get(Long.numberOfTrailingZeros(mask));
            if (!line.pending) {
                line.deliver();
            }
        }
    }

    /** Runs the function; whether that was the last processor's turn, so that the call may be used again. */
    private boolean run(CallAsyncData data, @Nullable CallAsyncData before, long bit, Processor on) {
        data.cpumask &= ~bit;
        data.count--;
        boolean over = data.count == 0;
        if (over) {
            unlink(data, before);
        }
        received[on.cpu().id()]++;
        data.func.call(data.info, on);
        return over;
    }

    private void unlink(CallAsyncData data, @Nullable CallAsyncData before) {
        if (before == null) {
            first = data.node;
        } else {
            before.node = data.node;
        }
        if (last == data) {
            last = before;
        }
    }
}
