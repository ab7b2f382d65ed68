package org.ioatlab.hardware.memory;

import org.jspecify.annotations.Nullable;

/**
 * What a group of caches knows of each page frame: a few words of 64 bits, one bit a line. Allocated on the host in blocks of 64 frames when first
 * needed.
 */
final class CacheRecords {
    static final int FRAME_SHIFT = 6;
    private static final int BLOCK_SHIFT = 6;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;
    private static final int INDEX_MASK = BLOCK_FRAMES - 1;

    private final int words;
    private final long[] @Nullable [] blocks;

    CacheRecords(int frames, int words) {
        this.words = words;
        blocks = new long[(frames + BLOCK_FRAMES - 1) >> BLOCK_SHIFT] @Nullable [];
    }

    /** The words of the frame's block, allocated if need be. */
    long[] block(int frame) {
        long[] block = blocks[frame >> BLOCK_SHIFT];
        if (block == null) {
            block = new long[BLOCK_FRAMES * words];
            blocks[frame >> BLOCK_SHIFT] = block;
        }
        return block;
    }

    /** The same, or null if nothing of the block was ever needed. */
    long @Nullable [] blockIfAny(int frame) {
        return blocks[frame >> BLOCK_SHIFT];
    }

    /** Where the frame's words begin in its block. */
    int at(int frame) {
        return (frame & INDEX_MASK) * words;
    }

    /** Whether a line was used, which is forgotten; if it wasn't, it is no longer present. */
    boolean takeChance(int line, int presentAt) {
        int frame = line >> FRAME_SHIFT;
        long[] block = block(frame);
        int at = at(frame) + presentAt;
        long bit = 1L << line;
        if ((block[at + 1] & bit) != 0) {
            block[at + 1] &= ~bit;
            return true;
        }
        block[at] &= ~bit;
        return false;
    }
}
