package org.ioatlab.workload.program;

import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.CallingTask;

/** A task of a program: what it does between system calls is up to its kind. */
abstract class ProgramTask extends CallingTask {
    final ProgramProcess process;
    private boolean killed;
    private long cycles;

    ProgramTask(String name, ProgramProcess process, Processor processor) {
        super(name, processor);
        this.process = process;
        if (process.spec().cpu() >= 0) {
            setAffinity(CpuMask.of(process.spec().cpu()));
        }
    }

    @Override
    protected final Next begin(SystemCall begun) {
        if (killed) {
            begun.setDeadline(0);
        }
        return super.begin(begun);
    }

    /** Children go by their parent's name. */
    @Override
    protected final String command() {
        return process.name();
    }

    @Override
    protected final Next resume() {
        long before = processor().cpu().cursorCycles();
        Next next = super.resume();
        cycles += processor().cpu().cursorCycles() - before;
        return next;
    }

    /** Ends it as soon as it can: a call that waits returns. */
    final void kill(Processor on) {
        killed = true;
        SystemCall current = call();
        if (current != null) {
            current.setDeadline(0);
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

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(killed);
        hash.put(cycles);
    }
}
