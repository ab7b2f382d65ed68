package org.ioatlab.wire;

/** The UDP header (RFC 768). {@code offset} is where the header begins in the array. */
public final class Udp {
    public static final int HEADER_LENGTH = 8;

    /** The largest payload of a datagram in an IPv4 packet. */
    public static final int MAX_PAYLOAD_LENGTH = 65_535 - Ipv4.MIN_HEADER_LENGTH - HEADER_LENGTH;

    private static final int LENGTH = 4;
    private static final int CHECKSUM = 6;

    private Udp() {}

    public static int sourcePort(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset);
    }

    public static int destinationPort(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + 2);
    }

    /** Length of header and payload in bytes. */
    public static int length(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + LENGTH);
    }

    /** The checksum; 0 means that the sender computed none. */
    public static int checksum(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + CHECKSUM);
    }

    public static void setSourcePort(byte[] frame, int offset, int port) {
        BigEndian.put16(frame, offset, port);
    }

    public static void setDestinationPort(byte[] frame, int offset, int port) {
        BigEndian.put16(frame, offset + 2, port);
    }

    public static void setLength(byte[] frame, int offset, int length) {
        BigEndian.put16(frame, offset + LENGTH, length);
    }

    public static void setChecksum(byte[] frame, int offset, int checksum) {
        BigEndian.put16(frame, offset + CHECKSUM, checksum);
    }

    /** Writes a header whose checksum is 0. */
    public static void writeHeader(byte[] frame, int offset, int sourcePort, int destinationPort, int length) {
        BigEndian.put32(frame, offset, sourcePort << 16 | (destinationPort & 0xffff));
        BigEndian.put32(frame, offset + LENGTH, length << 16);
    }

    /** The sum over such a header, as {@link InternetChecksum#sum} has it, for ports and length from 0 to 65535. */
    public static int headerSum(int sourcePort, int destinationPort, int length) {
        return InternetChecksum.fold(sourcePort + destinationPort + length);
    }

    /**
     * Computes and stores the checksum over {@code length} bytes of header and payload, given the sum of the pseudo
     * header. A computed 0 is sent as all ones (RFC 768).
     */
    public static void writeChecksum(byte[] frame, int offset, int length, int pseudoHeaderSum) {
        setChecksum(frame, offset, 0);
        int sum = InternetChecksum.add(pseudoHeaderSum, InternetChecksum.sum(frame, offset, length));
        int checksum = InternetChecksum.finish(sum);
        setChecksum(frame, offset, checksum == 0 ? 0xffff : checksum);
    }
}
