package org.ioatlab.hardware.memory;

import java.util.Arrays;
import org.ioatlab.time.StateHash;

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
    private long[] holders = {};

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

    /** A processor reads or writes the lines from {@code from} to {@code last}. */
    void access(int cpu, long from, long last, boolean write) {
        forget();
        for (long line = from; line <= last; line = (line | LINES_MASK) + 1) {
            int frame = (int) (line >> LINE_SHIFT);
            accessFrame(cpu, frame, numbers.of(frame), lines(line, last), write);
        }
    }

    /** The second-level cache that a processor uses, with its first levels. */
    CacheCluster clusterOf(int cpu) {
        return clusters[clusterOf[cpu]];
    }

    /** The number of a processor's core among those of its cluster. */
    int coreOf(int cpu) {
        return coreOf[cpu];
    }

    /** Under which numbers frames are known. */
    FrameNumbers numbers() {
        return numbers;
    }

    /** Empties all caches. */
    void clear() {
        for (CacheCluster cluster : clusters) {
            cluster.clear();
        }
        numbers.clear();
        holders = new long[0];
    }

    /** Feeds which lines were used, and which had to leave. */
    void hashInto(StateHash hash) {
        for (CacheCluster cluster : clusters) {
            hash.put(cluster.secondLevel().hash());
        }
    }

    /** A device writes it: what caches hold of it is no longer true. A changed line that it covers only in part goes to memory first. */
    void deviceWrites(long address, int bytes) {
        writtenBack = 0;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            dropFrame(address, bytes, line, Math.min(last, line | LINES_MASK));
        }
    }

    /** Drops the lines from {@code line} to {@code last}, which lie in one frame. */
    private void dropFrame(long address, int bytes, long line, long last) {
        int number = numbers.find((int) (line >> LINE_SHIFT));
        if (number < holders.length) {
            long lines = linesOfFrame(line, last);
            for (long bits = holders[number]; bits != 0; bits &= bits - 1) {
                long changed = drop(NOBODY, Long.numberOfTrailingZeros(bits), number, lines);
                if (changed != 0) {
                    writtenBack += Long.bitCount(changed & partly(address, bytes, line, lines));
                }
            }
        }
    }

    /** Those of a frame's lines, of which {@code line} is the first, that bytes cover only in part. */
    private static long partly(long address, int bytes, long line, long touched) {
        long first = Math.max(line, (address + LINES_MASK) >> LINE_SHIFT);
        long last = ((address + bytes) >> LINE_SHIFT) - 1;
        return first > last || first > (line | LINES_MASK) ? touched : touched & ~lines(first, last);
    }

    /** A device reads it: caches supply what they have changed, and keep it. */
    void deviceReads(long address, int bytes) {
        writtenBack = 0;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            cleanFrame(line, Math.min(last, line | LINES_MASK));
        }
    }

    /** Lets memory have what caches changed of the lines from {@code line} to {@code last}, which lie in one frame. */
    private void cleanFrame(long line, long last) {
        int number = numbers.find((int) (line >> LINE_SHIFT));
        if (number < holders.length) {
            writtenBack += Long.bitCount(clean(NOBODY, holders[number], number, linesOfFrame(line, last)));
        }
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
        return linesOfFrame(line, Math.min(last, line | LINES_MASK));
    }

    /** The same when {@code last} lies in the same frame. Shifts take their distance modulo 64. */
    static long linesOfFrame(long line, long last) {
        return -1L >>> (LINES_MASK - last + line) << line;
    }

    private void forget() {
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
        long supplied = others == 0 ? 0 : snoop(cluster, others, number, wanted, toWrite);
        holders[number] |= 1L << cluster;
        long fromMemory = missing & ~supplied;
        remote += Long.bitCount(missing & supplied);
        memory += Long.bitCount(fromMemory);
        followers += fetchesPairs ? Long.bitCount(fromMemory & (fromMemory & EVEN) << 1) : 0;
        fetched += Long.bitCount(wanted & ~supplied);
    }

    /** Gets lines from other clusters than {@code own}, and takes those to be written from them; answers which had been changed there. */
    private long snoop(int own, long others, int number, long wanted, long toWrite) {
        long changed = clean(own, others, number, wanted | toWrite);
        for (long bits = toWrite == 0 ? 0 : others; bits != 0; bits &= bits - 1) {
            drop(own, Long.numberOfTrailingZeros(bits), number, toWrite);
        }
        writtenBack += Long.bitCount(changed);
        return changed;
    }

    /** Cleans lines in the clusters that may hold some, but for one; answers which had been changed there. */
    private long clean(int except, long holding, int number, long lines) {
        long changed = 0;
        for (long bits = holding; bits != 0; bits &= bits - 1) {
            for (int at = Long.numberOfTrailingZeros(bits); at < clusters.length; at += Long.SIZE) {
                long held = clusters[at].held(number) & lines;
                changed |= at == except || held == 0 ? 0 : clusters[at].clean(number, held);
            }
        }
        return changed;
    }

    /** Drops lines from the clusters that share a bit, but for one; answers which had been changed there. */
    private long drop(int except, int bit, int number, long lines) {
        if (clusters.length <= Long.SIZE) {
            return dropFromOne(bit, number, lines);
        }
        long changed = 0;
        for (int at = bit; at < clusters.length; at += Long.SIZE) {
            long dropped = at == except ? 0 : clusters[at].held(number) & lines;
            changed |= dropped == 0 ? 0 : clusters[at].drop(number, dropped);
        }
        return changed;
    }

    private long dropFromOne(int at, int number, long lines) {
        long held = clusters[at].held(number);
        if (held == 0) {
            holders[number] &= ~(1L << at);
        }
        return (held & lines) == 0 ? 0 : clusters[at].drop(number, held & lines);
    }
}
