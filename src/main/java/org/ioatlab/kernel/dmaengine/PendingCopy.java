package org.ioatlab.kernel.dmaengine;

/** A copy whose descriptors are being written, one a step; the engine knows nothing of it yet. */
public final class PendingCopy {
    private final MemcpyKind kind;
    private final int cap;
    private final int[] descriptors;
    private long target;
    private long source;
    private int left;
    private int written;
    private boolean reserved;
    private int generation;

    PendingCopy(MemcpyKind kind, long target, long source, int length, int cap) {
        this.kind = kind;
        this.target = target;
        this.source = source;
        this.cap = cap;
        left = length;
        descriptors = new int[(length + cap - 1) / cap];
    }

    /** Which function was called. */
    public MemcpyKind kind() {
        return kind;
    }

    /** How many descriptors it takes. */
    public int pieces() {
        return descriptors.length;
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
        return descriptors.length - 1 - written;
    }

    boolean isWritten() {
        return written == descriptors.length;
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
