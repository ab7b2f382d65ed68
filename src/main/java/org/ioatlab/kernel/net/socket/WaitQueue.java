package org.ioatlab.kernel.net.socket;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;

/** Tasks that wait for something ({@code wait_queue_head_t}), in the order in which they came. */
final class WaitQueue {
    private final List<Task> tasks = new ArrayList<>(2);

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Adds a task unless it waits already. */
    void add(Task task) {
        if (!tasks.contains(task)) {
            tasks.add(task);
        }
    }

    void remove(Task task) {
        tasks.remove(task);
    }

    /** Wakes all, which {@code on} pays for; each takes itself off. */
    void wakeAll(Work on) {
        for (int i = 0; i < tasks.size(); i++) {
            tasks.get(i).wake(on);
        }
    }

    void hashInto(StateHash hash) {
        hash.put(tasks.size());
        for (int i = 0; i < tasks.size(); i++) {
            tasks.get(i).feed(hash);
        }
    }
}
