package org.ioatlab.hardware.memory;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * What memory costs: the caches of a machine's processors and the bus behind them. It knows which lines lie where, and no bytes; those are in {@link
 * PhysicalMemory}, the same for everybody. Processors are told in cycles what an access adds to hits of the first level, which are part of a
 * function's own cost; instants are cycles since the machine was switched on.
 *
 * <p>Caches begin empty and take memory of the host only when they are first used.
 */
public final class MemorySystem {
    /** Bytes of a line. */
    public static final int LINE_BYTES = 64;

    private static final int LINE_SHIFT = 6;

    private static final long ODD = 0x9e3779b185ebca87L;
    private static final int SHUFFLE = 29;

    private final Platform platform;
    private final CacheTopology topology;
    private final int frames;
    private final MemoryCosts costs;
    private @Nullable Used used;

    /** All that there is once memory has been used. */
    private static final class Used {
        final CacheSystem caches;
        final MemoryBus bus;
        final MemoryCounters counters;

        /** A hash over all accesses, from which all else here follows. */
        long history;

        /** How many lines the last access found in no cache of the processor's own. */
        int misses;

        Used(MemorySystem system) {
            caches = new CacheSystem(system.topology, CacheSizes.of(system.platform), system.frames);
            bus = new MemoryBus(system.platform);
            counters = new MemoryCounters(system.topology.clusters().length);
        }

        void note(long address, int what, long cycle) {
            history = Long.rotateLeft((history ^ address ^ (long) what << Integer.SIZE) * ODD, SHUFFLE) + cycle;
        }
    }

    /** @param frames page frames whose lines are accessed, from address 0 on */
    public MemorySystem(Platform platform, CacheTopology topology, int frames) {
        this.platform = platform;
        this.topology = topology;
        this.frames = frames;
        costs = MemoryCosts.of(platform);
    }

    /** Reads of which each needs the one before, line by line. */
    public long read(int cpu, MemoryUse use, long address, int bytes, long cycle) {
        return bytes <= 0
                ? 0
                : dependent(used(address ^ cpu, bytes << 1, cycle), cpu, use, address, bytes, false, cycle);
    }

    /** The same with writes. */
    public long write(int cpu, MemoryUse use, long address, int bytes, long cycle) {
        return bytes <= 0
                ? 0
                : dependent(used(address ^ cpu, bytes << 1 | 1, cycle), cpu, use, address, bytes, true, cycle);
    }

    /** A sequential read: the first missing line takes the memory's latency, the others pass at the streaming rate. */
    public long scan(int cpu, MemoryUse use, long address, int bytes, long cycle) {
        if (bytes <= 0) {
            return 0;
        }
        Used u = used(address ^ cpu, bytes, cycle);
        u.caches.access(cpu, address, bytes, false);
        int missing = found(u, cpu, use);
        u.misses = missing;
        long cost = costs.sequentialRead(bytes, missing);
        return cost + wait(u, cycle, cost, u.caches.fetched, u.caches.writtenBack);
    }

    /** A sequential copy: at the warm rate, and what missing lines of source and target add. Moves no bytes. */
    public long copy(int cpu, MemoryUse to, long target, MemoryUse from, long source, int bytes, long cycle) {
        if (bytes <= 0) {
            return 0;
        }
        Used u = used(source ^ cpu, bytes, cycle);
        CacheSystem caches = u.caches;
        caches.access(cpu, source, bytes, false);
        int missingSource = found(u, cpu, from);
        int fetched = caches.fetched;
        int writtenBack = caches.writtenBack;
        u.note(target, ~bytes, cycle);
        caches.access(cpu, target, bytes, true);
        int missingTarget = found(u, cpu, to);
        u.misses = missingSource + missingTarget;
        boolean aligned = ((source ^ target) & MemoryCosts.ALIGNMENT_MASK) == 0;
        long cost = costs.copy(bytes, missingSource, missingTarget, aligned);
        return cost + wait(u, cycle, cost, fetched + caches.fetched, writtenBack + caches.writtenBack);
    }

    /**
     * A device writes: caches drop what they hold of it; a changed line that it covers in part goes to memory first.
     *
     * @param duration cycles that the transfer takes by itself
     * @return how many cycles longer it takes because the bus is full
     */
    public long deviceWrites(BusTraffic device, long address, int bytes, long cycle, long duration) {
        if (bytes <= 0) {
            return 0;
        }
        Used u = used(address, -bytes, cycle);
        u.caches.deviceWrites(address, bytes);
        return transfer(u, device, bytes, cycle, duration);
    }

