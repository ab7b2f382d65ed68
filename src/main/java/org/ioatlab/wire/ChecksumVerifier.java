package org.ioatlab.wire;

/** Checks the checksums of a parsed frame as a NIC's receive checksum unit does, without allocating. */
public final class ChecksumVerifier {
    private ChecksumVerifier() {}

    /** The IPv4 header checksum; {@link ChecksumStatus#NOT_CHECKED} when the frame has no IPv4 header. */
    public static ChecksumStatus ipv4Header(byte[] frame, FrameLayout layout) {
        if (!layout.isIpv4()) {
            return ChecksumStatus.NOT_CHECKED;
        }
        int length = layout.networkHeaderEnd() - layout.networkOffset();
        return status(InternetChecksum.checksum(frame, layout.networkOffset(), length) == 0);
    }

    /**
     * The TCP or UDP checksum with its pseudo header. Not checked are fragments, truncated or malformed packets, other
     * protocols, UDP over IPv4 with a checksum of 0 (RFC 768), and IPv6 packets that a routing header sends on.
     */
    public static ChecksumStatus transport(byte[] frame, FrameLayout layout) {
        if (!layout.hasTransportHeader()
                || layout.isFragment()
                || layout.isTruncated()
                || layout.hasUnvisitedSegments()) {
            return ChecksumStatus.NOT_CHECKED;
        }
        if (layout.isUdp() && Udp.checksum(frame, layout.transportOffset()) == 0) {
            // RFC 8200, 8.1: over IPv6 the checksum of UDP is not optional.
            return layout.isIpv4() ? ChecksumStatus.NOT_CHECKED : ChecksumStatus.BAD;
        }
        int data = InternetChecksum.sum(frame, layout.transportOffset(), layout.transportLength());
        return status(InternetChecksum.add(pseudoHeader(frame, layout), data) == 0xffff);
    }

    private static int pseudoHeader(byte[] frame, FrameLayout layout) {
        int ip = layout.networkOffset();
        int protocol = layout.transportProtocol();
        int length = layout.transportLength();
        return layout.isIpv4()
                ? InternetChecksum.pseudoHeaderIpv4(frame, ip, protocol, length)
                : InternetChecksum.pseudoHeaderIpv6(frame, ip, protocol, length);
    }

    private static ChecksumStatus status(boolean good) {
        return good ? ChecksumStatus.GOOD : ChecksumStatus.BAD;
    }
}
