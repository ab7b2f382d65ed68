package org.ioatlab.kernel.sched;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are ready on one processor: those that may run now, and those that let others go first because they used up their slice or
 * yielded; when the former are through, the latter take their place. Made with the first task.
 */
final class RunQueue {
    private @Nullable PriorityArray active;
    private @Nullable PriorityArray expired;
    private int size;

    int size() {
        return size;
    }

    void append(Task task) {
        active().append(task);
        size++;
    }

    /** Before others of its level: a task that had to stop for a more urgent one. */
    void prepend(Task task) {
        active().prepend(task);
        size++;
    }

    /** After all that may run now. */
    void appendExpired(Task task) {
        if (expired == null) {
            expired = new PriorityArray();
        }
        expired.append(task);
        size++;
    }

    void remove(Task task) {
        PriorityArray array = task.array;
        if (array != null) {
            array.remove(task);
            size--;
        }
    }

    /** Takes the task that runs next, or null. */
    @Nullable
    Task take() {
        if (active().isEmpty()) {
            PriorityArray turned = active;
            active = expired;
            expired = turned;
        }
        Task task = active().best();
        if (task != null) {
            remove(task);
        }
        return task;
    }

    /** Whether a task waits that is more urgent than the running one. */
    boolean preempts(Task running) {
        return active != null && active.bestLevel() < running.level;
    }

    /** A task that may move to {@code to} now; rather one that has waited long. */
    @Nullable
    Task findMovable(Processor to, long nowPs) {
        Task task = expired == null ? null : expired.findMovable(to, nowPs);
        return task != null || active == null ? task : active.findMovable(to, nowPs);
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        if (active != null) {
            active.hashInto(hash);
        }
        if (expired != null) {
            expired.hashInto(hash);
        }
    }

    private PriorityArray active() {
        if (active == null) {
            active = new PriorityArray();
        }
        return active;
    }
}
