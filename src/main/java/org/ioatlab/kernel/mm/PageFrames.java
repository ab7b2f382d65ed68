package org.ioatlab.kernel.mm;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's map of page frames: for each its state, use count, pins, and the links of the list it is on. Entries come in chunks of
 * 64 that are allocated when one of their frames is first named.
 */
final class PageFrames {
    static final int BLOCK_ORDER = 10;
    static final int BLOCK_FRAMES = 1 << BLOCK_ORDER;
    static final int NONE = -1;

    static final byte FREE = 1;
    static final byte ALLOCATED = 2;
    static final byte DIRTY = 4;
    static final byte HOT = 8;

    private static final int CHUNK_SHIFT = 6;
    private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;
    private static final int MASK = CHUNK_FRAMES - 1;

    private final @Nullable Chunk[] chunks;

    /** The entries of consecutive frames. */
    private static final class Chunk {
        final int[] next = new int[CHUNK_FRAMES];
        final int[] previous = new int[CHUNK_FRAMES];
        final byte[] order = new byte[CHUNK_FRAMES];
        final byte[] state = new byte[CHUNK_FRAMES];
        int @Nullable [] pins;
        int @Nullable [] sharers;

        @Nullable
        Slab @Nullable [] slabs;

        boolean changed = true;
        long hash;
    }

    /** @param frames a multiple of {@link #BLOCK_FRAMES} */
    PageFrames(int frames) {
        chunks = new @Nullable Chunk[frames >> CHUNK_SHIFT];
    }

    int frames() {
        return chunks.length << CHUNK_SHIFT;
    }

    int next(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null ? NONE : chunk.next[frame & MASK];
    }

    int previous(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null ? NONE : chunk.previous[frame & MASK];
    }

    void link(int frame, int previous, int next) {
        Chunk chunk = chunk(frame);
        chunk.previous[frame & MASK] = previous;
        chunk.next[frame & MASK] = next;
    }

    void setNext(int frame, int next) {
        chunk(frame).next[frame & MASK] = next;
    }

    void setPrevious(int frame, int previous) {
        chunk(frame).previous[frame & MASK] = previous;
    }

    int order(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null ? 0 : chunk.order[frame & MASK];
    }

    boolean is(int frame, byte flag) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk != null && (chunk.state[frame & MASK] & flag) != 0;
    }

    /** The first frame of the allocated block that {@code frame} lies in, or {@link #NONE}. */
    int firstOf(int frame) {
        for (int order = 0; order <= BLOCK_ORDER; order++) {
            int first = frame & -(1 << order);
            if (is(first, ALLOCATED)) {
                return frame < first + (1 << order(first)) ? first : NONE;
            }
        }
        return NONE;
    }

    /** Gives the frame (the first of a block of {@code order}) a new state without dirty mark. */
    void become(int frame, byte state, int order) {
        Chunk chunk = chunk(frame);
        chunk.state[frame & MASK] = state;
        chunk.order[frame & MASK] = (byte) order;
    }

    void mark(int frame, byte flag) {
        chunk(frame).state[frame & MASK] |= flag;
    }

    void clear(int frame, byte flag) {
        if (is(frame, flag)) {
            chunk(frame).state[frame & MASK] &= (byte) ~flag;
        }
    }

    int pins(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null || chunk.pins == null ? 0 : chunk.pins[frame & MASK];
    }

    void addPins(int frame, int change) {
        Chunk chunk = chunk(frame);
        if (chunk.pins == null) {
            chunk.pins = new int[CHUNK_FRAMES];
        }
        chunk.pins[frame & MASK] += change;
    }

    /** Users of the block that begins here, besides the one that it was allocated for. */
    int sharers(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null || chunk.sharers == null ? 0 : chunk.sharers[frame & MASK];
    }

    void addSharers(int frame, int change) {
        Chunk chunk = chunk(frame);
        if (chunk.sharers == null) {
            chunk.sharers = new int[CHUNK_FRAMES];
        }
        chunk.sharers[frame & MASK] += change;
    }

    @Nullable
    Slab slab(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null || chunk.slabs == null ? null : chunk.slabs[frame & MASK];
    }

    void setSlab(int frame, @Nullable Slab slab) {
        Chunk chunk = chunk(frame);
        if (chunk.slabs == null) {
            chunk.slabs = new @Nullable Slab[CHUNK_FRAMES];
        }
        chunk.slabs[frame & MASK] = slab;
    }

    /** Feeds states, orders, pins, sharers and links. Only chunks changed since the last call are read. */
    void hashInto(StateHash hash) {
        for (int i = 0; i < chunks.length; i++) {
            Chunk chunk = chunks[i];
            if (chunk != null) {
                hash.put(i);
                hash.put(hashOf(chunk));
            }
        }
    }

    private static long hashOf(Chunk chunk) {
        if (chunk.changed) {
            long value = 0;
            for (int i = 0; i < CHUNK_FRAMES; i++) {
                long pins = chunk.pins == null ? 0 : chunk.pins[i];
                long sharers = chunk.sharers == null ? 0 : chunk.sharers[i];
                value = mix(value + (sharers << 40 | pins << 16 | chunk.order[i] << 8 | chunk.state[i]));
                value = mix(value + ((long) chunk.next[i] << 32 | (chunk.previous[i] & 0xffff_ffffL)));
            }
            chunk.hash = value;
            chunk.changed = false;
        }
        return chunk.hash;
    }

    /** The finalizer of SplitMix64, which maps no two values to one. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private Chunk chunk(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        if (chunk == null) {
            chunk = new Chunk();
            chunks[frame >> CHUNK_SHIFT] = chunk;
        }
        chunk.changed = true;
        return chunk;
    }
}