    /** A device reads: caches supply what they have changed, and keep it unchanged. Parameters as before. */
    public long deviceReads(BusTraffic device, long address, int bytes, long cycle, long duration) {
        if (bytes <= 0) {
            return 0;
        }
        Used u = used(~address, bytes, cycle);
        u.caches.deviceReads(address, bytes);
        return transfer(u, device, bytes, cycle, duration);
    }

    /** Whether any cache holds a line of it. */
    public boolean isCached(long address, int bytes) {
        return used != null && used.caches.holds(address, bytes);
    }

    /** Where accesses of a processor found their lines. */
    public CacheCounts counts(int cpu, MemoryUse use) {
        return used == null ? CacheCounts.NONE : used.counters.counts(cpu, use);
    }

    /** The same over all processors. */
    public CacheCounts counts(MemoryUse use) {
        CacheCounts sum = CacheCounts.NONE;
        for (int cpu = 0; cpu < topology.clusters().length; cpu++) {
            sum = sum.plus(counts(cpu, use));
        }
        return sum;
    }

    /** How many lines the last access that took time found in no cache of its processor's own. */
    public int lastMisses() {
        return used == null ? 0 : used.misses;
    }

    /** Bytes that have passed the bus. */
    public long busBytes(BusTraffic traffic) {
        return used == null ? 0 : used.bus.total(traffic);
    }

    /** Sets all counters back to 0; nothing that a machine does follows from them. */
    public void resetCounters() {
        if (used != null) {
            used.counters.reset();
            used.bus.resetTotals();
        }
    }

    /** Empties the caches and forgets all that was counted, as at the end of a boot. */
    public void restart() {
        used = null;
    }

    /** Feeds the history of all accesses. */
    public void hashInto(StateHash hash) {
        hash.put(used == null ? 0 : used.history);
    }

    private long dependent(Used u, int cpu, MemoryUse use, long address, int bytes, boolean write, long cycle) {
        long line = address >> LINE_SHIFT;
        int lines = (int) (((address + bytes - 1) >> LINE_SHIFT) - line) + 1;
        int found = u.caches.reach(cpu, line, lines, write);
        if (found < 0) {
            u.caches.accessAll(cpu, line, line + lines - 1, write);
            return missing(u, cpu, use, cycle);
        }
        u.misses = 0;
        u.counters.found(cpu, use, found, lines - found);
        return costs.dependent(lines - found, 0, 0);
    }

    private long missing(Used u, int cpu, MemoryUse use, long cycle) {
        CacheSystem caches = u.caches;
        int second = caches.second + caches.followers;
        int memory = caches.memory - caches.followers;
        u.counters.found(cpu, use, caches.first, second, caches.remote, memory);
        u.misses = memory + caches.remote;
        long cost = costs.dependent(second, memory, caches.remote);
        return cost + wait(u, cycle, cost, caches.fetched, caches.writtenBack);
    }

    /** Counts what a sequential access found; answers how many lines no cache of the core's own had. */
    private static int found(Used u, int cpu, MemoryUse use) {
        CacheSystem caches = u.caches;
        u.counters.found(cpu, use, caches.first, caches.second, caches.remote, caches.memory);
        return caches.memory + caches.remote;
    }

    /** Takes the bus for lines that went to and fro; answers how much longer that lasted than the access itself. */
    private static long wait(Used u, long cycle, long cost, int fetched, int writtenBack) {
        if ((fetched | writtenBack) == 0) {
            return 0;
        }
        u.bus.count(BusTraffic.CPU_READ, (long) fetched * LINE_BYTES);
        u.bus.count(BusTraffic.CPU_WRITE_BACK, (long) writtenBack * LINE_BYTES);
        return u.bus.take(cycle, (long) (fetched + writtenBack) * LINE_BYTES, cost);
    }

    private static long transfer(Used u, BusTraffic device, int bytes, long cycle, long duration) {
        long writtenBack = (long) u.caches.writtenBack * LINE_BYTES;
        u.bus.count(device, bytes);
        u.bus.count(BusTraffic.CPU_WRITE_BACK, writtenBack);
        return u.bus.take(cycle, bytes + writtenBack, duration);
    }

    /** The caches, in which something is about to happen. */
    private Used used(long address, int what, long cycle) {
        Used u = used;
        if (u == null) {
            u = new Used(this);
            used = u;
        }
        u.note(address, what, cycle);
        return u;
    }
}
