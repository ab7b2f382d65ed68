package org.ioatlab.workload.scenario;

import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.StateHash;

/** The child of {@link CowRace}'s program: does nothing until its parent's read has returned, and gives its pages back. */
final class ForkedChild extends Task {
    private final CowRace parent;
    private final UserBuffer buffer;

    ForkedChild(CowRace parent, UserBuffer buffer) {
        super(parent.name() + "-child", parent.processor());
        this.parent = parent;
        this.buffer = buffer;
        setAffinity(CpuMask.of(processor().cpu().id()));
    }

    UserBuffer buffer() {
        return buffer;
    }

    @Override
    protected Next resume() {
        if (!parent.isOver()) {
            return Next.SLEEP;
        }
        return buffer.release(parent.memory().pages(), processor()) ? Next.CONTINUE : Next.EXIT;
    }

    @Override
    protected void exited() {
        parent.wake();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        buffer.hashInto(hash);
    }
}
