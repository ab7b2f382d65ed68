package org.ioatlab.hardware.memory;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.time.StateHash;

/**
 * What memory costs: the caches of a machine's processors and the bus behind them. It knows which lines lie where, and no bytes; those are in {@link
 * PhysicalMemory}, the same for everybody. Processors use it through {@link MemoryPort}s; instants are cycles since the machine was switched on.
 *
 * <p>Caches begin empty and take memory of the host only when they are first used.
 */
public final class MemorySystem {
    /** Bytes of a line. */
    public static final int LINE_BYTES = 64;

    private static final long ODD = 0x9e3779b185ebca87L;
    private static final int SHUFFLE = 29;

    private final CacheSystem caches;
    private final MemoryBus bus;
    private final MemoryPort[] ports;

    /**
     * A hash over all accesses but reads and writes of a single line that the first level has. Those change nothing but which lines were used;
     * with that, and with the lines that had to leave because of it, all else here follows.
     */
    private long history;

    /** @param frames page frames whose lines are accessed, from address 0 on */
    public MemorySystem(Platform platform, CacheTopology topology, int frames) {
        caches = new CacheSystem(topology, CacheSizes.of(platform), frames);
        bus = new MemoryBus(platform);
        ports = new MemoryPort[topology.clusters().length];
        MemoryCosts costs = MemoryCosts.of(platform);
        for (int cpu = 0; cpu < ports.length; cpu++) {
            ports[cpu] = new MemoryPort(this, cpu, caches, costs);
        }
    }

    /** A logical processor's way to it. */
    public MemoryPort port(int cpu) {
        return ports[cpu];
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
        note(address, -bytes, cycle);
        caches.deviceWrites(address, bytes);
        return transfer(device, bytes, cycle, duration);
    }

    /** A device reads: caches supply what they have changed, and keep it unchanged. Parameters as before. */
    public long deviceReads(BusTraffic device, long address, int bytes, long cycle, long duration) {
        if (bytes <= 0) {
            return 0;
        }
        note(~address, bytes, cycle);
        caches.deviceReads(address, bytes);
        return transfer(device, bytes, cycle, duration);
    }

    /** Whether any cache holds a line of it. */
    public boolean isCached(long address, int bytes) {
        return caches.holds(address, bytes);
    }

    /** Where accesses of a processor found their lines. */
    public CacheCounts counts(int cpu, MemoryUse use) {
        return ports[cpu].counts(use);
    }

    /** The same over all processors. */
    public CacheCounts counts(MemoryUse use) {
        CacheCounts sum = CacheCounts.NONE;
        for (MemoryPort port : ports) {
            sum = sum.plus(port.counts(use));
        }
        return sum;
    }

    /** Bytes that have passed the bus. */
    public long busBytes(BusTraffic traffic) {
        return bus.total(traffic);
    }

    /** Sets all counters back to 0; nothing that a machine does follows from them. */
    public void resetCounters() {
        for (MemoryPort port : ports) {
            port.resetCounters();
        }
        bus.resetTotals();
    }

    /** Empties the caches and forgets all that was counted, as at the end of a boot. */
    public void restart() {
        caches.clear();
        bus.clear();
        history = 0;
        resetCounters();
    }

    /** Feeds the history of accesses, and what single hits have changed. */
    public void hashInto(StateHash hash) {
        hash.put(history);
        caches.hashInto(hash);
    }

    /** An access that may change more than which lines were used. */
    void note(long address, int what, long cycle) {
        history = Long.rotateLeft((history ^ address ^ (long) what << Integer.SIZE) * ODD, SHUFFLE) + cycle;
    }

    /** Takes the bus for a processor's lines that went to and fro; answers how much longer that lasted than the access itself. */
    long wait(long cycle, long cost, int fetched, int writtenBack) {
        if ((fetched | writtenBack) == 0) {
            return 0;
        }
        bus.count(BusTraffic.CPU_READ, (long) fetched * LINE_BYTES);
        bus.count(BusTraffic.CPU_WRITE_BACK, (long) writtenBack * LINE_BYTES);
        return bus.take(cycle, (long) (fetched + writtenBack) * LINE_BYTES, cost);
    }

    private long transfer(BusTraffic device, int bytes, long cycle, long duration) {
        bus.count(device, bytes);
        if (caches.writtenBack == 0) {
            return bus.take(cycle, bytes, duration);
        }
        long writtenBack = (long) caches.writtenBack * LINE_BYTES;
        bus.count(BusTraffic.CPU_WRITE_BACK, writtenBack);
        return bus.take(cycle, bytes + writtenBack, duration);
    }
}
