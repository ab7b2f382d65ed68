package org.ioatlab.kernel.sched;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Ready tasks by level, first come first in each ({@code struct prio_array}). */
final class PriorityArray {
    private final @Nullable Task[] first = new @Nullable Task[Interactivity.LEVELS];
    private final @Nullable Task[] last = new @Nullable Task[Interactivity.LEVELS];
    private long levels;

    boolean isEmpty() {
        return levels == 0;
    }

    /** The most urgent level at which a task waits; 64 without any. */
    int bestLevel() {
        return Long.numberOfTrailingZeros(levels);
    }

    @Nullable
    Task best() {
        return levels == 0 ? null : first[bestLevel()];
    }

    void append(Task task) {
        int level = task.level;
        Task before = last[level];
        link(task, before, null);
        if (before == null) {
            first[level] = task;
        }
        last[level] = task;
    }

    void prepend(Task task) {
        int level = task.level;
        Task after = first[level];
        link(task, null, after);
        if (after == null) {
            last[level] = task;
        }
        first[level] = task;
    }

    void remove(Task task) {
        Task before = task.previousReady;
        Task after = task.nextReady;
        if (before == null) {
            first[task.level] = after;
        } else {
            before.nextReady = after;
        }
        if (after == null) {
            last[task.level] = before;
        } else {
            after.previousReady = before;
        }
        if (first[task.level] == null) {
            levels &= ~(1L << task.level);
        }
        task.array = null;
        task.previousReady = null;
        task.nextReady = null;
    }

    /** The most urgent task that may move to {@code to} now. */
    @Nullable
    Task findMovable(Processor to, long nowPs) {
        for (long left = levels; left != 0; left &= left - 1) {
            for (Task task = first[Long.numberOfTrailingZeros(left)]; task != null; task = task.nextReady) {
                if (task.affinity.contains(to.cpu().id()) && task.sincePs <= nowPs) {
                    return task;
                }
            }
        }
        return null;
    }

    void hashInto(StateHash hash) {
        for (long left = levels; left != 0; left &= left - 1) {
            for (Task task = first[Long.numberOfTrailingZeros(left)]; task != null; task = task.nextReady) {
                task.hashInto(hash);
            }
        }
    }

    private void link(Task task, @Nullable Task before, @Nullable Task after) {
        task.array = this;
        task.previousReady = before;
        task.nextReady = after;
        if (before != null) {
            before.nextReady = task;
        }
        if (after != null) {
            after.previousReady = task;
        }
        levels |= 1L << task.level;
    }
}
