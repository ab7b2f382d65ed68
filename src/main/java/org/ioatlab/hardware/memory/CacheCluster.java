package org.ioatlab.hardware.memory;

/**
 * A second-level cache and the first-level caches of the cores that share it. The second level holds all that a first level holds; a line that was
 * written is marked once for both, since moving it between them costs no bus.
 */
final class CacheCluster {
    private static final int PRESENT = 0;
    private static final int DIRTY = 2;
    private static final int FIRST_LEVEL = 3;
    private static final int FIRST_LEVEL_WORDS = 2;
    private static final long EVEN = 0x5555_5555_5555_5555L;

    private final CacheRecords records;
    private final CacheLevel second;
    private final CacheLevel[] first;
    private final boolean fetchesPairs;

    /** What the last access found. */
    long hitsFirst;

    long hitsSecond;
    long missing;

    /** Lines that came along with the missing ones. */
    long alongside;

    /** Changed lines that had to leave; counted up until somebody takes them. */
    int writtenBack;

    CacheCluster(int frames, int cores, CacheSizes sizes) {
        records = new CacheRecords(frames, FIRST_LEVEL + FIRST_LEVEL_WORDS * cores);
        second = new CacheLevel(sizes.secondLevelLines(), sizes.secondLevelWays(), PRESENT);
        first = new CacheLevel[cores];
        for (int core = 0; core < cores; core++) {
            first[core] = new CacheLevel(sizes.firstLevelLines(), sizes.firstLevelWays(), firstAt(core));
        }
        fetchesPairs = sizes.linesPerMiss() > 1;
    }

    private static int firstAt(int core) {
        return FIRST_LEVEL + FIRST_LEVEL_WORDS * core;
    }

    /** Looks for lines of a frame on behalf of a core and marks those found as used. */
    void look(int core, int frame, long lines) {
        long[] block = records.block(frame);
        int at = records.at(frame);
        int own = at + firstAt(core);
        hitsFirst = lines & block[own];
        block[own + 1] |= hitsFirst;
        long present = block[at];
        block[at + 1] |= lines & present;
        hitsSecond = lines & present & ~hitsFirst;
        missing = lines & ~present;
        alongside = fetchesPairs ? partners(missing) & ~missing & ~present : 0;
    }

    private static long partners(long lines) {
        return ((lines & EVEN) << 1) | ((lines >>> 1) & EVEN);
    }

    /** Puts in what {@link #look} didn't find. */
    void fill(int core, int frame) {
        if ((missing | hitsSecond) == 0) {
            return;
        }
        long[] block = records.block(frame);
        int at = records.at(frame);
        int base = frame << CacheRecords.FRAME_SHIFT;
        for (long bits = missing | alongside; bits != 0; bits &= bits - 1) {
            int victim = second.install(base + Long.numberOfTrailingZeros(bits), records);
            block[at] |= bits & -bits;
            if (victim != CacheLevel.NONE) {
                evict(victim);
            }
        }
        int own = at + firstAt(core);
        for (long bits = (missing | hitsSecond) & block[at]; bits != 0; bits &= bits - 1) {
            first[core].install(base + Long.numberOfTrailingZeros(bits), records);
            block[own] |= bits & -bits;
        }
    }

    /** A line that the second level has given up leaves the first ones too, and goes to memory if it was changed. */
    private void evict(int line) {
        int frame = line >> CacheRecords.FRAME_SHIFT;
        long[] block = records.block(frame);
        int at = records.at(frame);
        long bit = 1L << line;
        if ((block[at + DIRTY] & bit) != 0) {
            block[at + DIRTY] &= ~bit;
            writtenBack++;
        }
        for (int core = 0; core < first.length; core++) {
            dropFrom(core, block, at, frame, bit);
        }
    }

    /** Marks lines that the core holds as changed; other cores of the cluster lose them. */
    void change(int core, int frame, long lines) {
        long[] block = records.block(frame);
        int at = records.at(frame);
        block[at + DIRTY] |= lines & block[at];
        for (int other = 0; other < first.length; other++) {
            if (other != core) {
                dropFrom(other, block, at, frame, lines);
            }
        }
    }

    private void dropFrom(int core, long[] block, int at, int frame, long lines) {
        int own = at + firstAt(core);
        long held = lines & block[own];
        for (long bits = held; bits != 0; bits &= bits - 1) {
            first[core].remove((frame << CacheRecords.FRAME_SHIFT) + Long.numberOfTrailingZeros(bits));
        }
        block[own] &= ~held;
        block[own + 1] &= ~held;
    }

    /** Lines of a frame that it holds. */
    long held(int frame) {
        long[] block = records.blockIfAny(frame);
        return block == null ? 0 : block[records.at(frame)];
    }

    /** Lines among {@code lines} that were changed here; they stay, unchanged from now on. */
    long clean(int frame, long lines) {
        long[] block = records.block(frame);
        int at = records.at(frame) + DIRTY;
        long changed = lines & block[at];
        block[at] &= ~changed;
        return changed;
    }

    /** Drops lines that it holds, changed or not. */
    void drop(int frame, long lines) {
        long[] block = records.block(frame);
        int at = records.at(frame);
        long held = lines & block[at];
        for (long bits = held; bits != 0; bits &= bits - 1) {
            second.remove((frame << CacheRecords.FRAME_SHIFT) + Long.numberOfTrailingZeros(bits));
        }
        block[at] &= ~held;
        block[at + 1] &= ~held;
        block[at + DIRTY] &= ~held;
        for (int core = 0; core < first.length; core++) {
            dropFrom(core, block, at, frame, held);
        }
    }
}
