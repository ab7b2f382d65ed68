package org.ioatlab.kernel.dmaengine;

/** A copy whose descriptors are being written, one a step; the engine knows nothing of it yet. */
public final class PendingCopy {
    private static final int[] NONE = {};

    private MemcpyKind kind = MemcpyKind.BUF_TO_BUF;
    private int cap;
    private int[] descriptors = NONE;
    private int pieces;
    private long target;
    private long source;
    private int left;
    private int written;
    private boolean reserved;
    private int generation;

    PendingCopy() {}

    void begin(MemcpyKind function, long to, long from, int length, int most) {
        kind = function;
        target = to;
        source = from;
        cap = most;
        left = length;
        pieces = (length + most - 1) / most;
        written = 0;
        reserved = false;
        if (descriptors.length < pieces) {
            descriptors = new int[pieces];
        }
    }

    /** Which function was called. */
    public MemcpyKind kind() {
        return kind;
    }

    /** How many descriptors it takes. */
    public int pieces() {
        return pieces;
    }

    int[] descriptors() {
        return descriptors;
    }

    boolean isReserved() {
        return reserved;
    }

    void setReserved(int channelGeneration) {
        reserved = true;
        generation = channelGeneration;
    }

    int generation() {
        return generation;
    }

    /** How many of them have been written. */
    public int written() {
        return written;
    }

    /** How many are left before the last one, which makes the copy visible. */
    int leftBeforeLast() {
        return pieces - 1 - written;
    }

    boolean isWritten() {
        return written == pieces;
    }

    long target() {
        return target;
    }

    long source() {
        return source;
    }

    int pieceLength() {
        return Math.min(left, cap);
    }

    void advance() {
        int piece = pieceLength();
        target += piece;
        source += piece;
        left -= piece;
        written++;
    }
}
