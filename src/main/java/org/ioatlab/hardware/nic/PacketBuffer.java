package org.ioatlab.hardware.nic;

import org.ioatlab.time.StateHash;

/** The controller's own memory, in which frames wait while no descriptor is free or the memory bus is full; first in, first out. */
final class PacketBuffer {
    /** What fits, in bytes of frames. */
    static final int CAPACITY_BYTES = 48 * 1024;

    /** The longest frame it takes. */
    static final int LONGEST_FRAME = 16 * 1024;

    /** Room beyond the capacity lets every frame lie in one piece. */
    private static final int SIZE = CAPACITY_BYTES + LONGEST_FRAME;

    /** More than the shortest frames that fit. */
    private static final int MOST_FRAMES = 1024;

    private static final int MASK = MOST_FRAMES - 1;

    private byte[] bytes = {};
    private int[] offsets = {};
    private int[] lengths = {};
    private int first;
    private int frames;
    private int usedBytes;
    private int end;

    boolean isEmpty() {
        return frames == 0;
    }

    int frames() {
        return frames;
    }

    int usedBytes() {
        return usedBytes;
    }

    /** Keeps a copy of the frame; false if it doesn't fit. */
    boolean offer(byte[] frame, int offset, int length) {
        if (usedBytes + length > CAPACITY_BYTES) {
            return false;
        }
        if (bytes.length == 0) {
            bytes = new byte[SIZE];
            offsets = new int[MOST_FRAMES];
            lengths = new int[MOST_FRAMES];
        }
        int at = end + length > SIZE ? 0 : end;
        System.arraycopy(frame, offset, bytes, at, length);
        int slot = (first + frames++) & MASK;
        offsets[slot] = at;
        lengths[slot] = length;
        usedBytes += length;
        end = at + length;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int firstOffset() {
        return offsets[first];
    }

    int firstLength() {
        return lengths[first];
    }

    void removeFirst() {
        usedBytes -= lengths[first];
        first = (first + 1) & MASK;
        frames--;
    }

    void clear() {
        frames = 0;
        usedBytes = 0;
    }

    void hashInto(StateHash hash) {
        hash.put(frames);
        for (int i = 0; i < frames; i++) {
            int slot = (first + i) & MASK;
            hash.put(bytes, offsets[slot], lengths[slot]);
        }
    }
}
