package org.ioatlab.hardware.memory;

import java.util.Arrays;

/**
 * All caches of a machine, kept coherent: a line that one cluster changed is in no other, and a device's write is in none. Each operation leaves in
 * fields how many lines it found where.
 */
final class CacheSystem {
    private static final int LINE_SHIFT = 6;
    private static final int LINES_MASK = 63;
    private static final int NOBODY = -1;
    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final int[] clusterOf;
    private final int[] coreOf;
    private final CacheCluster[] clusters;
    private final boolean fetchesPairs;
    private final FrameNumbers numbers;

    /** For each frame's number a bit for each cluster that may hold lines of it; clusters 64 apart share one. */
    private long[] holders = new long[1];

    /** Lines found in the core's first level, and in the second one. */
    int first;

    int second;

    /** Lines that another cluster had changed, and those that had to come from memory. */
    int remote;

    int memory;

    /** How many of those from memory the miss of their neighbour, earlier in the same access, had brought. */
    int followers;

    /** Lines that memory gave, those that came alongside included, and lines that it got back. */
    int fetched;

    int writtenBack;

    CacheSystem(CacheTopology topology, CacheSizes sizes, int frames) {
        clusterOf = topology.clusters();
        coreOf = topology.cores();
        fetchesPairs = sizes.linesPerMiss() > 1;
        numbers = new FrameNumbers(frames);
        clusters = new CacheCluster[topology.clusterCount()];
        for (int i = 0; i < clusters.length; i++) {
            clusters[i] = new CacheCluster(topology.coresOf(i), sizes);
        }
    }

    /**
     * A processor reads or writes {@code count} lines if all of them lie in one page and in its caches and nobody else has to be told.
     *
     * @return how many of them its first level had, or -1 if it takes {@link #accessAll}
     */
    int reach(int cpu, long line, int count, boolean write) {
        int frame = (int) (line >> LINE_SHIFT);
        if (frame != (line + count - 1) >> LINE_SHIFT) {
            return -1;
        }
        long lines = -1L >>> (Long.SIZE - count) << line;
        return clusters[clusterOf[cpu]].reach(coreOf[cpu], frame, numbers.find(frame), lines, write);
    }

    /** A processor reads or writes all of {@code [address, address + bytes)}. */
    void access(int cpu, long address, int bytes, boolean write) {
        long line = address >> LINE_SHIFT;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        int found = last - line >= Long.SIZE ? -1 : reach(cpu, line, (int) (last - line) + 1, write);
        if (found < 0) {
            accessAll(cpu, line, last, write);
        } else {
            clear();
            first = found;
            second = (int) (last - line) + 1 - found;
        }
    }

    /** The same for the lines from {@code from} to {@code last}, when it is known that {@link #reach} isn't enough. */
    void accessAll(int cpu, long from, long last, boolean write) {
        clear();
        for (long line = from; line <= last; line = (line | LINES_MASK) + 1) {
            int frame = (int) (line >> LINE_SHIFT);
            accessFrame(cpu, frame, numbers.of(frame), lines(line, last), write);
        }
    }

