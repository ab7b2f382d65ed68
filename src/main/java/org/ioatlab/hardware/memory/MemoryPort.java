package org.ioatlab.hardware.memory;

import java.util.Arrays;

/**
 * A logical processor's way to memory. It tells in cycles what an access adds to hits of the first level, which are part of a function's own cost.
 * Most accesses are such hits, so they are decided first, with few looks; the rest is left to {@link CacheCluster} and {@link CacheSystem}.
 */
public final class MemoryPort {
    private static final int LINE_SHIFT = 6;

    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int REMOTE = 2;
    private static final int MEMORY = 3;
    private static final int PLACES_SHIFT = 2;
    private static final int COUNTS = MemoryUse.values().length << PLACES_SHIFT;
    private static final long[] NOTHING = {};

    private final MemorySystem system;
    private final int cpu;
    private final CacheSystem caches;
    private final FrameNumbers numbers;
    private final CacheCluster cluster;
    private final FirstLevel first;
    private final SecondLevel second;
    private final int core;
    private final boolean hasNeighbours;
    private final MemoryCosts costs;

    /** By use and place, how many lines were found there. */
    private long[] counts = NOTHING;

    private int misses;

    /** Lines that memory gave to the present sequential access. */
    private int fetched;

    /** Lines that it got back because of it. */
    private int writtenBack;

    MemoryPort(MemorySystem system, int cpu, CacheSystem caches, MemoryCosts costs) {
        this.system = system;
        this.cpu = cpu;
        this.caches = caches;
        this.costs = costs;
        numbers = caches.numbers();
        cluster = caches.clusterOf(cpu);
        core = caches.coreOf(cpu);
        first = cluster.firstLevel(core);
        second = cluster.secondLevel();
        hasNeighbours = cluster.cores() > 1;
    }

    /** Reads of which each needs the one before, line by line. */
    public long read(MemoryUse use, long address, int bytes, long cycle) {
        return dependent(use, address, bytes, false, cycle);
    }

    /** The same with writes. */
    public long write(MemoryUse use, long address, int bytes, long cycle) {
        return dependent(use, address, bytes, true, cycle);
    }

    /** A sequential read: the first missing line takes the memory's latency, the others pass at the streaming rate. */
    public long scan(MemoryUse use, long address, int bytes, long cycle) {
        if (bytes <= 0) {
            return 0;
        }
        system.note(address ^ cpu, bytes, cycle);
        fetched = 0;
        writtenBack = 0;
        misses = sequential(use, address, bytes, false);
        long cost = costs.sequentialRead(bytes, misses);
        return cost + system.wait(cycle, cost, fetched, writtenBack);
    }

    /** A sequential copy: at the warm rate, and what missing lines of source and target add. Moves no bytes. */
    public long copy(MemoryUse to, long target, MemoryUse from, long source, int bytes, long cycle) {
        if (bytes <= 0) {
            return 0;
        }
        system.note(source ^ cpu, bytes, cycle);
        fetched = 0;
        writtenBack = 0;
        int missingSource = sequential(from, source, bytes, false);
        system.note(target, ~bytes, cycle);
        int missingTarget = sequential(to, target, bytes, true);
        misses = missingSource + missingTarget;
        boolean aligned = ((source ^ target) & MemoryCosts.ALIGNMENT_MASK) == 0;
        long cost = costs.copy(bytes, missingSource, missingTarget, aligned);
        return cost + system.wait(cycle, cost, fetched, writtenBack);
    }

    /** How many lines the last access that took time found in no cache of the processor's own. */
    public int lastMisses() {
        return misses;
    }

    /** Where accesses found their lines. */
    CacheCounts counts(MemoryUse use) {
        int at = use.ordinal() << PLACES_SHIFT;
        return counts.length == 0
                ? CacheCounts.NONE
                : new CacheCounts(counts[at + FIRST], counts[at + SECOND], counts[at + REMOTE], counts[at + MEMORY]);
    }

    void resetCounters() {
        Arrays.fill(counts, 0);
    }

