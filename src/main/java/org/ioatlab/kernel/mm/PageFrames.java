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
    private static final int ORDER_SHIFT = 8;
    private static final int PINS_SHIFT = 16;
    private static final int SHARERS_SHIFT = 40;
    private static final int BYTE_MASK = 0xff;
    private static final int PINS_MASK = 0xff_ffff;
    private static final long LOW = 0xffff_ffffL;

    private final @Nullable Chunk[] chunks;

    /** The entries of consecutive frames. */
    private static final class Chunk {
        /**
         * Two words a frame, side by side because they are used together: in the first one state and order, 8 bits each, and the numbers of pins and
         * sharers, 24 bits each; in the second one the frame before it on its list and, in the high half, the one behind it.
         */
        final long[] words = new long[2 * CHUNK_FRAMES];

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
        return chunk == null ? NONE : (int) (chunk.words[links(frame)] >>> Integer.SIZE);
    }

    int previous(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null ? NONE : (int) chunk.words[links(frame)];
    }

    void link(int frame, int previous, int next) {
        chunk(frame).words[links(frame)] = (long) next << Integer.SIZE | (previous & LOW);
    }

    void setNext(int frame, int next) {
        link(frame, previous(frame), next);
    }

    void setPrevious(int frame, int previous) {
        link(frame, previous, next(frame));
    }

    int order(int frame) {
        return (int) (use(frame) >>> ORDER_SHIFT) & BYTE_MASK;
    }

    boolean is(int frame, byte flag) {
        return (use(frame) & flag) != 0;
    }

    /** Whether it is an allocated page by itself with a single user, not pinned and without a slab. */
    boolean isPlain(int frame) {
        return (use(frame) & ~(long) DIRTY) == ALLOCATED && slab(frame) == null;
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
        long[] words = chunk(frame).words;
        int at = at(frame);
        words[at] = words[at] >>> PINS_SHIFT << PINS_SHIFT | order << ORDER_SHIFT | state;
    }

    void mark(int frame, byte flag) {
        chunk(frame).words[at(frame)] |= flag;
    }

    void clear(int frame, byte flag) {
        if (is(frame, flag)) {
            chunk(frame).words[at(frame)] &= ~flag;
        }
    }

    int pins(int frame) {
        return (int) (use(frame) >>> PINS_SHIFT) & PINS_MASK;
    }

    void addPins(int frame, int change) {
        chunk(frame).words[at(frame)] += (long) change << PINS_SHIFT;
    }

    /** Users of the block that begins here, besides the one that it was allocated for. */
    int sharers(int frame) {
        return (int) (use(frame) >>> SHARERS_SHIFT);
    }

    void addSharers(int frame, int change) {
        chunk(frame).words[at(frame)] += (long) change << SHARERS_SHIFT;
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
            for (long word : chunk.words) {
                value = mix(value + word);
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

    private static int at(int frame) {
        return 2 * (frame & MASK);
    }

    private static int links(int frame) {
        return at(frame) + 1;
    }

    /** A frame's first word. */
    private long use(int frame) {
        Chunk chunk = chunks[frame >> CHUNK_SHIFT];
        return chunk == null ? 0 : chunk.words[at(frame)];
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
