package org.ioatlab.hardware.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a group of caches knows of each page frame: a record of 64-bit words, one bit a line, the frame's number in front. A frame gets its record
 * when one of its lines is first needed, and keeps it.
 */
final class CacheRecords {
    static final int NO_RECORD = 0;
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int INDEX_MASK = BLOCK_FRAMES - 1;
    private static final int FIRST_CAPACITY = 1024;

    private final int stride;

    /** All records, one after the other, the first of them nobody's; replaced when it gets too small. */
    long[] words;

    private final int[] @Nullable [] places;
    private int end;

    CacheRecords(int frames, int stride) {
        this.stride = stride;
        end = stride;
        words = new long[FIRST_CAPACITY * stride];
        places = new int[(frames + BLOCK_FRAMES - 1) >> BLOCK_SHIFT] @Nullable [];
    }

    /** Where a frame's record begins, {@link #NO_RECORD} if it has none. */
    int find(int frame) {
        int[] block = places[frame >> BLOCK_SHIFT];
        return block == null ? NO_RECORD : block[frame & INDEX_MASK];
    }

    /** The same, after giving it one. */
    int of(int frame) {
        int record = find(frame);
        return record == NO_RECORD ? add(frame) : record;
    }

    private int add(int frame) {
        int[] block = places[frame >> BLOCK_SHIFT];
        if (block == null) {
            block = new int[BLOCK_FRAMES];
            places[frame >> BLOCK_SHIFT] = block;
        }
        int record = end;
        end += stride;
        if (end > words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[record] = frame;
        block[frame & INDEX_MASK] = record;
        return record;
    }
}
