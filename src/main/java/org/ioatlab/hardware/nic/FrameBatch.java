package org.ioatlab.hardware.nic;

import java.util.Arrays;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/**
 * Frames given at once, carried in the order of being added. Each has the instant before which it doesn't start, or the time that the wire
 * is to be idle before it.
 *
 * <p>The sender's controller pads what is shorter than {@link Ethernet#MIN_FRAME_LENGTH} with zeros; only bytes that don't even make an
 * Ethernet header go out as they are, as the remains of a collision would.
 */
public final class FrameBatch implements FrameSource {
    private static final int INITIAL_FRAMES = 16;

    private byte[] bytes = {};
    private int[] ends = new int[INITIAL_FRAMES];
    private long[] starts = new long[INITIAL_FRAMES];
    private int frames;
    private int next;
    private long freePs;
    private @Nullable String digest;

    /**
     * Adds a frame without its frame check sequence.
     *
     * @param notBeforePs virtual instant before which the frame doesn't start on the wire, not negative
     */
    public void add(byte[] source, int offset, int length, long notBeforePs) {
        append(source, offset, length, paddedLength(length), notBeforePs);
    }

    /**
     * Adds a frame without its frame check sequence.
     *
     * @param gapPs how long the wire is idle between the batch's frame before (with its usual gap), or now for the first one, and this one; not negative
     */
    public void addAfter(byte[] source, int offset, int length, long gapPs) {
        append(source, offset, length, paddedLength(length), ~gapPs);
    }

    /** Adds a frame that goes out unpadded whatever its length: a runt if it is shorter than {@link Ethernet#MIN_FRAME_LENGTH}. */
    public void addUnpadded(byte[] source, int offset, int length, long notBeforePs) {
        append(source, offset, length, length, notBeforePs);
    }

    /** How many frames were added. */
    public int frames() {
        return frames;
    }

    /** All bytes that were added, padding included. */
    public int totalBytes() {
        return frames == 0 ? 0 : ends[frames - 1];
    }

    @Override
    public void attached(long nowPs) {
        freePs = nowPs;
    }

    @Override
    public long notBeforePs() {
        if (next == frames) {
            return NOTHING;
        }
        long start = starts[next];
        return start >= 0 ? start : freePs + ~start;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int offset() {
        return next == 0 ? 0 : ends[next - 1];
    }

    @Override
    public int length() {
        return ends[next] - offset();
    }

    @Override
    public void advance(long carriedPs) {
        freePs = carriedPs;
        next++;
    }

    @Override
    public int waiting() {
        return frames - next;
    }

    @Override
    public boolean isFinished() {
        return next == frames;
    }

    @Override
    public void hashInto(StateHash hash) {
        hash.put("batch");
        hash.put(next);
        hash.put(freePs);
        hash.put(contents());
    }

    private String contents() {
        String known = digest;
        if (known == null) {
            StateHash hash = new StateHash();
            hash.put(bytes, 0, totalBytes());
            for (int i = 0; i < frames; i++) {
                hash.put(ends[i]);
                hash.put(starts[i]);
            }
            known = hash.hex();
            digest = known;
        }
        return known;
    }

    private static int paddedLength(int length) {
        return length < Ethernet.HEADER_LENGTH ? length : Math.max(length, Ethernet.MIN_FRAME_LENGTH);
    }

    private void append(byte[] source, int offset, int length, int wireLength, long startsAt) {
        int start = totalBytes();
        if (start + wireLength > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(start + wireLength, 2 * bytes.length));
        }
        if (frames == ends.length) {
            ends = Arrays.copyOf(ends, 2 * frames);
            starts = Arrays.copyOf(starts, 2 * frames);
        }
        System.arraycopy(source, offset, bytes, start, length);
        ends[frames] = start + wireLength;
        starts[frames++] = startsAt;
        digest = null;
    }
}
