package org.ioatlab.machine;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.program.ProgramProcess;

/** Ends a program and waits until its last task has ended. */
final class KillTask extends KernelCall<Done> {
    private final ProcessFace face;
    private final ProcessCommand.Kill command;
    private boolean killed;

    KillTask(ProcessFace face, ProcessCommand.Kill command, Processor processor) {
        super("kill", processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        try {
            return kill(face.find(command.process()));
        } catch (Refusal gone) {
            return refuse(gone);
        }
    }

    private Next kill(ProgramProcess process) {
        if (!killed) {
            killed = true;
            process.kill(this, processor());
        }
        if (!process.isOver()) {
            return Next.SLEEP;
        }
        face.forget(command.process());
        return answer(new Done(0));
    }

    @Override
    protected Done finish(Done result) {
        return Machine.done(processor().loop());
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(killed);
    }
}
