package org.ioatlab.hardware.memory;

/**
 * Which lines lie in the ways of a set-associative cache. Free ways are filled first; then the hand of the set's clock goes round and takes
 * the first line that wasn't used since it last came by (second chance), as a stand-in for the pseudo-LRU of real caches.
 *
 * <p>Whether a line is present and used stands in {@link CacheCluster}'s records by page frame, one bit a line.
 */
final class CacheLevel {
    static final int NONE = -1;

    /** More ways than this have no place in a set's word. */
    static final int MOST_WAYS = 16;

    private static final int HAND_SHIFT = 16;

    private final int ways;
    private final int setMask;
    private final int allWays;
    private final int presentAt;
    private final int[] tags;

    /** A bit for each way in use, and above them the clock's hand. */
    private final int[] sets;

    /**
     * @param lines size, rounded down to a power of two of sets
     * @param presentAt place of the level's presence bits in a record; those of use follow
     */
    CacheLevel(int lines, int ways, int presentAt) {
        this.ways = ways;
        this.presentAt = presentAt;
        int count = Math.max(1, Integer.highestOneBit(lines / ways));
        setMask = count - 1;
        allWays = (1 << ways) - 1;
        tags = new int[count * ways];
        sets = new int[count];
    }

    /** Puts a line in that isn't there; answers the line that had to leave, or {@link #NONE}. */
    int install(int line, CacheRecords records) {
        int set = line & setMask;
        int first = set * ways;
        int state = sets[set];
        int free = allWays & ~state;
        if (free != 0) {
            int way = Integer.numberOfTrailingZeros(free);
            sets[set] = state | 1 << way;
            tags[first + way] = line;
            return NONE;
        }
        return replace(line, set, first, state >>> HAND_SHIFT, records);
    }

    private int replace(int line, int set, int first, int from, CacheRecords records) {
        int hand = from;
        while (true) {
            int at = first + hand;
            int candidate = tags[at];
            hand = hand + 1 == ways ? 0 : hand + 1;
            if (!records.takeChance(candidate, presentAt)) {
                tags[at] = line;
                sets[set] = allWays | hand << HAND_SHIFT;
                return candidate;
            }
        }
    }

    /** Takes out a line that is there. */
    void remove(int line) {
        int set = line & setMask;
        int at = set * ways;
        int way = 0;
        while (tags[at + way] != line || (sets[set] & 1 << way) == 0) {
            way++;
        }
        sets[set] &= ~(1 << way);
    }
}
