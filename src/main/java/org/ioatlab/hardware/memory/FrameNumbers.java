package org.ioatlab.hardware.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Small numbers for the page frames whose lines caches have held, in the order of their first use; what is known of a frame is found by its number. */
final class FrameNumbers {
    /** The number of frames that have none yet; what is found there is empty. */
    static final int NONE = 0;

    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int INDEX_MASK = BLOCK_FRAMES - 1;

    private static final int FEW = 64;
    private static final int MANY = 1024;

    private final int[] @Nullable [] blocks;
    private int count = 1;

    /** @param frames how many there are, from 0 on */
    FrameNumbers(int frames) {
        blocks = new int[(frames + BLOCK_FRAMES - 1) >> BLOCK_SHIFT] @Nullable [];
    }

    /** For how many numbers to have room when there is none for {@code number}: machines that do little get by with few frames. */
    static int roomFor(int number) {
        return number < FEW ? FEW : Math.max(MANY, 2 * number);
    }

    /** Forgets all numbers. */
    void clear() {
        Arrays.fill(blocks, null);
        count = 1;
    }

    /** A frame's number, or {@link #NONE}. */
    int find(int frame) {
        int[] block = blocks[frame >> BLOCK_SHIFT];
        return block == null ? NONE : block[frame & INDEX_MASK];
    }

    /** The same, after giving it one. */
    int of(int frame) {
        int number = find(frame);
        return number == NONE ? add(frame) : number;
    }

    private int add(int frame) {
        int[] block = blocks[frame >> BLOCK_SHIFT];
        if (block == null) {
            block = new int[BLOCK_FRAMES];
            blocks[frame >> BLOCK_SHIFT] = block;
        }
        block[frame & INDEX_MASK] = count;
        return count++;
    }
}
