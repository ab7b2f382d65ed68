package org.ioatlab.hardware.memory;

import java.util.Arrays;

/** Where accesses found their lines, by processor and use. Write-only for the model. */
final class MemoryCounters {
    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int REMOTE = 2;
    private static final int MEMORY = 3;
    private static final int PLACES = 4;
    private static final int USES = MemoryUse.values().length;

    private final long[] lines;

    MemoryCounters(int cpus) {
        lines = new long[cpus * USES * PLACES];
    }

    void found(int cpu, MemoryUse use, long first, long second, long remote, long memory) {
        int at = at(cpu, use);
        lines[at + FIRST] += first;
        lines[at + SECOND] += second;
        lines[at + REMOTE] += remote;
        lines[at + MEMORY] += memory;
    }

    /** The same for an access that found all in the processor's own caches. */
    void found(int cpu, MemoryUse use, long first, long second) {
        int at = at(cpu, use);
        lines[at + FIRST] += first;
        lines[at + SECOND] += second;
    }

    CacheCounts counts(int cpu, MemoryUse use) {
        int at = at(cpu, use);
        return new CacheCounts(lines[at + FIRST], lines[at + SECOND], lines[at + REMOTE], lines[at + MEMORY]);
    }

    void reset() {
        Arrays.fill(lines, 0);
    }

    private static int at(int cpu, MemoryUse use) {
        return (cpu * USES + use.ordinal()) * PLACES;
    }
}
