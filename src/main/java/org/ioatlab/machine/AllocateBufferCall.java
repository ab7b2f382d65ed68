package org.ioatlab.machine;

import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;

/** {@code kmalloc()}. */
final class AllocateBufferCall extends KernelCall<MemoryViews.Buffer> {
    private final MemoryFace face;
    private final MemoryCommand.AllocateBuffer command;

    AllocateBufferCall(MemoryFace face, MemoryCommand.AllocateBuffer command, Processor processor) {
        super("kmalloc", processor);
        this.face = face;
        this.command = command;
    }

    @Override
    protected Next resume() {
        long address = face.kernel().allocate(command.size(), processor());
        return address == SlabCache.NO_OBJECT
                ? refuse(face.outOfMemory(ZoneKind.LOW))
                : answer(face.add(address, command.size(), command.content()));
    }
}
