package org.ioatlab.machine;

import org.ioatlab.kernel.sched.Processor;

/** {@code fork()} and {@code exec()} of a program. */
final class StartTask extends KernelCall<ProcessViews.Program> {
    private final ProcessFace face;
    private final ProcessCommand.Start command;

    StartTask(ProcessFace face, ProcessCommand.Start command, Processor processor) {
        super("fork", processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        try {
            return answer(face.start(command, processor()));
        } catch (Refusal impossible) {
            return refuse(impossible);
        }
    }

    @Override
    protected ProcessViews.Program finish(ProcessViews.Program result) {
        return face.process(result.id());
    }
}
