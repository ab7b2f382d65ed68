package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;

/** The sum of the pseudo header that transport checksums cover (RFC 9293, 3.1; RFC 8200, 8.1), without allocating. */
public final class PseudoHeader {
    private static final long LOW = 0xffff_ffffL;

    private PseudoHeader() {}

    /** Of a packet whose addresses are noted on it. */
    public static int sum(SocketBuffer packet, int protocol, int transportLength) {
        return sum(
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                protocol + transportLength);
    }

    /** Of a packet that a flow will carry. */
    public static int sum(IpFlow flow, int protocol, int transportLength) {
        return sum(flow.localHigh, flow.localLow, flow.remoteHigh, flow.remoteLow, protocol + transportLength);
    }

    private static int sum(long fromHigh, long fromLow, long toHigh, long toLow, long rest) {
        long sum = words(fromHigh) + words(fromLow) + words(toHigh) + words(toLow) + rest;
        while (sum >>> Short.SIZE != 0) {
            sum = (sum & 0xffff) + (sum >>> Short.SIZE);
        }
        return (int) sum;
    }

    private static long words(long bits) {
        return (bits & LOW) + (bits >>> Integer.SIZE);
    }
}
