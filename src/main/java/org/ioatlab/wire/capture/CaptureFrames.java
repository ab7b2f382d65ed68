package org.ioatlab.wire.capture;

import java.util.Arrays;
import java.util.Objects;

/**
 * The frames of a capture file, in file order: flat arrays over the file's own bytes, which are not copied. Times are
 * nanoseconds since 1970 as the file gives them, in any order.
 */
public final class CaptureFrames {
    private static final int FIRST_CAPACITY = 64;

    private final byte[] bytes;
    private int count;
    private int[] offsets = new int[FIRST_CAPACITY];
    private int[] capturedLengths = new int[FIRST_CAPACITY];
    private int[] originalLengths = new int[FIRST_CAPACITY];
    private long[] timesNs = new long[FIRST_CAPACITY];
    private byte[] linkTypes = new byte[FIRST_CAPACITY];

    CaptureFrames(byte[] bytes) {
        this.bytes = bytes;
    }

    void add(int offset, int capturedLength, int originalLength, long timeNs, LinkType linkType) {
        if (count == offsets.length) {
            grow(count * 2);
        }
        offsets[count] = offset;
        capturedLengths[count] = capturedLength;
        originalLengths[count] = originalLength;
        timesNs[count] = timeNs;
        linkTypes[count] = (byte) linkType.ordinal();
        count++;
    }

    private void grow(int capacity) {
        offsets = Arrays.copyOf(offsets, capacity);
        capturedLengths = Arrays.copyOf(capturedLengths, capacity);
        originalLengths = Arrays.copyOf(originalLengths, capacity);
        timesNs = Arrays.copyOf(timesNs, capacity);
        linkTypes = Arrays.copyOf(linkTypes, capacity);
    }

    /** How many frames there are. */
    public int count() {
        return count;
    }

    /** The whole file, shared and not to be written: frames lie in it at their {@link #offset}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where frame {@code index} begins in {@link #bytes}. */
    public int offset(int index) {
        return offsets[check(index)];
    }

    /** How many of the frame's bytes the file holds. */
    public int capturedLength(int index) {
        return capturedLengths[check(index)];
    }

    /** How many bytes the frame had on the wire (unsigned 32 bits in the file; capped at {@link Integer#MAX_VALUE}). */
    public int originalLength(int index) {
        return originalLengths[check(index)];
    }

    /** Whether the frame was cut when it was captured. */
    public boolean isSnapped(int index) {
        return capturedLength(index) < originalLengths[index];
    }

    /** When the frame was captured, in nanoseconds since 1970. A frame without a time has that of the one before it. */
    public long timeNs(int index) {
        return timesNs[check(index)];
    }

    /** How long after the first frame this one was captured, in nanoseconds; negative when it was before. */
    public long sinceFirstNs(int index) {
        return timesNs[check(index)] - timesNs[0];
    }

    /** What the frame begins with. */
    public LinkType linkType(int index) {
        return LinkType.ofOrdinal(linkTypes[check(index)]);
    }

    private int check(int index) {
        return Objects.checkIndex(index, count);
    }
}
