package org.ioatlab.hardware.memory;

/**
 * All caches of a machine, kept coherent: a line that one cluster changed is in no other, and a device's write is in none. Each operation leaves in
 * fields how many lines it found where.
 */
final class CacheSystem {
    private static final int LINE_SHIFT = 6;
    private static final int LINES_MASK = 63;
    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final int[] clusterOf;
    private final int[] coreOf;
    private final CacheCluster[] clusters;
    private final boolean fetchesPairs;

    /** For each frame a bit for each cluster that may hold lines of it; clusters 64 apart share one. */
    private final CacheRecords holders;

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
        holders = new CacheRecords(frames, 2);
        clusters = new CacheCluster[topology.clusterCount()];
        for (int i = 0; i < clusters.length; i++) {
            clusters[i] = new CacheCluster(frames, topology.coresOf(i), sizes);
        }
    }

    /**
     * How many lines {@code [address, address + bytes)} has if the processor's first level holds all of them, they are in one page, and nothing else has to be
     * done; 0 otherwise.
     */
    int hits(int cpu, long address, int bytes, boolean write) {
        long line = address >> LINE_SHIFT;
        long last = (address + bytes - 1) >> LINE_SHIFT;
        int count = (int) (last - line) + 1;
        if (count <= 0 || (line ^ last) >> LINE_SHIFT != 0) {
            return 0;
        }
        long lines = -1L >>> (Long.SIZE - count) << line;
        CacheCluster own = clusters[clusterOf[cpu]];
        return own.hitsAll(coreOf[cpu], (int) (line >> LINE_SHIFT), lines, write) ? count : 0;
    }

    /** A processor reads or writes all of {@code [address, address + bytes)}. */
    void access(int cpu, long address, int bytes, boolean write) {
        clear();
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            accessFrame(cpu, (int) (line >> LINE_SHIFT), lines(line, last), write);
        }
    }

    /** A device writes it: what caches hold of it is no longer true. */
    void deviceWrites(long address, int bytes) {
        clear();
        long end = address + bytes;
        long last = (end - 1) >> LINE_SHIFT;
        long firstWhole = (address + LINES_MASK) >> LINE_SHIFT;
        long lastWhole = (end >> LINE_SHIFT) - 1;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            int frame = (int) (line >> LINE_SHIFT);
            long whole = Math.max(line, firstWhole) > lastWhole ? 0 : lines(Math.max(line, firstWhole), lastWhole);
            long touched = lines(line, last);
            takeAway(frame, touched, touched & ~whole, touched);
        }
    }

    /** A device reads it: caches supply what they have changed, and keep it. */
    void deviceReads(long address, int bytes) {
        clear();
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            takeAway((int) (line >> LINE_SHIFT), lines(line, last), -1L, 0);
        }
    }

    /** Whether any cache holds a line of it. */
    boolean holds(long address, int bytes) {
        long last = (address + bytes - 1) >> LINE_SHIFT;
        for (long line = address >> LINE_SHIFT; line <= last; line = (line | LINES_MASK) + 1) {
            for (CacheCluster cluster : clusters) {
                if ((cluster.held((int) (line >> LINE_SHIFT)) & lines(line, last)) != 0) {
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

    private void accessFrame(int cpu, int frame, long lines, boolean write) {
        CacheCluster own = clusters[clusterOf[cpu]];
        int core = coreOf[cpu];
        own.look(core, frame, lines);
        first += Long.bitCount(own.hitsFirst);
        if (own.missing != 0 || (write && own.unchanged != 0)) {
            fetch(own, clusterOf[cpu], frame, write ? lines : 0);
        }
        second += Long.bitCount(own.hitsSecond);
        own.fill(core, frame);
        if (write) {
            own.change(core, lines);
        }
        writtenBack += own.writtenBack;
        own.writtenBack = 0;
    }

    /** Gets what is missing from other clusters or from memory; lines to be written leave the other clusters. */
    private void fetch(CacheCluster own, int number, int frame, long toWrite) {
        long missing = own.missing;
        long wanted = missing | own.alongside;
        int at = holders.of(frame) + 1;
        long holding = holders.words[at];
        long others = clusters.length > Long.SIZE ? holding : holding & ~(1L << number);
        long supplied = others == 0 ? 0 : snoop(number, frame, others, wanted | toWrite, toWrite);
        holders.words[at] |= 1L << number;
        long fromMemory = missing & ~supplied;
        remote += Long.bitCount(missing & supplied);
        memory += Long.bitCount(fromMemory);
        followers += fetchesPairs ? Long.bitCount(fromMemory & (fromMemory & EVEN) << 1) : 0;
        fetched += Long.bitCount(wanted & ~supplied);
    }

    /** Cleans lines in other clusters than {@code except} and drops some of them; answers which had been changed there. */
    private long snoop(int except, int frame, long holding, long cleaned, long dropped) {
        long changed = 0;
        for (long bits = holding; bits != 0; bits &= bits - 1) {
            for (int i = Long.numberOfTrailingZeros(bits); i < clusters.length; i += Long.SIZE) {
                if (i != except) {
                    changed |= snoop(clusters[i], i, frame, cleaned, dropped);
                }
            }
        }
        writtenBack += Long.bitCount(changed);
        return changed;
    }

    private long snoop(CacheCluster cluster, int number, int frame, long cleaned, long dropped) {
        long held = cluster.held(frame);
        long changed = (held & cleaned) == 0 ? 0 : cluster.clean(frame, held & cleaned);
        if ((held & dropped) != 0) {
            cluster.drop(frame, dropped);
        } else if (held == 0 && clusters.length <= Long.SIZE) {
            holders.words[holders.find(frame) + 1] &= ~(1L << number);
        }
        return changed;
    }

    private void takeAway(int frame, long lines, long cleaned, long dropped) {
        long holding = holders.words[holders.find(frame) + 1];
        if (holding != 0) {
            snoop(-1, frame, holding, lines & cleaned, dropped);
        }
    }
}
