package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** {@code alloc_page()} for one page after the other; when memory runs out, those it got go back. */
final class AllocatePagesCall extends KernelCall<MemoryViews.Pages> {
    private final MemoryFace face;
    private final MemoryCommand.AllocatePages command;
    private final List<Integer> got = new ArrayList<>();
    private boolean exhausted;

    AllocatePagesCall(MemoryFace face, MemoryCommand.AllocatePages command, Processor processor) {
        super("alloc_page", processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        if (exhausted) {
            return giveBack();
        }
        int frame = face.kernel().pages().allocateOnly(command.zone(), processor());
        if (frame == PageAllocator.NO_PAGE) {
            exhausted = true;
            return Next.CONTINUE;
        }
        face.fill((long) frame << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE, command.content());
        got.add(frame);
        return got.size() < command.count() ? Next.CONTINUE : answer(face.add(got));
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(exhausted);
        hash.put(got.size());
    }

    private Next giveBack() {
        if (got.isEmpty()) {
            return refuse(face.outOfMemory(command.zone()));
        }
        face.kernel().pages().free(got.removeLast(), processor());
        return Next.CONTINUE;
    }
}
