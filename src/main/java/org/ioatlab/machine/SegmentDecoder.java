package org.ioatlab.machine;

import org.ioatlab.wire.FlowKey;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** Reads out of a received packet what belongs to its TCP stream. */
final class SegmentDecoder {
    private SegmentDecoder() {}

    /** The packet's TCP segment, or null if it has none. */
    static NicViews.@Nullable Segment decode(byte[] frame) {
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        if (!layout.isTcp() || !layout.hasTransportHeader()) {
            return null;
        }
        int tcp = layout.transportOffset();
        return new NicViews.Segment(
                FlowKey.of(frame, layout).toString(),
                Integer.toUnsignedLong(Tcp.sequence(frame, tcp)),
                Integer.toUnsignedLong(Tcp.acknowledgment(frame, tcp)),
                Tcp.flags(frame, tcp),
                layout.payloadOffset(),
                layout.payloadLength());
    }
}
