package org.ioatlab.workload.wire;

import java.util.Arrays;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait on a wire, each in a slot that is used again. A frame is held as its headers and the place of its payload in a {@link
 * StreamPattern}; the payload and the checksum over it are made when the frame is carried, so that a queue of frames costs little memory.
 */
final class FrameSlots {
    /** No slot. */
    static final int NONE = -1;

    private static final int INITIAL_SLOTS = 64;
    private static final int USUAL_HEADERS = 128;
    private static final int BITS = 3;

    private final int most;
    private byte[][] bytes = new byte[INITIAL_SLOTS][];
    private int[] lengths = new int[INITIAL_SLOTS];
    private int[] checksumAt = new int[INITIAL_SLOTS];
    private int[] partialSum = new int[INITIAL_SLOTS];
    private @Nullable StreamPattern[] patterns = new @Nullable StreamPattern[INITIAL_SLOTS];
    private long[] offsets = new long[INITIAL_SLOTS];
    private int[] payloads = new int[INITIAL_SLOTS];
    private int[] flips = new int[INITIAL_SLOTS];
    private int[] free = new int[INITIAL_SLOTS];
    private int freeCount;
    private int made;

    /** @param most how many frames may wait */
    FrameSlots(int most) {
        this.most = most;
    }

    /** A slot with room for {@code capacity} bytes of headers, or {@link #NONE} if as many frames wait as may. */
    int claim(int capacity) {
        if (freeCount == 0 && made == most) {
            return NONE;
        }
        int slot = freeCount > 0 ? free[--freeCount] : make();
        if (bytes[slot].length < capacity) {
            bytes[slot] = new byte[capacity];
        }
        checksumAt[slot] = 0;
        patterns[slot] = null;
        payloads[slot] = 0;
        flips[slot] = NONE;
        return slot;
    }

    void release(int slot) {
        patterns[slot] = null;
        free[freeCount++] = slot;
    }

    /** How many slots are in use. */
    int used() {
        return made - freeCount;
    }

    /** Where a frame's headers are written. */
    byte[] headers(int slot) {
        return bytes[slot];
    }

    /** Says that the headers are all of the frame. */
    void set(int slot, int length) {
        lengths[slot] = length;
    }

    /** Says how long the headers are, where a checksum is missing whose sum so far is given, and what follows them. */
    void set(
            int slot,
            int headerLength,
            int checksumOffset,
            int sumSoFar,
            @Nullable StreamPattern pattern,
            long offset,
            int payloadLength) {
        lengths[slot] = headerLength;
        checksumAt[slot] = checksumOffset;
        partialSum[slot] = sumSoFar;
        patterns[slot] = pattern;
        offsets[slot] = offset;
        payloads[slot] = payloadLength;
    }

    /** Length of the frame, padding included. */
    int frameLength(int slot) {
        int length = lengths[slot] + payloads[slot];
        return length < Ethernet.HEADER_LENGTH ? length : Math.max(length, Ethernet.MIN_FRAME_LENGTH);
    }

    /** Length of the frame without padding. */
    int contentLength(int slot) {
        return lengths[slot] + payloads[slot];
    }

    /** Flips a bit of the frame when it is carried, counted from its first. */
    void flip(int slot, int bit) {
        flips[slot] = bit;
    }

    /** A second slot with the same frame, or {@link #NONE}. */
    int copy(int slot) {
        int copy = claim(lengths[slot]);
        if (copy != NONE) {
            System.arraycopy(bytes[slot], 0, bytes[copy], 0, lengths[slot]);
            set(copy, lengths[slot], checksumAt[slot], partialSum[slot], patterns[slot], offsets[slot], payloads[slot]);
        }
        return copy;
    }

    /** Writes the whole frame to the beginning of {@code into}. */
    void write(int slot, byte[] into) {
        int length = lengths[slot];
        int payload = payloads[slot];
        System.arraycopy(bytes[slot], 0, into, 0, length);
        StreamPattern pattern = patterns[slot];
        int sum = partialSum[slot];
        if (pattern != null) {
            sum = InternetChecksum.add(sum, pattern.fillAndSum(offsets[slot], into, length, payload));
        }
        if (checksumAt[slot] > 0) {
            int checksum = InternetChecksum.finish(sum);
            BigEndian.put16(into, checksumAt[slot], checksum);
        }
        if (flips[slot] != NONE) {
            into[flips[slot] >> BITS] ^= (byte) (1 << (flips[slot] & Byte.SIZE - 1));
        }
        int end = length + payload;
        int frameLength = frameLength(slot);
        if (end < frameLength) {
            Arrays.fill(into, end, frameLength, (byte) 0);
        }
    }

    void hashInto(int slot, StateHash hash) {
        hash.put(bytes[slot], 0, lengths[slot]);
        hash.put((long) checksumAt[slot] << Integer.SIZE | flips[slot]);
        StreamPattern pattern = patterns[slot];
        hash.put(pattern == null ? 0 : pattern.seed());
        hash.put(offsets[slot]);
        hash.put(payloads[slot]);
    }

    private int make() {
        if (made == bytes.length) {
            grow();
        }
        bytes[made] = new byte[USUAL_HEADERS];
        return made++;
    }

    private void grow() {
        int size = Math.min(2 * made, most);
        bytes = Arrays.copyOf(bytes, size);
        lengths = Arrays.copyOf(lengths, size);
        checksumAt = Arrays.copyOf(checksumAt, size);
        partialSum = Arrays.copyOf(partialSum, size);
        patterns = Arrays.copyOf(patterns, size);
        offsets = Arrays.copyOf(offsets, size);
        payloads = Arrays.copyOf(payloads, size);
        flips = Arrays.copyOf(flips, size);
        free = Arrays.copyOf(free, size);
    }
}
