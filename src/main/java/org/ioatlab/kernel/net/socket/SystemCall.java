package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A system call under way. A task resumes it slice by slice, each at most one packet's or one page's work, until it is done; the same object
 * then serves the next call.
 */
public abstract class SystemCall {
    /** What a slice ends with. */
    public enum Step {
        /** More to do at once. */
        MORE,
        /** Waits; the task is woken. */
        SLEEP,
        /** Looks again and again, until the task is woken or another one is ready. */
        SPIN,
        /** Has returned. */
        DONE
    }

    final SocketLayer layer;
    private @Nullable OpenFile file;
    private long result;
    private long deadlinePs;
    private long cycles;
    private boolean entered;
    private boolean timedOut;

    SystemCall(SocketLayer layer) {
        this.layer = layer;
    }

    /** Prepares a call on {@code subject}; it may last for ever. */
    final void prepare(OpenFile subject) {
        file = subject;
        subject.calls++;
        result = 0;
        deadlinePs = Long.MAX_VALUE;
        cycles = 0;
        entered = false;
        timedOut = false;
    }

    /** Ends the call at that instant, however far it has come, as a signal would. */
    public final void setDeadline(long atPs) {
        deadlinePs = Math.min(deadlinePs, atPs);
    }

    /** What it returned: at least 0, or a negative error number. */
    public final long result() {
        return result;
    }

    /** Whether it returned because its time was over. */
    public final boolean timedOut() {
        return timedOut;
    }

    /** Cycles that it has spent so far, those of whatever interrupted it not included. */
    public final long cycles() {
        return cycles;
    }

    /** Runs one slice in {@code task}'s context. */
    public final Step resume(Task task) {
        Processor on = task.processor();
        long before = on.cpu().cursorCycles();
        if (!entered) {
            entered = true;
            on.spend(entering());
        }
        Step step = step(task, on);
        cycles += on.cpu().cursorCycles() - before;
        if (step == Step.DONE && file != null) {
            file.calls--;
            file = null;
        }
        return step;
    }

    /** What spinning is charged to. */
    public Symbol spinSymbol() {
        return Symbol.DMA_MEMCPY_COMPLETE;
    }

    /** What going into the kernel and back costs. */
    CostList entering() {
        return layer.costs.enter();
    }

    /** One slice. */
    abstract Step step(Task task, Processor on);

    /** Returns {@code value}. */
    final Step returns(long value) {
        result = value;
        return Step.DONE;
    }

    final Step fails(Errors error) {
        return returns(error.returned());
    }

    /** Whether the call may not wait any longer. */
    final boolean isOverdue(Processor on) {
        return on.nowPs() >= deadlinePs;
    }

    final long deadlinePs() {
        return deadlinePs;
    }

    final void noteTimeout() {
        timedOut = true;
    }

    /** Sleeps until woken, or until the deadline. */
    final Step sleep(Task task) {
        if (deadlinePs < Long.MAX_VALUE) {
            task.wakeAt(deadlinePs);
        }
        task.processor().spend(layer.costs.sleep());
        return Step.SLEEP;
    }

    /** Feeds where it stands. */
    public void hashInto(StateHash hash) {
        hash.put(result);
        hash.put(deadlinePs);
        hash.put(cycles);
        hash.put(entered);
        hash.put(timedOut);
    }
}
