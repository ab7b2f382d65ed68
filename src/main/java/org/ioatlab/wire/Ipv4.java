package org.ioatlab.wire;

/** The IPv4 header (RFC 791, 3.1). {@code offset} is where the header begins in the array; lengths are bytes. */
public final class Ipv4 {
    /** Length of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    public static final int ADDRESS_LENGTH = 4;
    public static final int VERSION = 4;

    /** In the flags-and-offset word: don't fragment. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** In the flags-and-offset word: more fragments follow. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** In the flags-and-offset word: the fragment's place in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    /** Where the source address stands in the header; the destination follows it. */
    public static final int SOURCE = 12;

    private static final int TRAFFIC_CLASS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int DESTINATION = 16;

    private Ipv4() {}

    public static int version(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset) >>> 4;
    }

    /** Header length with options, in bytes (0 to 60: not yet checked). */
    public static int headerLength(byte[] frame, int offset) {
        return (frame[offset] & 0xf) << 2;
    }

    /** The byte that holds the differentiated services code point and the congestion bits (RFC 2474, RFC 3168). */
    public static int trafficClass(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + TRAFFIC_CLASS);
    }

    /** Length of header and payload. */
    public static int totalLength(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + TOTAL_LENGTH);
    }

    public static int identification(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + IDENTIFICATION);
    }

    /** Flags and fragment offset as they stand in the header. */
    public static int flagsAndOffset(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + FRAGMENT);
    }

    public static int timeToLive(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + TIME_TO_LIVE);
    }

    public static int protocol(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + PROTOCOL);
    }

    public static int checksum(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + CHECKSUM);
    }

    public static int source(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + SOURCE);
    }

    public static int destination(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + DESTINATION);
    }

    public static void setTrafficClass(byte[] frame, int offset, int trafficClass) {
        BigEndian.put8(frame, offset + TRAFFIC_CLASS, trafficClass);
    }

    public static void setTotalLength(byte[] frame, int offset, int length) {
        BigEndian.put16(frame, offset + TOTAL_LENGTH, length);
    }

    public static void setIdentification(byte[] frame, int offset, int identification) {
        BigEndian.put16(frame, offset + IDENTIFICATION, identification);
    }

    public static void setFlagsAndOffset(byte[] frame, int offset, int flagsAndOffset) {
        BigEndian.put16(frame, offset + FRAGMENT, flagsAndOffset);
    }

    public static void setTimeToLive(byte[] frame, int offset, int timeToLive) {
        BigEndian.put8(frame, offset + TIME_TO_LIVE, timeToLive);
    }

    public static void setProtocol(byte[] frame, int offset, int protocol) {
        BigEndian.put8(frame, offset + PROTOCOL, protocol);
    }

    public static void setChecksum(byte[] frame, int offset, int checksum) {
        BigEndian.put16(frame, offset + CHECKSUM, checksum);
    }

    public static void setSource(byte[] frame, int offset, int address) {
        BigEndian.put32(frame, offset + SOURCE, address);
    }

    public static void setDestination(byte[] frame, int offset, int address) {
        BigEndian.put32(frame, offset + DESTINATION, address);
    }

    /**
     * Writes a header of {@link #MIN_HEADER_LENGTH} bytes with don't-fragment set, time to live 64, identification 0
     * and a right checksum.
     */
    public static void writeHeader(
            byte[] frame, int offset, int totalLength, int protocol, int source, int destination) {
        int first = ((VERSION << 12) | ((MIN_HEADER_LENGTH / 4) << 8)) << 16 | (totalLength & 0xffff);
        int hopsAndProtocol = 64 << 8 | protocol;
        // Summed from the fields: reading back at once what was written in narrower pieces stalls the host.
        long addresses = Integer.toUnsignedLong(source) + Integer.toUnsignedLong(destination);
        int sum = InternetChecksum.fold(addresses + first + DONT_FRAGMENT + hopsAndProtocol);
        BigEndian.put32(frame, offset, first);
        BigEndian.put32(frame, offset + IDENTIFICATION, DONT_FRAGMENT);
        BigEndian.put32(frame, offset + TIME_TO_LIVE, hopsAndProtocol << 16 | InternetChecksum.finish(sum));
        setSource(frame, offset, source);
        setDestination(frame, offset, destination);
    }

    /** Computes and stores the header checksum over the header's own length. */
    public static void writeChecksum(byte[] frame, int offset) {
        setChecksum(frame, offset, 0);
        setChecksum(frame, offset, InternetChecksum.checksum(frame, offset, headerLength(frame, offset)));
    }
}
