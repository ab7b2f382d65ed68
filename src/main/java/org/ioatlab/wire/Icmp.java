package org.ioatlab.wire;

/** The ICMP header for IPv4 (RFC 792). {@code offset} is where the header begins in the array. */
public final class Icmp {
    public static final int HEADER_LENGTH = 8;
    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;

    private static final int CHECKSUM = 2;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;

    private Icmp() {}

    public static int type(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset);
    }

    public static int code(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + 1);
    }

    public static int checksum(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + CHECKSUM);
    }

    /** The identifier of an echo request or reply. */
    public static int identifier(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + IDENTIFIER);
    }

    /** The sequence number of an echo request or reply. */
    public static int sequence(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + SEQUENCE);
    }

    /** Writes an echo header whose checksum is 0. */
    public static void writeEcho(byte[] frame, int offset, int type, int identifier, int sequence) {
        BigEndian.put32(frame, offset, type << 24);
        BigEndian.put16(frame, offset + IDENTIFIER, identifier);
        BigEndian.put16(frame, offset + SEQUENCE, sequence);
    }

    /** Computes and stores the checksum over {@code length} bytes of header and payload. */
    public static void writeChecksum(byte[] frame, int offset, int length) {
        BigEndian.put16(frame, offset + CHECKSUM, 0);
        BigEndian.put16(frame, offset + CHECKSUM, InternetChecksum.checksum(frame, offset, length));
    }
}
