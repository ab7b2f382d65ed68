package org.ioatlab.workload.host;

import org.ioatlab.kernel.net.tcp.Segment;

/** A segment that a remote host has received. Its payload stays in the frame while that is there, and is copied if it has to be kept. */
final class RemoteSegment extends Segment {
    /** What a receive buffer is charged with beside the payload: a socket buffer's own size on 64 bits. */
    private static final int OVERHEAD = 512;

    private static final byte[] NOTHING = {};

    private byte[] own = NOTHING;
    private byte[] bytes = NOTHING;
    private int payloadAt;
    private boolean used;

    /** Its payload begins at {@code at} of {@code frame}, which lasts until {@link #keep}. */
    void lieIn(byte[] frame, int at) {
        bytes = frame;
        payloadAt = at;
        used = true;
    }

    /** The frame goes; the payload is needed longer. */
    void keep() {
        int length = payloadLength();
        if (own.length < length) {
            own = new byte[length];
        }
        System.arraycopy(bytes, payloadAt, own, 0, length);
        bytes = own;
        payloadAt = 0;
    }

    void giveBack() {
        bytes = NOTHING;
        used = false;
    }

    boolean isUsed() {
        return used;
    }

    byte[] bytes() {
        return bytes;
    }

    int payloadAt() {
        return payloadAt;
    }

    @Override
    public int truesize() {
        return payloadLength() + OVERHEAD;
    }
}
