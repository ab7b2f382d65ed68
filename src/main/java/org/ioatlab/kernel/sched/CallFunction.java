package org.ioatlab.kernel.sched;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The way of {@code smp_call_function()}: one call in the whole machine at a time, to all other processors, with a caller that spins. */
final class CallFunction implements InterruptLine.Action {
    private final EventLoop loop;
    private final List<InterruptLine> lines = new ArrayList<>();
    private final List<Task> lockWaiters = new ArrayList<>();
    private final Step step = new Step();
    private final long sendCycles;
    private final long receiveCycles;
    private final long latencyPs;
    private @Nullable FunctionCall call;
    private @Nullable Task caller;
    private boolean arrived;
    private long latestPs;

    /** The interrupts reach the other processors; later, the last of them has answered. */
    private final class Step extends Event {
        @Override
        protected void fire() {
            if (arrived) {
                end();
            } else {
                arrive();
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("smp_call_function");
            hash.put(arrived);
        }
    }

    CallFunction(Processors processors, Platform platform) {
        loop = processors.loop();
        sendCycles = platform.get(Parameter.CROSS_CALL_SEND_CYCLES);
        receiveCycles = platform.get(Parameter.CROSS_CALL_RECEIVE_CYCLES);
        latencyPs = platform.get(Parameter.CROSS_CALL_LATENCY_NS) * Picoseconds.PER_NANOSECOND;
        for (int cpu = 0; cpu < processors.count(); cpu++) {
            lines.add(new InterruptLine(-1, "CAL", processors.get(cpu), processors.count(), 0, this));
        }
    }

    int send(FunctionCall wanted, boolean wait, Processor on) {
        Task task = on.current();
        if (on.isInInterrupt() || task == null || task.state() != Task.State.RUNNING) {
            return -CrossCall.EDEADLK;
        }
        if (call != null) {
            lockWaiters.add(task);
            return -CrossCall.EBUSY;
        }
        on.spend(Symbol.SMP_CALL_FUNCTION, sendCycles);
        wanted.started = 0;
        wanted.finished = 0;
        if (lines.size() > 1) {
            wanted.underWay = true;
            wanted.waitsForEnd = wait;
            call = wanted;
            caller = task;
            arrived = false;
            latestPs = 0;
            loop.schedule(step, on.nowPs() + latencyPs);
        }
        return 0;
    }

    long interrupts(int cpu) {
        return lines.get(cpu).count(cpu);
    }

    void hashInto(StateHash hash) {
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).hashInto(hash);
        }
        FunctionCall now = call;
        if (now != null) {
            hash.put(now.started);
            hash.put(now.finished);
        }
        hash.put(latestPs);
        hash.put(lockWaiters.size());
    }

    @Override
    public void handle(Processor on) {
        on.spend(Symbol.SMP_CALL_FUNCTION_INTERRUPT, receiveCycles);
        FunctionCall now = call;
        if (now == null) {
            return;
        }
        now.started++;
        answer(!now.waitsForEnd, now.started, on);
        now.func.call(now.info, on);
        now.finished++;
        answer(now.waitsForEnd, now.finished, on);
    }

    /** The last answer that the caller waits for lets it go on at the latest instant of all of them. */
    private void answer(boolean awaited, int count, Processor on) {
        if (awaited) {
            latestPs = Math.max(latestPs, on.nowPs());
            if (count == lines.size() - 1) {
                loop.schedule(step, latestPs);
            }
        }
    }

    private void arrive() {
        arrived = true;
        for (int cpu = 0; cpu < lines.size(); cpu++) {
            if (caller != null && caller.processor().cpu().id() != cpu) {
                lines.get(cpu).deliver();
            }
        }
    }

    private void end() {
        if (call != null && caller != null) {
            call.underWay = false;
            caller.wake();
        }
        call = null;
        caller = null;
        for (int i = 0; i < lockWaiters.size(); i++) {
            lockWaiters.get(i).wake();
        }
        lockWaiters.clear();
    }
}
