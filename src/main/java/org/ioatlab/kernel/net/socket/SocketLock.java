package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.sched.Task;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;

/** Who works on a socket in process context ({@code lock_sock}): held from slice to slice, but not while its owner sleeps. */
final class SocketLock {
    private final WaitQueue waiters = new WaitQueue();
    private boolean held;

    boolean isHeld() {
        return held;
    }

    /** Takes it, or has {@code task} woken when it is free. */
    boolean tryLock(Task task) {
        if (held) {
            waiters.add(task);
            return false;
        }
        waiters.remove(task);
        held = true;
        return true;
    }

    void unlock(Work on) {
        held = false;
        waiters.wakeAll(on);
    }

    void hashInto(StateHash hash) {
        hash.put(held);
        waiters.hashInto(hash);
    }
}
