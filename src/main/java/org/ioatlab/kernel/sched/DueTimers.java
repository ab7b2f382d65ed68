package org.ioatlab.kernel.sched;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The timers of one processor whose tick has come and that the timer softirq has yet to run, in order. */
final class DueTimers {
    private @Nullable KernelTimer first;
    private @Nullable KernelTimer last;

    boolean isEmpty() {
        return first == null;
    }

    void append(KernelTimer timer) {
        timer.due = this;
        timer.previousDue = last;
        timer.nextDue = null;
        if (last == null) {
            first = timer;
        } else {
            last.nextDue = timer;
        }
        last = timer;
    }

    @Nullable
    KernelTimer takeFirst() {
        KernelTimer timer = first;
        if (timer != null) {
            remove(timer);
        }
        return timer;
    }

    void remove(KernelTimer timer) {
        KernelTimer before = timer.previousDue;
        KernelTimer after = timer.nextDue;
        if (before == null) {
            first = after;
        } else {
            before.nextDue = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previousDue = before;
        }
        timer.due = null;
        timer.previousDue = null;
        timer.nextDue = null;
    }

    void hashInto(StateHash hash) {
        for (KernelTimer timer = first; timer != null; timer = timer.nextDue) {
            hash.put("due");
            timer.hashInto(hash);
        }
    }
}