    private long dependent(MemoryUse use, long address, int bytes, boolean write, long cycle) {
        if (bytes <= 0) {
            return 0;
        }
        int line = (int) (address >> LINE_SHIFT);
        int last = (int) ((address + bytes - 1) >> LINE_SHIFT);
        if (line == last && useIfHit(line, write)) {
            count(use);
            return 0;
        }
        return further(use, address, bytes, write, cycle);
    }

    /** Uses a line if that is all that happens: the first level has it, and nobody has to be told that it is written. */
    private boolean useIfHit(int line, boolean write) {
        int number = numbers.find(line >> LINE_SHIFT);
        return first.holds(line, number) && !(write && hasNeighbours) && second.useIfReady(1L << line, number, write);
    }

    /** An access that the first level alone can't answer. */
    private long further(MemoryUse use, long address, int bytes, boolean write, long cycle) {
        system.note(address ^ cpu, write ? bytes << 1 | 1 : bytes << 1, cycle);
        int line = (int) (address >> LINE_SHIFT);
        int last = (int) ((address + bytes - 1) >> LINE_SHIFT);
        int found = reach(line, last, write);
        if (found >= 0) {
            misses = 0;
            return costs.secondLevel() * countOwn(use, last - line + 1, found);
        }
        caches.access(cpu, line, last, write);
        int fromSecond = caches.second + caches.followers;
        int fromMemory = caches.memory - caches.followers;
        count(use, caches.first, fromSecond, caches.remote, fromMemory);
        misses = fromMemory + caches.remote;
        long cost = costs.dependent(fromSecond, fromMemory, caches.remote);
        return cost + system.wait(cycle, cost, caches.fetched, caches.writtenBack);
    }

    /** Reads or writes one line after the other, whatever is missing; answers how many lines were in no cache of the processor's own. */
    private int sequential(MemoryUse use, long address, int bytes, boolean write) {
        int line = (int) (address >> LINE_SHIFT);
        int last = (int) ((address + bytes - 1) >> LINE_SHIFT);
        if (line == last && useIfHit(line, write)) {
            count(use);
            return 0;
        }
        int found = reach(line, last, write);
        if (found >= 0) {
            countOwn(use, last - line + 1, found);
            return 0;
        }
        caches.access(cpu, line, last, write);
        count(use, caches.first, caches.second, caches.remote, caches.memory);
        fetched += caches.fetched;
        writtenBack += caches.writtenBack;
        return caches.memory + caches.remote;
    }

    /** Accesses lines if all of them lie in one page and in these caches and nobody else has to be told; answers how many the first level had, or -1. */
    private int reach(int line, int last, boolean write) {
        int frame = line >> LINE_SHIFT;
        if (frame != last >> LINE_SHIFT) {
            return -1;
        }
        int number = numbers.find(frame);
        long lines = CacheSystem.linesOfFrame(line, last);
        if (!second.holds(lines, number) || !second.useIfReady(lines, number, write)) {
            return -1;
        }
        if (write && hasNeighbours) {
            cluster.dropFromOthers(core, number, lines);
        }
        return first.reach(lines, frame, number);
    }

    /** One line was found in the first level. */
    private void count(MemoryUse use) {
        int at = use.ordinal() << PLACES_SHIFT;
        if (at < counts.length) {
            counts[at]++;
        } else {
            count(use, 1, 0, 0, 0);
        }
    }

    /** Of {@code lines}, {@code inFirst} were found in the first level and the others, which it answers, in the second. */
    private int countOwn(MemoryUse use, int lines, int inFirst) {
        int inSecond = lines - inFirst;
        int at = use.ordinal() << PLACES_SHIFT;
        if (at < counts.length) {
            counts[at] += inFirst;
            counts[at + SECOND] += inSecond;
        } else {
            count(use, inFirst, inSecond, 0, 0);
        }
        return inSecond;
    }

    private void count(MemoryUse use, int inFirst, int inSecond, int remote, int memory) {
        if (counts.length == 0) {
            counts = new long[COUNTS];
        }
        int at = use.ordinal() << PLACES_SHIFT;
        counts[at + FIRST] += inFirst;
        counts[at + SECOND] += inSecond;
        counts[at + REMOTE] += remote;
        counts[at + MEMORY] += memory;
    }
}
