package org.ioatlab.kernel.dmaengine;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;

/** What a client falls back to when it has no channel: the processor copies, a page's work at a time, at the cost of uncached data. */
public final class CpuCopy {
    private static final int BYTES_PER_KILOBYTE = 1000;

    private final KernelMemory memory;
    private final long cyclesPerKilobyte;

    public CpuCopy(KernelMemory memory, Platform platform) {
        this.memory = memory;
        cyclesPerKilobyte = platform.get(Parameter.COLD_COPY_CYCLES_PER_KILOBYTE);
    }

    /**
     * Copies at most one page's worth from the front of what is left.
     *
     * @return bytes copied
     */
    public int copyPiece(long target, long source, int length, Processor on) {
        int piece = Math.min(length, PhysicalMemory.PAGE_SIZE);
        on.spend(Symbol.MEMCPY, (piece * cyclesPerKilobyte + BYTES_PER_KILOBYTE - 1) / BYTES_PER_KILOBYTE);
        memory.bytes().copy(target, source, piece);
        return piece;
    }
}
