package org.ioatlab.hardware.memory;

import java.util.Arrays;

/**
 * Which lines lie in a second-level cache. Free ways of a set are filled first; then the hand of the set's clock goes round and takes
 * the first line that wasn't used since it last came by (second chance), as a stand-in for the pseudo-LRU of real caches.
 *
 * <p>What is known of a line is one bit in each of a frame's few words, so that many lines are looked up at once. A line that is dropped keeps its
 * way until it returns or the clock's hand takes it.
 */
final class SecondLevel {
    private static final int WORDS_SHIFT = 2;

    /** The first of a frame's words: which of its lines were used since the hand came by. */
    private static final int USED = 0;

    /** Lines that were written since they came in. */
    private static final int CHANGED = 1;

    /** Lines that have a way. */
    private static final int PLACED = 2;

    /** Lines that were dropped; of meaning for those that have a way. */
    private static final int DROPPED = 3;

    private static final long ODD = 0x9e3779b185ebca87L;
    private static final int ROTATION = 29;
    private static final int LINE_BITS = 6;
    private static final int HAND_SHIFT = 16;

    private final int ways;
    private final int setCount;
    private final int allWays;

    /** What lies in each way: its frame's number, and the line among the frame's 64. */
    private int[] tags = {};

    /** A bit for each way that was ever filled, and above them the clock's hand. */
    private int[] sets = {};

    /** By frame number; grows with the frames that have lines here. */
    private long[] words = {};

    /** A hash over all lines that had to leave their way, in their order. */
    private long evictions;

    /** @param lines size, rounded down to a power of two of sets */
    SecondLevel(int lines, int ways) {
        this.ways = ways;
        setCount = Math.max(1, Integer.highestOneBit(lines / ways));
        allWays = (1 << ways) - 1;
    }

    /** Takes all lines out. */
    void clear() {
        tags = new int[0];
        sets = new int[0];
        words = new long[0];
        evictions = 0;
    }

    /** Makes room for what is known of a frame, before the first of its lines is put in. */
    void reserve(int number) {
        if (number << WORDS_SHIFT >= words.length) {
            words = Arrays.copyOf(words, FrameNumbers.roomFor(number) << WORDS_SHIFT);
        }
        if (sets.length == 0) {
            sets = new int[setCount];
            tags = new int[setCount * ways];
        }
    }

    /** A frame's lines that it holds. */
    long present(int number) {
        int at = number << WORDS_SHIFT;
        return at < words.length ? words[at + PLACED] & ~words[at + DROPPED] : 0;
    }

    /** Whether it holds all of a frame's {@code lines}. */
    boolean holds(long lines, int number) {
        int at = number << WORDS_SHIFT;
        return at < words.length && (lines & (words[at + DROPPED] | ~words[at + PLACED])) == 0;
    }

    /** Lines of a frame with room that were changed since they came in. */
    long changed(int number) {
        return words[(number << WORDS_SHIFT) + CHANGED];
    }

    /** Marks lines, which it holds, as used, unless they are to be written and not all of them were already; answers whether it did. */
    boolean useIfReady(long lines, int number, boolean write) {
        int at = number << WORDS_SHIFT;
        if (write && (lines & ~words[at + CHANGED]) != 0) {
            return false;
        }
        words[at + USED] |= lines;
        return true;
    }

    /** Marks lines of a frame with room as used. */
    void use(long lines, int number) {
        words[(number << WORDS_SHIFT) + USED] |= lines;
    }

    /** A hash over which lines were used and which had to leave: what hits change that nobody notes, and what came of it. */
    long hash() {
        long hash = evictions;
        for (int at = USED; at < words.length; at += 1 << WORDS_SHIFT) {
            hash = mixed(hash, words[at]);
        }
        return hash;
    }

    private static long mixed(long hash, long value) {
        return (Long.rotateLeft(hash, ROTATION) ^ value) * ODD;
    }

    /** Marks lines that it holds as changed. */
    void change(long lines, int number) {
        words[(number << WORDS_SHIFT) + CHANGED] |= lines;
    }

    /** Marks lines of a frame with room as unchanged. */
    void clean(long lines, int number) {
        words[(number << WORDS_SHIFT) + CHANGED] &= ~lines;
    }

    /** Takes out lines that it holds. */
    void drop(long lines, int number) {
        int at = number << WORDS_SHIFT;
        words[at + USED] &= ~lines;
        words[at + DROPPED] |= lines;
        words[at + CHANGED] &= ~lines;
    }

    /**
     * Puts lines in that aren't there.
     *
     * @param victims room for the tags of the lines that have to leave, which stay marked as changed if they were
     * @return how many these are
     */
    int install(long lines, int frame, int number, int[] victims) {
        int at = number << WORDS_SHIFT;
        long placed = words[at + PLACED];
        words[at + DROPPED] &= ~lines;
        int count = 0;
        for (long bits = lines & ~placed; bits != 0; bits &= bits - 1) {
            int line = Long.numberOfTrailingZeros(bits);
            int set = ((frame << LINE_BITS) + line) & setCount - 1;
            int state = sets[set];
            int way = state >>> HAND_SHIFT;
            if ((state & allWays) == allWays) {
                way = hand(set * ways, way);
                int victim = tags[set * ways + way];
                int of = victim >>> LINE_BITS << WORDS_SHIFT;
                words[of + PLACED] &= ~(1L << victim);
                victims[count] = victim;
                evictions = mixed(evictions, victim);
                count += (int) (~words[of + DROPPED] >>> victim) & 1;
                sets[set] = allWays | (way + 1 == ways ? 0 : way + 1) << HAND_SHIFT;
            } else {
                way = Integer.numberOfTrailingZeros(~state);
                sets[set] = state | 1 << way;
            }
            tags[set * ways + way] = number << LINE_BITS | line;
            words[at + PLACED] |= 1L << line;
        }
        return count;
    }

    /** Where the hand stops: at a line that wasn't used since it came by. */
    private int hand(int first, int from) {
        int way = from;
        while (true) {
            int tag = tags[first + way];
            int of = (tag >>> LINE_BITS << WORDS_SHIFT) + USED;
            long used = words[of];
            if ((used >>> tag & 1) == 0) {
                return way;
            }
            words[of] = used & ~(1L << tag);
            way = way + 1 == ways ? 0 : way + 1;
        }
    }
}
