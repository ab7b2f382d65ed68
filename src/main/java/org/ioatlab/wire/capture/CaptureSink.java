package org.ioatlab.wire.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes in memory that grow up to a limit; numbers are written little-endian. */
public final class CaptureSink {
    private static final int FIRST_CAPACITY = 4096;

    private final int limit;
    private byte[] bytes;
    private int size;

    /**
     * @param limit most bytes that the sink takes
     * @throws IllegalArgumentException when {@code limit} is negative
     */
    public CaptureSink(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a sink's limit is not negative: " + limit);
        }
        this.limit = limit;
        this.bytes = new byte[Math.min(limit, FIRST_CAPACITY)];
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** How many more bytes fit. */
    public int room() {
        return limit - size;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes everything to {@code stream}. */
    public void writeTo(OutputStream stream) throws IOException {
        stream.write(bytes, 0, size);
    }

    /** Makes place for {@code length} bytes, which the caller has seen to fit into {@link #room}, and counts them. */
    int claim(int length) {
        int at = size;
        if (length > bytes.length - at) {
            long doubled = Math.max(2L * bytes.length, (long) at + length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, doubled));
        }
        size = at + length;
        return at;
    }

    void put16(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >>> 8);
    }

    void put32(int at, int value) {
        put16(at, value);
        put16(at + 2, value >>> 16);
    }

    void put(int at, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, bytes, at, length);
    }
}
