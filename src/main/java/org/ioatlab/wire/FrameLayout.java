package org.ioatlab.wire;

import java.util.Objects;

/**
 * Where the headers of one frame lie: the reusable result of parsing it. Filled without allocating, never throws on any
 * bytes, and holds no reference to them. Offsets are indexes into the array that was parsed; lengths are bytes.
 *
 * <p>A frame is <em>truncated</em> when its bytes end before its headers say, and <em>malformed</em> when a header
 * contradicts itself. What lies behind such a place is not looked at.
 */
public final class FrameLayout {
    /** {@link #transportProtocol()} of a frame that has none, and {@link #vlanTag()} of an untagged one. */
    public static final int NONE = -1;

    static final int IPV4 = 1;
    static final int IPV6 = 1 << 1;
    static final int ARP = 1 << 2;
    static final int FRAGMENT = 1 << 3;
    static final int LATER_FRAGMENT = 1 << 4;
    static final int EXTENSION_HEADERS = 1 << 5;
    static final int UNVISITED_SEGMENTS = 1 << 6;
    static final int TRANSPORT_HEADER = 1 << 7;
    static final int TRUNCATED = 1 << 8;
    static final int MALFORMED = 1 << 9;

    int frameOffset;
    int frameEnd;
    int marks;
    int etherType;
    int vlanTag;
    int vlanTagCount;
    int networkOffset;
    int networkHeaderEnd;
    int networkEnd;
    int transportProtocol;
    int transportHeaderEnd;
    int transportEnd;

    /** A layout of an empty frame, to be filled. */
    public FrameLayout() {
        clear(0, 0);
    }

