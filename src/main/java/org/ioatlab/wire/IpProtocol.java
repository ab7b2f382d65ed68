package org.ioatlab.wire;

/** Numbers of the IPv4 protocol and IPv6 next-header fields (IANA protocol numbers). */
public final class IpProtocol {
    public static final int HOP_BY_HOP = 0;
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int ICMPV6 = 58;
    public static final int NO_NEXT_HEADER = 59;
    public static final int DESTINATION_OPTIONS = 60;

    private IpProtocol() {}

    /** Whether {@code nextHeader} is one of the IPv6 extension headers that a receiver walks over (RFC 8200, 4). */
    public static boolean isIpv6Extension(int nextHeader) {
        return nextHeader == HOP_BY_HOP
                || nextHeader == ROUTING
                || nextHeader == FRAGMENT
                || nextHeader == DESTINATION_OPTIONS;
    }
}