    /** A device writes it: what caches hold of it is no longer true. */
    void deviceWrites(long address, int bytes) {
        writtenBack = 0;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            int number = numbers.find((int) (line >> LINE_SHIFT));
            if (mayHold(number)) {
                long touched = lines(line, last);
                snoop(NOBODY, number, holders[number], partly(address, bytes, line, touched), touched);
            }
        }
    }

    /** Those of a frame's lines, of which {@code line} is the first, that bytes cover only in part. */
    private static long partly(long address, int bytes, long line, long touched) {
        long first = Math.max(line, (address + LINES_MASK) >> LINE_SHIFT);
        long last = ((address + bytes) >> LINE_SHIFT) - 1;
        return first > last ? touched : touched & ~lines(first, last);
    }

    /** A device reads it: caches supply what they have changed, and keep it. */
    void deviceReads(long address, int bytes) {
        writtenBack = 0;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            int number = numbers.find((int) (line >> LINE_SHIFT));
            if (mayHold(number)) {
                snoop(NOBODY, number, holders[number], lines(line, last), 0);
            }
        }
    }

    private boolean mayHold(int number) {
        return number < holders.length && holders[number] != 0;
    }

    /** Whether any cache holds a line of it. */
    boolean holds(long address, int bytes) {
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            for (CacheCluster cluster : clusters) {
                if ((cluster.held(numbers.find((int) (line >> LINE_SHIFT))) & lines(line, last)) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The bits of {@code line} up to {@code last}, or to the end of the frame. */
    private static long lines(long line, long last) {
        int to = (int) Math.min(LINES_MASK, last - (line & ~LINES_MASK));
        return -1L << line & -1L >>> (LINES_MASK - to);
    }

    private void clear() {
        first = 0;
        second = 0;
        remote = 0;
        memory = 0;
        followers = 0;
        fetched = 0;
        writtenBack = 0;
    }

    private void accessFrame(int cpu, int frame, int number, long lines, boolean write) {
        CacheCluster own = clusters[clusterOf[cpu]];
        long present = own.look(number, lines);
        long here = lines & present;
        long missing = lines & ~present;
        if (missing != 0 || (write && (lines & ~own.changed(number)) != 0)) {
            long alongside = fetchesPairs ? partners(missing) & ~missing & ~present : 0;
            fetch(clusterOf[cpu], number, missing, alongside, write ? lines : 0);
            writtenBack += own.install(missing | alongside, frame, number);
        }
        int found = own.bring(coreOf[cpu], frame, number, here, missing);
        first += found;
        second += Long.bitCount(here) - found;
        if (write) {
            own.change(coreOf[cpu], number, lines);
        }
    }

    private static long partners(long lines) {
        return ((lines & EVEN) << 1) | ((lines >>> 1) & EVEN);
    }

    /** Gets what is missing from other clusters or from memory; lines to be written leave the other clusters. */
    private void fetch(int cluster, int number, long missing, long alongside, long toWrite) {
        if (number >= holders.length) {
            holders = Arrays.copyOf(holders, FrameNumbers.roomFor(number));
        }
        long wanted = missing | alongside;
        long holding = holders[number];
        long others = clusters.length > Long.SIZE ? holding : holding & ~(1L << cluster);
        long supplied = others == 0 ? 0 : snoop(cluster, number, others, wanted | toWrite, toWrite);
        holders[number] |= 1L << cluster;
        long fromMemory = missing & ~supplied;
        remote += Long.bitCount(missing & supplied);
        memory += Long.bitCount(fromMemory);
        followers += fetchesPairs ? Long.bitCount(fromMemory & (fromMemory & EVEN) << 1) : 0;
        fetched += Long.bitCount(wanted & ~supplied);
    }

    /** Cleans lines in other clusters than {@code except} and drops some of them; answers which had been changed there. */
    private long snoop(int except, int number, long holding, long cleaned, long dropped) {
        long changed = 0;
        for (long bits = holding; bits != 0; bits &= bits - 1) {
            for (int i = Long.numberOfTrailingZeros(bits); i < clusters.length; i += Long.SIZE) {
                if (i != except) {
                    changed |= snoopAt(i, number, cleaned, dropped);
                }
            }
        }
        writtenBack += Long.bitCount(changed);
        return changed;
    }

    private long snoopAt(int at, int number, long cleaned, long dropped) {
        CacheCluster cluster = clusters[at];
        long held = cluster.held(number);
        long changed = (held & cleaned) == 0 ? 0 : cluster.clean(number, held & cleaned);
        if ((held & dropped) != 0) {
            cluster.drop(number, held & dropped);
        } else if (held == 0 && clusters.length <= Long.SIZE) {
            holders[number] &= ~(1L << at);
        }
        return changed;
    }
}
