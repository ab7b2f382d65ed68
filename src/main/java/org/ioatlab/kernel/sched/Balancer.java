package org.ioatlab.kernel.sched;

import java.util.List;
import org.ioatlab.time.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Which processor a task runs on. A woken task goes back to where it ran, or to an idle thread of the same core if a task runs there
 * ({@code wake_idle}; a processor that does nothing but interrupts is idle). A new one
 * begins where its parent runs ({@code wake_up_new_task}). An
 * idle processor takes a waiting task from the one with the most when it becomes idle by a task's going to sleep, and at the ticks at which
 * it balances; a busy one when the other has at least two more. Left out of Linux 2.6.12's rules: cache-hot tasks, affine wake-ups.
 */
final class Balancer {
    private final EventLoop loop;
    private final List<Processor> processors;

    /** Tasks that wait in any run queue: without them there is nothing to balance. */
    private int waiting;

    Balancer(EventLoop loop, List<Processor> processors) {
        this.loop = loop;
        this.processors = processors;
    }

    void waitingChanged(int difference) {
        waiting += difference;
    }

    /** Where a task that is woken goes. */
    Processor placeFor(Task task) {
        Processor last = task.processor();
        if (!task.mayRunOn(last)) {
            return allowed(task);
        }
        if (task.isNew() || last.tasks().runnable() == 0 || task.sincePs > loop.nowPs()) {
            return last;
        }
        for (int i = 0; i < processors.size(); i++) {
            Processor other = processors.get(i);
            if (other.cpu().isSiblingOf(last.cpu()) && other.isFree() && task.mayRunOn(other)) {
                return other;
            }
        }
        return last;
    }

    /** The first idle processor that the task may run on, or the first one at all. */
    Processor allowed(Task task) {
        Processor found = null;
        for (int i = 0; i < processors.size(); i++) {
            Processor processor = processors.get(i);
            if (task.mayRunOn(processor) && (found == null || (processor.isFree() && !found.isFree()))) {
                found = processor;
            }
        }
        if (found == null) {
            throw new IllegalStateException(task.name() + " may run nowhere");
        }
        return found;
    }

    /** Moves a task that waits elsewhere to {@code to}; false if there is none. */
    boolean pull(Processor to, int least) {
        Task task = waiting == 0 ? null : busiestsTask(to, least);
        if (task == null) {
            return false;
        }
        task.processor().tasks().giveAway(task);
        task.migrate(to);
        to.tasks().take(task);
        return true;
    }

    /** Tasks wait: of the idle processors that may take one of them the first that balances looks for it then. */
    void awaitBalancing() {
        if (waiting == 0) {
            return;
        }
        for (int i = 0; i < processors.size(); i++) {
            Processor busy = processors.get(i);
            if (busy.tasks().runnable() > 1) {
                awaitBalancing(busy);
            }
        }
    }

    private void awaitBalancing(Processor busy) {
        Processor soonest = null;
        long soonestPs = Long.MAX_VALUE;
        for (int i = 0; i < processors.size(); i++) {
            Processor idle = processors.get(i);
            if (idle.isIdle() && !idle.awaitsBalancing() && busy.tasks().movable(idle, Long.MAX_VALUE) != null) {
                long atPs = idle.nextBalancingPs(busy);
                soonest = atPs < soonestPs ? idle : soonest;
                soonestPs = Math.min(soonestPs, atPs);
            }
        }
        if (soonest != null) {
            soonest.balanceAt(soonestPs);
        }
    }

    private @Nullable Task busiestsTask(Processor to, int least) {
        Processor busiest = null;
        for (int i = 0; i < processors.size(); i++) {
            Processor other = processors.get(i);
            int more = busiest == null ? least : busiest.tasks().runnable() + 1;
            if (other != to && other.tasks().runnable() >= more && other.tasks().movable(to, loop.nowPs()) != null) {
                busiest = other;
            }
        }
        return busiest == null ? null : busiest.tasks().movable(to, loop.nowPs());
    }
}
