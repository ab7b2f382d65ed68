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
    private Slot[] slots = new Slot[INITIAL_SLOTS];
    private int[] free = new int[INITIAL_SLOTS];
    private int freeCount;
    private int made;

    private static final class Slot {
        byte[] headers = new byte[USUAL_HEADERS];
        int headerLength;

        /** Where a checksum is missing, or 0, and the sum so far. */
        int checksumAt;

        int partialSum;

        /** Of meaning if there is a payload. */
        @Nullable
        StreamPattern pattern;

        long offset;
        int payloadLength;

        /** The bit that will be wrong, or {@link #NONE}. */
        int flip;

        int contentLength() {
            return headerLength + payloadLength;
        }

        int frameLength() {
            int length = contentLength();
            return length < Ethernet.HEADER_LENGTH ? length : Math.max(length, Ethernet.MIN_FRAME_LENGTH);
        }
    }

    /** @param most how many frames may wait */
    FrameSlots(int most) {
        this.most = most;
    }

    /** A slot with room for {@code capacity} bytes of headers, or {@link #NONE} if as many frames wait as may. */
    int claim(int capacity) {
        if (freeCount == 0 && made == most) {
            return NONE;
        }
        int number = freeCount > 0 ? free[--freeCount] : make();
        Slot slot = slots[number];
        if (slot.headers.length < capacity) {
            slot.headers = new byte[capacity];
        }
        slot.checksumAt = 0;
        slot.payloadLength = 0;
        slot.flip = NONE;
        return number;
    }

    void release(int slot) {
        free[freeCount++] = slot;
    }

    /** How many slots are in use. */
    int used() {
        return made - freeCount;
    }

    /** Where a frame's headers are written. */
    byte[] headers(int slot) {
        return slots[slot].headers;
    }

    /** Says that the headers are all of the frame. */
    void set(int slot, int length) {
        slots[slot].headerLength = length;
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
        Slot at = slots[slot];
        at.headerLength = headerLength;
        at.checksumAt = checksumOffset;
        at.partialSum = sumSoFar;
        at.pattern = pattern;
        at.offset = offset;
        at.payloadLength = payloadLength;
    }

    /** Length of the frame, padding included. */
    int frameLength(int slot) {
        return slots[slot].frameLength();
    }

    /** Length of the frame without padding. */
    int contentLength(int slot) {
        return slots[slot].contentLength();
    }

    /** Flips a bit of the frame when it is carried, counted from its first. */
    void flip(int slot, int bit) {
        slots[slot].flip = bit;
    }

    /** A second slot with the same frame, or {@link #NONE}. */
    int copy(int slot) {
        Slot from = slots[slot];
        int copy = claim(from.headerLength);
        if (copy != NONE) {
            System.arraycopy(from.headers, 0, slots[copy].headers, 0, from.headerLength);
            set(
                    copy,
                    from.headerLength,
                    from.checksumAt,
                    from.partialSum,
                    from.pattern,
                    from.offset,
                    from.payloadLength);
        }
        return copy;
    }

    /** Writes the whole frame to the beginning of {@code into}. */
    void write(int slot, byte[] into) {
        Slot from = slots[slot];
        int length = from.headerLength;
        System.arraycopy(from.headers, 0, into, 0, length);
        int sum = from.partialSum;
        StreamPattern pattern = from.pattern;
        if (from.payloadLength > 0 && pattern != null) {
            sum = InternetChecksum.add(sum, pattern.fillAndSum(from.offset, into, length, from.payloadLength));
        }
        if (from.checksumAt > 0) {
            BigEndian.put16(into, from.checksumAt, InternetChecksum.finish(sum));
        }
        if (from.flip != NONE) {
            into[from.flip >> BITS] ^= (byte) (1 << (from.flip & Byte.SIZE - 1));
        }
        int end = from.contentLength();
        int frameLength = from.frameLength();
        if (end < frameLength) {
            Arrays.fill(into, end, frameLength, (byte) 0);
        }
    }

    void hashInto(int slot, StateHash hash) {
        Slot from = slots[slot];
        hash.put(from.headers, 0, from.headerLength);
        hash.put(from.checksumAt);
        hash.put(from.flip);
        hash.put(from.payloadLength);
        if (from.payloadLength > 0 && from.pattern != null) {
            hash.put(from.pattern.seed());
            hash.put(from.offset);
        }
    }

    private int make() {
        if (made == slots.length) {
            int size = Math.min(2 * made, most);
            slots = Arrays.copyOf(slots, size);
            free = Arrays.copyOf(free, size);
        }
        slots[made] = new Slot();
        return made++;
    }
}
