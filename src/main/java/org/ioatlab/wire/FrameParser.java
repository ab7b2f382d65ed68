package org.ioatlab.wire;

/** The walk over a frame's headers that fills a {@link FrameLayout}. Looks only at bytes inside the frame. */
final class FrameParser {
    private FrameParser() {}

    static void ethernet(FrameLayout layout, byte[] frame) {
        int at = layout.frameOffset + Ethernet.HEADER_LENGTH;
        if (at > layout.frameEnd) {
            layout.marks |= FrameLayout.TRUNCATED;
            return;
        }
        int type = Ethernet.type(frame, layout.frameOffset);
        while (Ethernet.isVlanType(type) && at + Ethernet.VLAN_TAG_LENGTH <= layout.frameEnd) {
            layout.vlanTag = layout.vlanTagCount++ == 0 ? BigEndian.u16(frame, at) : layout.vlanTag;
            type = BigEndian.u16(frame, at + 2);
            at += Ethernet.VLAN_TAG_LENGTH;
        }
        network(layout, frame, at, type);
    }

    static void rawIp(FrameLayout layout, byte[] packet) {
        if (layout.frameLength() == 0) {
            layout.marks |= FrameLayout.TRUNCATED;
            return;
        }
        int version = Ipv4.version(packet, layout.frameOffset);
        int type = version == Ipv6.VERSION ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        network(layout, packet, layout.frameOffset, type);
    }

    private static void network(FrameLayout layout, byte[] frame, int at, int type) {
        layout.etherType = type;
        layout.placeNetwork(at);
        if (type == Ethernet.TYPE_IPV4) {
            ipv4(layout, frame, at);
        } else if (type == Ethernet.TYPE_IPV6) {
            ipv6(layout, frame, at);
        } else if (type == Ethernet.TYPE_ARP) {
            layout.marks |= layout.frameEnd - at >= Arp.LENGTH ? FrameLayout.ARP : FrameLayout.TRUNCATED;
        } else if (Ethernet.isVlanType(type)) {
            layout.marks |= FrameLayout.TRUNCATED;
        }
    }

    private static void ipv4(FrameLayout layout, byte[] frame, int at) {
        int room = layout.frameEnd - at;
        if (room < Ipv4.MIN_HEADER_LENGTH) {
            layout.marks |= FrameLayout.TRUNCATED;
            return;
        }
        int headerLength = Ipv4.headerLength(frame, at);
        int totalLength = Ipv4.totalLength(frame, at);
        if (Ipv4.version(frame, at) != Ipv4.VERSION
                || headerLength < Ipv4.MIN_HEADER_LENGTH
                || totalLength < headerLength) {
            layout.marks |= FrameLayout.MALFORMED;
        } else if (headerLength > room) {
            layout.marks |= FrameLayout.TRUNCATED;
        } else {
            layout.marks |= FrameLayout.IPV4 | ipv4Fragment(Ipv4.flagsAndOffset(frame, at));
            layout.placeNetworkHeader(at + headerLength, at + totalLength);
            transport(layout, frame, Ipv4.protocol(frame, at), at + totalLength);
        }
    }

    private static int ipv4Fragment(int flagsAndOffset) {
        if ((flagsAndOffset & Ipv4.FRAGMENT_OFFSET_MASK) != 0) {
            return FrameLayout.FRAGMENT | FrameLayout.LATER_FRAGMENT;
        }
        return (flagsAndOffset & Ipv4.MORE_FRAGMENTS) != 0 ? FrameLayout.FRAGMENT : 0;
    }

    private static void ipv6(FrameLayout layout, byte[] frame, int at) {
        if (layout.frameEnd - at < Ipv6.HEADER_LENGTH) {
            layout.marks |= FrameLayout.TRUNCATED;
            return;
        }
        if (Ipv6.version(frame, at) != Ipv6.VERSION) {
            layout.marks |= FrameLayout.MALFORMED;
            return;
        }
        int first = at + Ipv6.HEADER_LENGTH;
        int end = first + Ipv6.payloadLength(frame, at);
        layout.marks |= FrameLayout.IPV6;
        layout.placeNetworkHeader(first, end);
        ipv6Extensions(layout, frame, Ipv6.nextHeader(frame, at), end);
    }

