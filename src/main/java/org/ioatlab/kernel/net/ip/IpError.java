package org.ioatlab.kernel.net.ip;

/**
 * What is known of a packet that couldn't be delivered: told by an ICMP message, or by the neighbour table. Reused; a handler takes what it
 * needs.
 */
public final class IpError {
    /** What went wrong, with the error that a socket sees (Linux's numbers) and whether a connection can't survive it. */
    public enum Kind {
        NETWORK_UNREACHABLE(101, false),
        HOST_UNREACHABLE(113, false),
        PROTOCOL_UNREACHABLE(92, true),
        PORT_UNREACHABLE(111, true),
        /** The packet was longer than {@link IpError#mtu()}. */
        PACKET_TOO_BIG(90, false),
        SOURCE_ROUTE_FAILED(95, false),
        PROHIBITED(113, true),
        SOURCE_QUENCH(0, false),
        TIME_EXCEEDED(113, false),
        PARAMETER_PROBLEM(71, true);

        private final int errno;
        private final boolean fatal;

        Kind(int errno, boolean fatal) {
            this.errno = errno;
            this.fatal = fatal;
        }

        /** The error number; 0 if a socket isn't told. */
        public int errno() {
            return errno;
        }

        /** Whether a connection ends by it. */
        public boolean isFatal() {
            return fatal;
        }
    }

    Kind kind = Kind.HOST_UNREACHABLE;
    boolean ipv6;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    int ports;
    int sequence;
    int mtu;
    boolean ofOwnHost;

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Whether the packet was one of IPv6. */
    public boolean isIpv6() {
        return ipv6;
    }

    /** The upper half of the machine's own address. */
    public long localHigh() {
        return localHigh;
    }

    /** The lower half of the machine's own address; the 32 bits of an IPv4 address. */
    public long localLow() {
        return localLow;
    }

    /** The upper half of the address that the packet was sent to. */
    public long remoteHigh() {
        return remoteHigh;
    }

    /** The lower half of the address that the packet was sent to. */
    public long remoteLow() {
        return remoteLow;
    }

    /** The machine's own port. */
    public int localPort() {
        return ports >>> 16;
    }

    /** The port that the packet was sent to. */
    public int remotePort() {
        return ports & 0xffff;
    }

    /** The second word of the transport header: TCP's sequence number. */
    public int sequence() {
        return sequence;
    }

    /** With {@link Kind#PACKET_TOO_BIG} the longest IP packet that gets through. */
    public int mtu() {
        return mtu;
    }

    /** Whether the machine itself found the neighbour missing, as against an ICMP message that anybody can forge. */
    public boolean isOfOwnHost() {
        return ofOwnHost;
    }
}
