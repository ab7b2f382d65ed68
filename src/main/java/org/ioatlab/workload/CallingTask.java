package org.ioatlab.workload;

import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** A task of a program that makes system calls, one after the other: what it does between them is up to its kind. */
public abstract class CallingTask extends Task {
    private @Nullable SystemCall call;

    /** @param processor where it runs first */
    protected CallingTask(String name, Processor processor) {
        super(name, processor);
    }

    /** Begins a system call, which the next slices go on with. */
    protected Next begin(SystemCall begun) {
        call = begun;
        return Next.CONTINUE;
    }

    /** One slice outside of system calls. */
    protected abstract Next run();

    /** A system call has returned; the same slice goes on. */
    protected abstract Next returned(SystemCall done);

    /** The system call that it is in, or null. */
    protected final @Nullable SystemCall call() {
        return call;
    }

    @Override
    protected Next resume() {
        SystemCall current = call;
        if (current == null) {
            return run();
        }
        return switch (current.resume(this)) {
            case MORE -> Next.CONTINUE;
            case SLEEP -> Next.SLEEP;
            case SPIN -> Next.SPIN;
            case DONE -> {
                call = null;
                yield returned(current);
            }
        };
    }

    @Override
    protected Symbol spinSymbol() {
        return call == null ? super.spinSymbol() : call.spinSymbol();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        if (call != null) {
            call.hashInto(hash);
        }
    }
}
