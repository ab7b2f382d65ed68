package org.ioatlab.hardware.memory;

/**
 * A second-level cache and the first-level caches of the cores that share it. The second level holds all that a first level holds; a line that was
 * written is marked once for both, since moving it between them takes no bus.
 */
final class CacheCluster {
    private static final int LINE_BITS = 6;

    private final SecondLevel second;
    private final FirstLevel[] first;
    private final int[] victims = new int[Long.SIZE];

    CacheCluster(int cores, CacheSizes sizes) {
        second = new SecondLevel(sizes.secondLevelLines(), sizes.secondLevelWays());
        first = new FirstLevel[cores];
        for (int core = 0; core < cores; core++) {
            first[core] = new FirstLevel(sizes.firstLevelLines(), sizes.firstLevelWays());
        }
    }

    int cores() {
        return first.length;
    }

    FirstLevel firstLevel(int core) {
        return first[core];
    }

    SecondLevel secondLevel() {
        return second;
    }

    /** Empties all. */
    void clear() {
        second.clear();
        for (FirstLevel level : first) {
            level.clear();
        }
    }

    /** All lines of a frame that lie here; those of {@code lines} are marked as used. */
    long look(int number, long lines) {
        second.reserve(number);
        long present = second.present(number);
        second.use(lines & present, number);
        return present;
    }

    /** Lines of a frame that were changed here. */
    long changed(int number) {
        return second.changed(number);
    }

    /** Puts lines in that aren't there; answers how many changed lines had to leave for memory. */
    int install(long lines, int frame, int number) {
        int count = second.install(lines, frame, number, victims);
        int changed = 0;
        for (int i = 0; i < count; i++) {
            changed += evict(victims[i]);
        }
        return changed;
    }

    /**
     * Brings lines to a core's first level.
     *
     * @param here lines that may lie there already
     * @param installed lines that have just come in
     * @return how many did lie there
     */
    int bring(int core, int frame, int number, long here, long installed) {
        long present = second.present(number);
        return first[core].bring(here & present, installed & present, frame, number);
    }

    /** Marks lines that the core has just looked at as changed; other cores of the cluster lose them. */
    void change(int core, int number, long lines) {
        second.change(lines & second.present(number), number);
        dropFromOthers(core, number, lines);
    }

    /** Takes lines out of the first levels of all cores but {@code core}. */
    void dropFromOthers(int core, int number, long lines) {
        for (int other = 0; other < first.length; other++) {
            if (other != core) {
                first[other].drop(lines, number);
            }
        }
    }

    /** Lines of a frame that it holds. */
    long held(int number) {
        return second.present(number);
    }

    /** Lines among {@code lines}, which it holds, that were changed here; they stay, unchanged from now on. */
    long clean(int number, long lines) {
        long changed = lines & second.changed(number);
        second.clean(changed, number);
        return changed;
    }

    /** Drops lines that it holds; answers which had been changed. */
    long drop(int number, long lines) {
        long changed = lines & second.changed(number);
        second.drop(lines, number);
        for (FirstLevel level : first) {
            level.drop(lines, number);
        }
        return changed;
    }

    /** A line that the second level has given up leaves the first ones too, and goes to memory if it was changed. */
    private int evict(int tag) {
        int from = tag >>> LINE_BITS;
        long bit = 1L << tag;
        for (FirstLevel level : first) {
            level.drop(bit, from);
        }
        boolean changed = (second.changed(from) & bit) != 0;
        second.clean(bit, from);
        return changed ? 1 : 0;
    }
}
