package org.ioatlab.wire.capture;

import java.util.Arrays;

/** The interfaces that a pcapng section has described so far, by number. */
final class InterfaceTable {
    private static final int FIRST_CAPACITY = 4;

    private int count;
    private int[] linkTypeCodes = new int[FIRST_CAPACITY];
    private long[] snapLengths = new long[FIRST_CAPACITY];
    private byte[] resolutions = new byte[FIRST_CAPACITY];
    private long[] offsetSeconds = new long[FIRST_CAPACITY];

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    void add(int linkTypeCode, long snapLength, byte resolution, long offset) {
        if (count == linkTypeCodes.length) {
            linkTypeCodes = Arrays.copyOf(linkTypeCodes, count * 2);
            snapLengths = Arrays.copyOf(snapLengths, count * 2);
            resolutions = Arrays.copyOf(resolutions, count * 2);
            offsetSeconds = Arrays.copyOf(offsetSeconds, count * 2);
        }
        linkTypeCodes[count] = linkTypeCode;
        snapLengths[count] = snapLength;
        resolutions[count] = resolution;
        offsetSeconds[count] = offset;
        count++;
    }

    int linkTypeCode(int index) {
        return linkTypeCodes[index];
    }

    /** Longest frame that the interface captured in bytes; 0 is no limit. */
    long snapLength(int index) {
        return snapLengths[index];
    }

    /** A timestamp of the interface in nanoseconds since 1970; {@link ArithmeticException} when no long holds it. */
    long timeNs(int index, long timestamp) {
        return TimestampResolution.toNs(timestamp, resolutions[index], offsetSeconds[index]);
    }
}
