package org.ioatlab.hardware.memory;

/**
 * Which lines lie in the ways of a set-associative cache. Free ways are filled first; then the hand of the set's clock goes round and takes
 * the first line that wasn't used since it last came by (second chance), as a stand-in for the pseudo-LRU of real caches.
 *
 * <p>What is known of a line is one bit in each of a few words of {@link CacheRecords}, so that many lines are looked up at once. A line that is dropped
 * keeps its way until it returns or the clock's hand takes it.
 */
final class CacheLevel {
    /** Words of a record that belong to a level; the first tells which lines have a way. */
    static final int WORDS = 3;

    /** Lines used since the hand came by. */
    private static final int USED = 1;

    /** Lines that were dropped; of meaning for those that have a way. */
    private static final int DROPPED = 2;

    private static final int LINE_BITS = 6;
    private static final int HAND_SHIFT = 16;

    private final int ways;
    private final int setMask;
    private final int allWays;
    private final int at;

    /** What lies in each way: where its frame's record begins, and the line among the frame's 64. */
    private final int[] tags;

    /** A bit for each way that was ever filled, and above them the clock's hand. */
    private final int[] sets;

    /**
     * @param lines size, rounded down to a power of two of sets
     * @param at place of the level's words in a record
     */
    CacheLevel(int lines, int ways, int at) {
        this.ways = ways;
        this.at = at;
        int count = Math.max(1, Integer.highestOneBit(lines / ways));
        setMask = count - 1;
        allWays = (1 << ways) - 1;
        tags = new int[count * ways];
        sets = new int[count];
    }

    /** A record's lines that it holds. */
    long present(long[] words, int record) {
        return words[record + at] & ~words[record + at + DROPPED];
    }

    /** Marks lines as used. */
    void use(long lines, long[] words, int record) {
        words[record + at + USED] |= lines;
    }

    /** Takes out those of a record's lines that are there. */
    void drop(long lines, long[] words, int record) {
        words[record + at + USED] &= ~lines;
        words[record + at + DROPPED] |= lines;
    }

    /**
     * Puts lines in that aren't there.
     *
     * @param victims room for the tags of the lines that have to leave
     * @return how many these are
     */
    int install(long lines, int frame, int record, long[] words, int[] victims) {
        long placed = words[record + at];
        words[record + at + DROPPED] &= ~lines;
        int count = 0;
        for (long bits = lines & ~placed; bits != 0; bits &= bits - 1) {
            int line = Long.numberOfTrailingZeros(bits);
            int set = ((frame << LINE_BITS) + line) & setMask;
            int state = sets[set];
            int way = state >>> HAND_SHIFT;
            if ((state & allWays) == allWays) {
                way = hand(set * ways, way, words);
                int victim = tags[set * ways + way];
                int of = (victim >>> LINE_BITS) + at;
                words[of] &= ~(1L << victim);
                victims[count] = victim;
                count += (int) (~words[of + DROPPED] >>> victim) & 1;
                sets[set] = allWays | (way + 1 == ways ? 0 : way + 1) << HAND_SHIFT;
            } else {
                way = Integer.numberOfTrailingZeros(~state);
                sets[set] = state | 1 << way;
            }
            tags[set * ways + way] = record << LINE_BITS | line;
            words[record + at] |= 1L << line;
        }
        return count;
    }

    /** Where the hand stops: at a line that wasn't used since it came by. */
    private int hand(int first, int from, long[] words) {
        int way = from;
        while (true) {
            int tag = tags[first + way];
            int of = (tag >>> LINE_BITS) + at + USED;
            long used = words[of];
            if ((used >>> tag & 1) == 0) {
                return way;
            }
            words[of] = used & ~(1L << tag);
            way = way + 1 == ways ? 0 : way + 1;
        }
    }
}
