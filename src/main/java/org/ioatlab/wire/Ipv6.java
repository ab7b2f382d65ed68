package org.ioatlab.wire;

/**
 * The IPv6 header (RFC 8200, 3) and the fields of its extension headers (RFC 8200, 4). {@code offset} is where the
 * header begins in the array; lengths are bytes.
 */
public final class Ipv6 {
    public static final int HEADER_LENGTH = 40;
    public static final int ADDRESS_LENGTH = 16;
    public static final int VERSION = 6;

    /** Length of a fragment header, and the least length of the other extension headers. */
    public static final int EXTENSION_UNIT = 8;

    /** Where the source address stands in the header; the destination follows it. */
    public static final int SOURCE = 8;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int DESTINATION = 24;

    private Ipv6() {}

    public static int version(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset) >>> 4;
    }

    public static int trafficClass(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset) >>> 4 & 0xff;
    }

    public static int flowLabel(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset) & 0xfffff;
    }

    /** Length of everything behind the fixed header, extension headers included. */
    public static int payloadLength(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + PAYLOAD_LENGTH);
    }

    public static int nextHeader(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + NEXT_HEADER);
    }

    public static int hopLimit(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + HOP_LIMIT);
    }

    /** The upper half of the source address. */
    public static long sourceHigh(byte[] frame, int offset) {
        return BigEndian.i64(frame, offset + SOURCE);
    }

    /** The lower half of the source address. */
    public static long sourceLow(byte[] frame, int offset) {
        return BigEndian.i64(frame, offset + SOURCE + 8);
    }

    /** The upper half of the destination address. */
    public static long destinationHigh(byte[] frame, int offset) {
        return BigEndian.i64(frame, offset + DESTINATION);
    }

    /** The lower half of the destination address. */
    public static long destinationLow(byte[] frame, int offset) {
        return BigEndian.i64(frame, offset + DESTINATION + 8);
    }

    public static void setPayloadLength(byte[] frame, int offset, int length) {
        BigEndian.put16(frame, offset + PAYLOAD_LENGTH, length);
    }

    public static void setNextHeader(byte[] frame, int offset, int nextHeader) {
        BigEndian.put8(frame, offset + NEXT_HEADER, nextHeader);
    }

    public static void setHopLimit(byte[] frame, int offset, int hopLimit) {
        BigEndian.put8(frame, offset + HOP_LIMIT, hopLimit);
    }

    public static void setTrafficClass(byte[] frame, int offset, int trafficClass) {
        int word = BigEndian.u16(frame, offset) & 0xf00f;
        BigEndian.put16(frame, offset, word | (trafficClass & 0xff) << 4);
    }

    public static void setSource(byte[] frame, int offset, long high, long low) {
        BigEndian.put64(frame, offset + SOURCE, high);
        BigEndian.put64(frame, offset + SOURCE + 8, low);
    }

    public static void setDestination(byte[] frame, int offset, long high, long low) {
        BigEndian.put64(frame, offset + DESTINATION, high);
        BigEndian.put64(frame, offset + DESTINATION + 8, low);
    }

    /** Writes the fixed header with traffic class and flow label 0 and hop limit 64; the addresses stay to be set. */
    public static void writeHeader(byte[] frame, int offset, int payloadLength, int nextHeader) {
        BigEndian.put32(frame, offset, VERSION << 28);
        setPayloadLength(frame, offset, payloadLength);
        setNextHeader(frame, offset, nextHeader);
        setHopLimit(frame, offset, 64);
    }

    /** What follows the extension header at {@code offset}. */
    public static int extensionNextHeader(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset);
    }

    /** Length of a hop-by-hop, routing or destination-options header (8 to 2048). */
    public static int extensionLength(byte[] frame, int offset) {
        return (BigEndian.u8(frame, offset + 1) + 1) * EXTENSION_UNIT;
    }

    /** A routing header's count of nodes still to visit (RFC 8200, 4.4). */
    public static int routingSegmentsLeft(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + 3);
    }

    /** A fragment header's place in the datagram, in bytes. */
    public static int fragmentOffset(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + 2) & 0xfff8;
    }

    /** Whether a fragment header says that more fragments follow. */
    public static boolean moreFragments(byte[] frame, int offset) {
        return (frame[offset + 3] & 1) != 0;
    }
}
