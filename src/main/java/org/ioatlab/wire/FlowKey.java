package org.ioatlab.wire;

/**
 * The five values that name a flow in one direction. Not for the per-frame path: it allocates.
 *
 * @param source the sender's address
 * @param sourcePort the sender's port, 0 where the protocol has none
 * @param destination the receiver's address
 * @param destinationPort the receiver's port, 0 where the protocol has none
 * @param protocol a number of {@link IpProtocol}
 */
public record FlowKey(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int protocol) {
    /**
     * The flow of a parsed frame.
     *
     * @throws IllegalArgumentException when the frame has no IP header
     */
    public static FlowKey of(byte[] frame, FrameLayout layout) {
        if (!layout.isIp()) {
            throw new IllegalArgumentException("a frame without an IP header belongs to no flow");
        }
        int ports = layout.hasTransportHeader() ? BigEndian.i32(frame, layout.transportOffset()) : 0;
        return new FlowKey(
                source(frame, layout),
                ports >>> 16,
                destination(frame, layout),
                ports & 0xffff,
                layout.transportProtocol());
    }

    private static IpAddress source(byte[] frame, FrameLayout layout) {
        int ip = layout.networkOffset();
        return layout.isIpv4()
                ? IpAddress.ipv4(Ipv4.source(frame, ip))
                : IpAddress.ipv6(Ipv6.sourceHigh(frame, ip), Ipv6.sourceLow(frame, ip));
    }

    private static IpAddress destination(byte[] frame, FrameLayout layout) {
        int ip = layout.networkOffset();
        return layout.isIpv4()
                ? IpAddress.ipv4(Ipv4.destination(frame, ip))
                : IpAddress.ipv6(Ipv6.destinationHigh(frame, ip), Ipv6.destinationLow(frame, ip));
    }

    /** The flow of the answers. */
    public FlowKey reversed() {
        return new FlowKey(destination, destinationPort, source, sourcePort, protocol);
    }

    /** {@code 10.0.0.1:1234 > 10.0.0.2:80 proto 6}, with brackets around IPv6 addresses. */
    @Override
    public String toString() {
        return endpoint(source, sourcePort) + " > " + endpoint(destination, destinationPort) + " proto " + protocol;
    }

    private static String endpoint(IpAddress address, int port) {
        return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
    }
}
