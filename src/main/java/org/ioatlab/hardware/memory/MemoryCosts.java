package org.ioatlab.hardware.memory;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;

/** What accesses cost beyond hits of the first level, in cycles, or in thousandths of a cycle a byte. */
record MemoryCosts(
        long secondLevel,
        long memory,
        long remoteCache,
        long warmRead,
        long streamingRead,
        long warmCopy,
        long coldCopy,
        long unalignedCopy) {
    /** A copy is aligned if source and target agree in these bits of their addresses (Linux 2.6.12 for i386, {@code movsl_mask}). */
    static final int ALIGNMENT_MASK = 7;

    private static final int BYTES_PER_KILOBYTE = 1000;
    private static final int LINE_BYTES = MemorySystem.LINE_BYTES;

    static MemoryCosts of(Platform platform) {
        return new MemoryCosts(
                platform.get(Parameter.SECOND_LEVEL_CYCLES),
                platform.get(Parameter.MEMORY_LATENCY_CYCLES),
                platform.get(Parameter.REMOTE_CACHE_CYCLES),
                platform.get(Parameter.WARM_READ_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.STREAMING_READ_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.WARM_COPY_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.COLD_COPY_CYCLES_PER_KILOBYTE),
                platform.get(Parameter.UNALIGNED_COPY_CYCLES_PER_KILOBYTE));
    }

    /** One line after the other, each needed for the next. */
    long dependent(long fromSecondLevel, long fromMemory, long fromOtherCaches) {
        return fromSecondLevel * secondLevel + fromMemory * memory + fromOtherCaches * remoteCache;
    }

    /** A sequential read: its first missing line at the latency, the others at the streaming rate, what a cache has at the warm rate. */
    long sequentialRead(long bytes, long missingLines) {
        long missingBytes = Math.min(bytes, missingLines * LINE_BYTES);
        long streamed = Math.max(0, missingBytes - LINE_BYTES);
        long warm = (bytes - missingBytes) * warmRead;
        return (missingLines > 0 ? memory : 0) + rounded(warm + streamed * streamingRead);
    }

    /** A sequential copy: the warm rate, and what missing source and target lines add. */
    long copy(long bytes, long missingSourceLines, long missingTargetLines, boolean aligned) {
        long sourceAdds = Math.max(0, streamingRead - warmRead);
        long targetAdds = Math.max(0, coldCopy - warmCopy - sourceAdds);
        long rates = bytes * (aligned ? warmCopy : warmCopy + unalignedCopy)
                + missingSourceLines * LINE_BYTES * sourceAdds
                + missingTargetLines * LINE_BYTES * targetAdds;
        return (missingSourceLines > 0 ? memory : 0) + rounded(rates);
    }

    private static long rounded(long thousandths) {
        return (thousandths + BYTES_PER_KILOBYTE - 1) / BYTES_PER_KILOBYTE;
    }
}
