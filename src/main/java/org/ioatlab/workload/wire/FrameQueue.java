package org.ioatlab.workload.wire;

import java.util.Arrays;
import org.ioatlab.hardware.nic.FrameSource;
import org.ioatlab.time.StateHash;

/** What waits in the switch for the link to a machine, in the order in which it came. */
final class FrameQueue implements FrameSource {
    private static final int INITIAL = 64;

    private final FrameSlots slots;
    private byte[] frame;
    private int[] ring = new int[INITIAL];
    private long[] readyPs = new long[INITIAL];
    private int head;
    private int count;
    private boolean written;

    /** @param longestFrame without frame check sequence */
    FrameQueue(FrameSlots slots, int longestFrame) {
        this.slots = slots;
        frame = new byte[longestFrame];
    }

    /** Takes a frame over. */
    void add(int slot, long nowPs) {
        if (count == ring.length) {
            grow();
        }
        int at = head + count & ring.length - 1;
        ring[at] = slot;
        readyPs[at] = nowPs;
        count++;
    }

    @Override
    public long notBeforePs() {
        return count == 0 ? NOTHING : readyPs[head];
    }

    @Override
    public byte[] bytes() {
        if (!written) {
            slots.write(ring[head], frame(length()));
            written = true;
        }
        return frame;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return slots.frameLength(ring[head]);
    }

    @Override
    public void advance(long freePs) {
        slots.release(ring[head]);
        head = head + 1 & ring.length - 1;
        count--;
        written = false;
    }

    @Override
    public int waiting() {
        return count;
    }

    @Override
    public boolean isFinished() {
        return false;
    }

    @Override
    public void hashInto(StateHash hash) {
        hash.put("switch");
        hash.put(count);
        for (int i = 0; i < count; i++) {
            int at = head + i & ring.length - 1;
            hash.put(readyPs[at]);
            slots.hashInto(ring[at], hash);
        }
    }

    private byte[] frame(int length) {
        if (frame.length < length) {
            frame = new byte[length];
        }
        return frame;
    }

    private void grow() {
        int[] slotsBefore = ring;
        long[] readyBefore = readyPs;
        int mask = slotsBefore.length - 1;
        ring = Arrays.copyOf(slotsBefore, 2 * slotsBefore.length);
        readyPs = Arrays.copyOf(readyBefore, 2 * readyBefore.length);
        for (int i = 0; i < count; i++) {
            ring[i] = slotsBefore[head + i & mask];
            readyPs[i] = readyBefore[head + i & mask];
        }
        head = 0;
    }
}
