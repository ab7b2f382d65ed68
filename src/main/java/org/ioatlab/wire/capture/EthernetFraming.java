package org.ioatlab.wire.capture;

import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;

/** Captured frames as Ethernet frames: bare IP packets get an Ethernet header put in front. */
public final class EthernetFraming {
    private EthernetFraming() {}

    /** Length of frame {@code index} with an Ethernet header. */
    public static int length(CaptureFrames frames, int index) {
        return frames.capturedLength(index) + (frames.linkType(index).isIp() ? Ethernet.HEADER_LENGTH : 0);
    }

    /**
     * Copies frame {@code index} to {@code offset} of {@code to} and says how many bytes that were. The addresses are
     * used only for a frame that has none of its own.
     */
    public static int copy(CaptureFrames frames, int index, byte[] to, int offset, long destination, long source) {
        int at = offset;
        if (frames.linkType(index).isIp()) {
            Ethernet.writeHeader(to, at, destination, source, etherType(frames, index));
            at += Ethernet.HEADER_LENGTH;
        }
        System.arraycopy(frames.bytes(), frames.offset(index), to, at, frames.capturedLength(index));
        return length(frames, index);
    }

    private static int etherType(CaptureFrames frames, int index) {
        boolean ipv6 = frames.linkType(index) == LinkType.IPV6
                || (frames.linkType(index) == LinkType.RAW_IP && version(frames, index) == Ipv6.VERSION);
        return ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
    }

    private static int version(CaptureFrames frames, int index) {
        return frames.capturedLength(index) == 0 ? 0 : Ipv4.version(frames.bytes(), frames.offset(index));
    }
}
