package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** Something that a program can name by a descriptor ({@code struct file}): a socket, a set of epoll, a file. */
public abstract class OpenFile {
    final SocketLayer layer;
    private int number;
    private long serial;
    final WaitQueue waiters = new WaitQueue();
    boolean nonBlocking;

    /** System calls under way on it. */
    int calls;

    private boolean closed;

    /** One that no program knows of yet. */
    OpenFile(SocketLayer layer) {
        this.layer = layer;
    }

    /** Gives it a descriptor, so that programs can name it. */
    final void install() {
        number = layer.register(this);
        serial = layer.nextSerial();
    }

    /** A number that no other file of the machine has ever had. */
    public final long serial() {
        return serial;
    }

    /** Its descriptor, 0 while it has none. */
    public final int number() {
        return number;
    }

    /** Whether its calls never wait (O_NONBLOCK). */
    public final boolean isNonBlocking() {
        return nonBlocking;
    }

    /** O_NONBLOCK. */
    public final void setNonBlocking(boolean on) {
        nonBlocking = on;
    }

    /** Whether a system call on it is under way. */
    public final boolean isInUse() {
        return calls > 0;
    }

    /** Whether it has been closed. */
    public final boolean isClosed() {
        return closed;
    }

    final void markClosed() {
        closed = true;
        layer.forget(this);
    }

    /** What {@code poll()} finds, as {@link PollEvents}. */
    public abstract int pollEvents();

    /** Ends it; a system call of its own may have to prepare for that. */
    abstract void close(Processor on);

    void hashInto(StateHash hash) {
        hash.put((long) number << Integer.SIZE | calls);
        hash.put(nonBlocking);
        waiters.hashInto(hash);
    }
}