    /**
     * Finds the headers of an Ethernet frame without its frame check sequence.
     *
     * @throws IndexOutOfBoundsException when the range does not lie in the array
     */
    public void parse(byte[] frame, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, frame.length);
        clear(offset, length);
        FrameParser.ethernet(this, frame);
    }

    /**
     * Finds the headers of an IP packet that has no link header; {@link #etherType()} then follows from its version.
     *
     * @throws IndexOutOfBoundsException when the range does not lie in the array
     */
    public void parseIp(byte[] packet, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, packet.length);
        clear(offset, length);
        FrameParser.rawIp(this, packet);
    }

    private void clear(int offset, int length) {
        frameOffset = offset;
        frameEnd = offset + length;
        marks = 0;
        etherType = 0;
        vlanTag = NONE;
        vlanTagCount = 0;
        transportProtocol = NONE;
        placeNetwork(offset);
    }

    /** Nothing known from {@code at} on: all of it is payload. */
    void placeNetwork(int at) {
        networkOffset = at;
        networkHeaderEnd = at;
        networkEnd = frameEnd;
        transportHeaderEnd = at;
        transportEnd = frameEnd;
    }

    /** A network header found, with all of its data as payload; data beyond the frame is cut. */
    void placeNetworkHeader(int headerEnd, int end) {
        networkHeaderEnd = headerEnd;
        networkEnd = Math.min(end, frameEnd);
        marks |= end > frameEnd ? TRUNCATED : 0;
        transportHeaderEnd = headerEnd;
        transportEnd = networkEnd;
    }

    private boolean marked(int mark) {
        return (marks & mark) != 0;
    }

    /** Where the frame begins. */
    public int frameOffset() {
        return frameOffset;
    }

    /** Length of the frame, padding included. */
    public int frameLength() {
        return frameEnd - frameOffset;
    }

    /** Whether the frame carries an 802.1Q or 802.1ad tag. */
    public boolean hasVlanTag() {
        return vlanTag != NONE;
    }

    /** The outermost tag's control information, or {@link #NONE}. */
    public int vlanTag() {
        return vlanTag;
    }

    /** The outermost tag's VLAN id, 0 to 4095, or {@link #NONE}. */
    public int vlanId() {
        return hasVlanTag() ? Ethernet.vlanId(vlanTag) : NONE;
    }

    /** How many tags are stacked. */
    public int vlanTagCount() {
        return vlanTagCount;
    }

    /** The EtherType behind all tags; below {@link Ethernet#MIN_ETHER_TYPE} an 802.3 length. */
    public int etherType() {
        return etherType;
    }

    /** Whether a whole IPv4 header was found. */
    public boolean isIpv4() {
        return marked(IPV4);
    }

    /** Whether a whole IPv6 fixed header was found. */
    public boolean isIpv6() {
        return marked(IPV6);
    }

    /** Whether an IP header of either version was found. */
    public boolean isIp() {
        return marked(IPV4 | IPV6);
    }

    /** Whether a whole ARP packet was found. */
    public boolean isArp() {
        return marked(ARP);
    }

    /** Where the network header begins: behind the Ethernet header and its tags. */
    public int networkOffset() {
        return networkOffset;
    }

    /** Where the IP header ends, options or extension headers included; {@link #networkOffset()} without one. */
    public int networkHeaderEnd() {
        return networkHeaderEnd;
    }

    /** Where the IP packet ends by its own length, padding excluded and cut at the frame's end. */
    public int networkEnd() {
        return networkEnd;
    }

    /** Whether the packet is a fragment of a larger one; an IPv6 atomic fragment (RFC 6946) is not. */
    public boolean isFragment() {
        return marked(FRAGMENT);
    }

    /** Whether the packet is a fragment other than the first, and so has no transport header. */
    public boolean isLaterFragment() {
        return marked(LATER_FRAGMENT);
    }

    /** Whether IPv6 extension headers stand before the transport header. */
    public boolean hasExtensionHeaders() {
        return marked(EXTENSION_HEADERS);
    }

    /** Whether an IPv6 routing header names nodes still to visit: the checksum then covers another destination. */
    public boolean hasUnvisitedSegments() {
        return marked(UNVISITED_SEGMENTS);
    }

    /** The number of {@link IpProtocol} that the IP header announces, fragments included, or {@link #NONE}. */
    public int transportProtocol() {
        return transportProtocol;
    }

    /** Whether a whole TCP or UDP header was found. */
    public boolean hasTransportHeader() {
        return marked(TRANSPORT_HEADER);
    }

    /** Whether a whole TCP header was found. */
    public boolean isTcp() {
        return transportProtocol == IpProtocol.TCP && hasTransportHeader();
    }

    /** Whether a whole UDP header was found. */
    public boolean isUdp() {
        return transportProtocol == IpProtocol.UDP && hasTransportHeader();
    }

    /** Where the transport header begins: the end of the network header. */
    public int transportOffset() {
        return networkHeaderEnd;
    }

    /** Where a TCP or UDP header ends; {@link #transportOffset()} for anything else. */
    public int transportHeaderEnd() {
        return transportHeaderEnd;
    }

    /** Length of the transport header and its payload, as the pseudo header counts it. */
    public int transportLength() {
        return transportEnd - networkHeaderEnd;
    }

    /** Length of TCP's options, 0 to 40. */
    public int tcpOptionsLength() {
        return isTcp() ? transportHeaderEnd - networkHeaderEnd - Tcp.MIN_HEADER_LENGTH : 0;
    }

    /** Where the payload begins: behind the last header that was found. */
    public int payloadOffset() {
        return transportHeaderEnd;
    }

    /** Length of the payload by the IP and UDP length fields, padding excluded and cut at the frame's end. */
    public int payloadLength() {
        return transportEnd - transportHeaderEnd;
    }

    /**
     * Length of the headers that a header splitter puts apart, counted from the frame's first byte: through the
     * transport header of an unfragmented TCP or UDP packet, through the IP header of any other, and 0 for what is not
     * IP or not whole and well formed. Whether fragments are split, and which length still fits, is the splitter's to decide.
     */
    public int headerLength() {
        if (!isIp() || marked(MALFORMED | TRUNCATED)) {
            return 0;
        }
        return (isFragment() ? networkHeaderEnd : transportHeaderEnd) - frameOffset;
    }

    /** Whether the frame ends before its headers or their lengths say. */
    public boolean isTruncated() {
        return marked(TRUNCATED);
    }

    /** Whether a header contradicts itself or the header around it. */
    public boolean isMalformed() {
        return marked(MALFORMED);
    }
}
