package org.ioatlab.hardware.memory;

import java.util.Arrays;

/**
 * A first-level cache whose ways are filled in turn: a line lies in it while its set has been filled fewer times since than there are ways. So nothing is
 * kept of who lies where, and nobody has to be looked for who leaves. Stands in for the pseudo-LRU of real caches.
 */
final class FirstLevel {
    private static final int LINE_BITS = 6;
    private static final int LINES_MASK = 63;
    private static final int[] NOTHING = {};

    private final int ways;
    private final int sets;
    private final int firstFilling;

    /** How often each set has been filled. Made with the first. */
    private int[] fills = NOTHING;

    /** For each line of each frame which filling of its set brought it; 0 for none. Grows with the frames that have lines here. */
    private int[] filledBy = NOTHING;

    /** @param lines size, rounded down to a power of two of sets */
    FirstLevel(int lines, int ways) {
        this(lines, ways, ways);
    }

    /** @param firstFilling where each set begins to count: 0 to {@code ways} - 1 would look like lines that it has */
    FirstLevel(int lines, int ways, int firstFilling) {
        this.ways = ways;
        this.firstFilling = firstFilling;
        sets = Math.max(1, Integer.highestOneBit(lines / ways));
    }

    /** Takes all lines out. */
    void clear() {
        fills = NOTHING;
        filledBy = NOTHING;
    }

    /** Whether it has a line of a frame. Where there is room for that, all sets have been made. */
    boolean holds(int line, int number) {
        int at = (number << LINE_BITS) + (line & LINES_MASK);
        return at < filledBy.length && isHere(line & (fills.length - 1), at);
    }

    /**
     * Gets those lines of a frame that it hasn't.
     *
     * @param lines some that may be here
     * @param others some that aren't
     * @return how many were here
     */
    int bring(long lines, long others, int frame, int number) {
        long found = find(lines, frame, number);
        fill((lines & ~found) | others, frame, number);
        return Long.bitCount(found);
    }

    /** The same without others; nothing is filled when all are here. */
    int reach(long lines, int frame, int number) {
        long found = find(lines, frame, number);
        if (found != lines) {
            fill(lines & ~found, frame, number);
        }
        return Long.bitCount(found);
    }

    private long find(long lines, int frame, int number) {
        int base = number << LINE_BITS;
        if (base >= filledBy.length) {
            makeRoom(number);
        }
        int firstSet = frame << LINE_BITS;
        long found = 0;
        for (long bits = lines; bits != 0; bits &= bits - 1) {
            int line = Long.numberOfTrailingZeros(bits);
            if (isHere(firstSet + line & sets - 1, base + line)) {
                found |= 1L << line;
            }
        }
        return found;
    }

    private void fill(long lines, int frame, int number) {
        int base = number << LINE_BITS;
        int firstSet = frame << LINE_BITS;
        for (long bits = lines; bits != 0; bits &= bits - 1) {
            int line = Long.numberOfTrailingZeros(bits);
            filledBy[base + line] = next(firstSet + line & sets - 1);
        }
    }

    /** The numbers of fillings come round, so their distance has no sign. */
    private boolean isHere(int set, int at) {
        return Integer.compareUnsigned(fills[set] - filledBy[at], ways) < 0;
    }

    /** Takes lines out. */
    void drop(long lines, int number) {
        int base = number << LINE_BITS;
        if (base < filledBy.length) {
            for (long bits = lines; bits != 0; bits &= bits - 1) {
                filledBy[base + Long.numberOfTrailingZeros(bits)] = 0;
            }
        }
    }

    private void makeRoom(int number) {
        filledBy = Arrays.copyOf(filledBy, FrameNumbers.roomFor(number) << LINE_BITS);
        if (fills.length == 0) {
            fills = new int[sets];
            Arrays.fill(fills, firstFilling);
        }
    }

    /** The number of a set's next filling; those that would look like none are left out when numbers come round. */
    private int next(int set) {
        int number = fills[set] + 1;
        fills[set] = number >= 0 && number < ways ? ways : number;
        return fills[set];
    }
}
