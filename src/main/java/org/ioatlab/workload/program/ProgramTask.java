package org.ioatlab.workload.program;

import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** A task of a program: what it does between system calls is up to its kind. */
abstract class ProgramTask extends Task {
    final ProgramProcess process;
    private @Nullable SystemCall call;
    private boolean killed;
    private long cycles;

    ProgramTask(String name, ProgramProcess process, Processor processor) {
        super(name, processor);
        this.process = process;
        if (process.spec().cpu() >= 0) {
            setAffinity(CpuMask.of(process.spec().cpu()));
        }
    }

    /** Begins a system call, which the next slices go on with. */
    final Next begin(SystemCall begun) {
        call = begun;
        if (killed) {
            begun.setDeadline(0);
        }
        return Next.CONTINUE;
    }

    /** One slice outside of system calls. */
    abstract Next run();

    /** A system call has returned; the same slice goes on. */
    abstract Next returned(SystemCall done);

    @Override
    protected final String command() {
        return process.name();
    }

    @Override
    protected final Next resume() {
        long before = processor().cpu().cursorCycles();
        Next next = slice();
        cycles += processor().cpu().cursorCycles() - before;
        return next;
    }

    private Next slice() {
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

    /** Ends it as soon as it can: a call that waits returns. */
    final void kill(Processor on) {
        killed = true;
        if (call != null) {
            call.setDeadline(0);
        }
        wake(on);
    }

    final boolean isKilled() {
        return killed;
    }

    /** Cycles that it has spent. */
    final long cycles() {
        return cycles;
    }

    /** The system call that it is in, or null. */
    final @Nullable SystemCall call() {
        return call;
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(killed);
        hash.put(cycles);
        if (call != null) {
            call.hashInto(hash);
        }
    }
}
