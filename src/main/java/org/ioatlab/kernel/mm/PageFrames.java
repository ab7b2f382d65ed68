package org.ioatlab.kernel.mm;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's map of page frames: for each its state, use count, pins, and the links of the list it is on. Frames come in blocks of
 * {@link #BLOCK_FRAMES} (4 MiB, the largest block of the buddy system); a block's entries are allocated when it is first split.
 */
final class PageFrames {
    static final int BLOCK_ORDER = 10;
    static final int BLOCK_FRAMES = 1 << BLOCK_ORDER;
    static final int NONE = -1;

    static final byte FREE = 1;
    static final byte ALLOCATED = 2;
    static final byte DIRTY = 4;
    static final byte HOT = 8;

    private static final int MASK = BLOCK_FRAMES - 1;

    private final @Nullable Entries[] blocks;

    /** The entries of one block. */
    private static final class Entries {
        final int[] next = new int[BLOCK_FRAMES];
        final int[] previous = new int[BLOCK_FRAMES];
        final byte[] order = new byte[BLOCK_FRAMES];
        final byte[] state = new byte[BLOCK_FRAMES];
        short @Nullable [] pins;

        @Nullable
        Slab @Nullable [] slabs;

        boolean changed = true;
        long hash;
    }

    PageFrames(int frames) {
        blocks = new @Nullable Entries[frames / BLOCK_FRAMES];
    }

    int frames() {
        return blocks.length * BLOCK_FRAMES;
    }

    int next(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block == null ? NONE : block.next[frame & MASK];
    }

    int previous(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block == null ? NONE : block.previous[frame & MASK];
    }

    void link(int frame, int previous, int next) {
        Entries block = entries(frame);
        block.previous[frame & MASK] = previous;
        block.next[frame & MASK] = next;
    }

    void setNext(int frame, int next) {
        entries(frame).next[frame & MASK] = next;
    }

    void setPrevious(int frame, int previous) {
        entries(frame).previous[frame & MASK] = previous;
    }

    int order(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block == null ? BLOCK_ORDER : block.order[frame & MASK];
    }

    boolean is(int frame, byte flag) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block != null && (block.state[frame & MASK] & flag) != 0;
    }

    /** Gives the frame (the first of a block of {@code order}) a new state without pins or dirty mark. */
    void become(int frame, byte state, int order) {
        Entries block = entries(frame);
        block.state[frame & MASK] = state;
        block.order[frame & MASK] = (byte) order;
    }

    void mark(int frame, byte flag) {
        entries(frame).state[frame & MASK] |= flag;
    }

    void clear(int frame, byte flag) {
        entries(frame).state[frame & MASK] &= (byte) ~flag;
    }

    int pins(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block == null || block.pins == null ? 0 : block.pins[frame & MASK];
    }

    void addPins(int frame, int change) {
        Entries block = entries(frame);
        if (block.pins == null) {
            block.pins = new short[BLOCK_FRAMES];
        }
        block.pins[frame & MASK] += (short) change;
    }

    @Nullable
    Slab slab(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        return block == null || block.slabs == null ? null : block.slabs[frame & MASK];
    }

    void setSlab(int frame, @Nullable Slab slab) {
        Entries block = entries(frame);
        if (block.slabs == null) {
            block.slabs = new @Nullable Slab[BLOCK_FRAMES];
        }
        block.slabs[frame & MASK] = slab;
    }

    /** Feeds states, orders and pins; links are fed by the lists. Only blocks changed since the last call are read. */
    void hashInto(StateHash hash) {
        for (int i = 0; i < blocks.length; i++) {
            Entries block = blocks[i];
            if (block != null) {
                hash.put(i);
                hash.put(hashOf(block));
            }
        }
    }

    private static long hashOf(Entries block) {
        if (block.changed) {
            long value = 0;
            for (int i = 0; i < BLOCK_FRAMES; i++) {
                int pins = block.pins == null ? 0 : block.pins[i];
                value = value * 0x9e3779b97f4a7c15L + (block.state[i] | block.order[i] << 8 | pins << 16);
                value = (value ^ (value >>> 29)) + block.next[i] * 31L + block.previous[i];
            }
            block.hash = value;
            block.changed = false;
        }
        return block.hash;
    }

    private Entries entries(int frame) {
        Entries block = blocks[frame >> BLOCK_ORDER];
        if (block == null) {
            block = new Entries();
            blocks[frame >> BLOCK_ORDER] = block;
        }
        block.changed = true;
        return block;
    }
}