    /** Walks from header to header (RFC 8200, 4) up to the transport header or to where fragments begin. */
    private static void ipv6Extensions(FrameLayout layout, byte[] frame, int nextHeader, int end) {
        int next = nextHeader;
        int at = layout.networkHeaderEnd;
        while (IpProtocol.isIpv6Extension(next) && !layout.isLaterFragment()) {
            layout.marks |= FrameLayout.EXTENSION_HEADERS;
            int headerEnd = at + extensionLength(frame, at, next, layout.networkEnd);
            if (headerEnd > layout.networkEnd) {
                layout.marks |= headerEnd > end ? FrameLayout.MALFORMED : FrameLayout.TRUNCATED;
                return;
            }
            extension(layout, frame, at, next);
            next = Ipv6.extensionNextHeader(frame, at);
            at = headerEnd;
            layout.placeNetworkHeader(at, end);
        }
        transport(layout, frame, next, end);
    }

    /** Length of the header at {@code at}; the least one when not even that fits. */
    private static int extensionLength(byte[] frame, int at, int kind, int networkEnd) {
        boolean fixed = kind == IpProtocol.FRAGMENT || networkEnd - at < Ipv6.EXTENSION_UNIT;
        return fixed ? Ipv6.EXTENSION_UNIT : Ipv6.extensionLength(frame, at);
    }

    private static void extension(FrameLayout layout, byte[] frame, int at, int kind) {
        if (kind == IpProtocol.FRAGMENT) {
            layout.marks |= Ipv6.moreFragments(frame, at) ? FrameLayout.FRAGMENT : 0;
            boolean later = Ipv6.fragmentOffset(frame, at) != 0;
            layout.marks |= later ? FrameLayout.FRAGMENT | FrameLayout.LATER_FRAGMENT : 0;
        } else if (kind == IpProtocol.ROUTING && Ipv6.routingSegmentsLeft(frame, at) != 0) {
            layout.marks |= FrameLayout.UNVISITED_SEGMENTS;
        }
    }

    private static void transport(FrameLayout layout, byte[] frame, int protocol, int end) {
        layout.transportProtocol = protocol;
        if (layout.isLaterFragment()) {
            return;
        }
        if (protocol == IpProtocol.TCP) {
            tcp(layout, frame, end);
        } else if (protocol == IpProtocol.UDP) {
            udp(layout, frame, end);
        }
    }

    private static void tcp(FrameLayout layout, byte[] frame, int end) {
        int at = layout.networkHeaderEnd;
        if (!fits(layout, at + Tcp.MIN_HEADER_LENGTH, end)) {
            return;
        }
        int headerLength = Tcp.headerLength(frame, at);
        if (headerLength < Tcp.MIN_HEADER_LENGTH) {
            layout.marks |= FrameLayout.MALFORMED;
        } else if (fits(layout, at + headerLength, end)) {
            layout.marks |= FrameLayout.TRANSPORT_HEADER;
            layout.transportHeaderEnd = at + headerLength;
        }
    }

    private static void udp(FrameLayout layout, byte[] frame, int end) {
        int at = layout.networkHeaderEnd;
        if (!fits(layout, at + Udp.HEADER_LENGTH, end)) {
            return;
        }
        int udpEnd = at + Udp.length(frame, at);
        if (udpEnd < at + Udp.HEADER_LENGTH || (udpEnd > end && !layout.isFragment())) {
            layout.marks |= FrameLayout.MALFORMED;
            return;
        }
        layout.marks |= FrameLayout.TRANSPORT_HEADER;
        layout.transportHeaderEnd = at + Udp.HEADER_LENGTH;
        layout.transportEnd = Math.min(udpEnd, layout.networkEnd);
    }

    /**
     * Whether a transport header that ends at {@code headerEnd} is there. One that the packet's own length leaves no
     * room for is malformed, but for a first fragment, which may be cut anywhere (RFC 1858, 3).
     */
    private static boolean fits(FrameLayout layout, int headerEnd, int end) {
        if (headerEnd > end && !layout.isFragment()) {
            layout.marks |= FrameLayout.MALFORMED;
        }
        return headerEnd <= layout.networkEnd;
    }
}
