package org.ioatlab.hardware.memory;

/**
 * A second-level cache and the first-level caches of the cores that share it. The second level holds all that a first level holds; a line that was
 * written is marked once for both, since moving it between them takes no bus.
 */
final class CacheCluster {
    private static final int SECOND = 1;
    private static final int DIRTY = SECOND + CacheLevel.WORDS;
    private static final int WORDS = DIRTY + 1;
    private static final long EVEN = 0x5555_5555_5555_5555L;
    private static final int LINE_BITS = 6;

    private final CacheRecords records;
    private final CacheLevel second;
    private final FirstLevel[] first;
    private final boolean fetchesPairs;
    private final int[] victims = new int[Long.SIZE];

    /** What the last look found. */
    long hitsFirst;

    long hitsSecond;
    long missing;

    /** Lines that come along with the missing ones. */
    long alongside;

    /** Lines that aren't marked as changed here, so that others may have them too. */
    long unchanged;

    /** Changed lines that had to leave; counted up until somebody takes them. */
    int writtenBack;

    private int record;

    CacheCluster(int frames, int cores, CacheSizes sizes) {
        records = new CacheRecords(frames, WORDS);
        second = new CacheLevel(sizes.secondLevelLines(), sizes.secondLevelWays(), SECOND);
        first = new FirstLevel[cores];
        for (int core = 0; core < cores; core++) {
            first[core] = new FirstLevel(sizes.firstLevelLines(), sizes.firstLevelWays());
        }
        fetchesPairs = sizes.linesPerMiss() > 1;
    }

    /** Whether a core's first level holds all of a frame's lines, which are then marked as used, and a write would change nothing else. */
    boolean hitsAll(int core, int frame, long lines, boolean write) {
        int found = records.find(frame);
        long[] words = records.words;
        if (first[core].present(lines, frame, found / WORDS) != lines
                || (write && (first.length > 1 || (lines & ~words[found + DIRTY]) != 0))) {
            return false;
        }
        second.use(lines, words, found);
        return true;
    }

    /** Looks for lines of a frame on behalf of a core and marks those found as used. */
    void look(int core, int frame, long lines) {
        record = records.of(frame);
        long[] words = records.words;
        long present = second.present(words, record);
        hitsFirst = first[core].present(lines, frame, record / WORDS);
        hitsSecond = lines & present & ~hitsFirst;
        missing = lines & ~present;
        unchanged = lines & ~words[record + DIRTY];
        alongside = fetchesPairs ? partners(missing) & ~missing & ~present : 0;
        second.use(lines & present, words, record);
    }

    /** Puts in what {@link #look} didn't find. */
    void fill(int core, int frame) {
        long[] words = records.words;
        if (missing != 0) {
            int count = second.install(missing | alongside, frame, record, words, victims);
            for (int i = 0; i < count; i++) {
                evict(victims[i], words);
            }
        }
        long held = (missing | hitsSecond) & second.present(words, record);
        if (held != 0) {
            first[core].fill(held, frame, record / WORDS);
        }
    }

    /** Marks lines that the core has just looked at as changed; other cores of the cluster lose them. */
    void change(int core, long lines) {
        long[] words = records.words;
        words[record + DIRTY] |= lines & second.present(words, record);
        for (int other = 0; other < first.length; other++) {
            if (other != core) {
                first[other].drop(lines, record / WORDS);
            }
        }
    }

    /** Lines of a frame that it holds. */
    long held(int frame) {
        return second.present(records.words, records.find(frame));
    }

    /** Lines among {@code lines} that were changed here; they stay, unchanged from now on. */
    long clean(int frame, long lines) {
        int at = records.find(frame) + DIRTY;
        long changed = lines & records.words[at];
        records.words[at] &= ~changed;
        return changed;
    }

    /** Drops lines that it holds, changed or not. */
    void drop(int frame, long lines) {
        int found = records.find(frame);
        long[] words = records.words;
        second.drop(lines, words, found);
        words[found + DIRTY] &= ~lines;
        for (FirstLevel level : first) {
            level.drop(lines, found / WORDS);
        }
    }

    /** A line that the second level has given up leaves the first ones too, and goes to memory if it was changed. */
    private void evict(int tag, long[] words) {
        int from = tag >>> LINE_BITS;
        long bit = 1L << tag;
        if ((words[from + DIRTY] & bit) != 0) {
            words[from + DIRTY] &= ~bit;
            writtenBack++;
        }
        for (FirstLevel level : first) {
            level.drop(bit, from / WORDS);
        }
    }

    private static long partners(long lines) {
        return ((lines & EVEN) << 1) | ((lines >>> 1) & EVEN);
    }
}
