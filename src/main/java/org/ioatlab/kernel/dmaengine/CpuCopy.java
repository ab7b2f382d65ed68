package org.ioatlab.kernel.dmaengine;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;

/** What a client falls back to when it has no channel: the processor copies, a page's work at a time. */
public final class CpuCopy {
    private final KernelMemory memory;

    public CpuCopy(KernelMemory memory) {
        this.memory = memory;
    }

    /**
     * Copies at most one page's worth from the front of what is left.
     *
     * @return bytes copied
     */
    public int copyPiece(long target, long source, int length, Processor on) {
        int piece = Math.min(length, PhysicalMemory.PAGE_SIZE);
        on.copy(Symbol.MEMCPY, MemoryUse.OTHER, target, MemoryUse.OTHER, source, piece);
        memory.bytes().copy(target, source, piece);
        return piece;
    }
}
