package org.ioatlab.machine;

import org.ioatlab.kernel.sched.Processor;

/** {@code kfree()} and {@code __free_page()}. */
final class FreeCall extends KernelCall<Done> {
    private final MemoryFace face;
    private final MemoryCommand<Done> command;

    FreeCall(MemoryFace face, MemoryCommand<Done> command, Processor processor) {
        super(command instanceof MemoryCommand.FreeBuffer ? "kfree" : "__free_page", processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        try {
            free();
        } catch (Refusal changedMeanwhile) {
            return refuse(changedMeanwhile);
        }
        return answer(new Done(0));
    }

    @Override
    protected Done finish(Done result) {
        return Machine.done(processor().loop());
    }

    private void free() {
        if (command instanceof MemoryCommand.FreeBuffer buffer) {
            face.kernel().free(face.takeBuffer(buffer.buffer()), processor());
        } else if (command instanceof MemoryCommand.FreePage page) {
            face.kernel().pages().free(face.takePage(page.page()), processor());
        }
    }
}
