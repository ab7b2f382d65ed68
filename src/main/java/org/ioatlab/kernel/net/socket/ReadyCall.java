package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;

/** A system call that never waits: its work was done by a method of the socket, and it returns what that answered. */
public final class ReadyCall extends SystemCall {
    private long value;

    /** A call object to be used again and again. */
    public ReadyCall(SocketLayer layer) {
        super(layer);
    }

    /** Begins a call on {@code file} that returns {@code result}. */
    public ReadyCall begin(OpenFile file, long result) {
        prepare(file);
        value = result;
        return this;
    }

    @Override
    Step step(Task task, Processor on) {
        return returns(value);
    }
}
