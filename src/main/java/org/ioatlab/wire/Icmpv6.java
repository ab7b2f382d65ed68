package org.ioatlab.wire;

/** The ICMPv6 header (RFC 4443) and the types of neighbour discovery (RFC 4861). */
public final class Icmpv6 {
    public static final int HEADER_LENGTH = 8;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int NEIGHBOR_SOLICITATION = 135;
    public static final int NEIGHBOR_ADVERTISEMENT = 136;

    private static final int CHECKSUM = 2;

    private Icmpv6() {}

    public static int type(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset);
    }

    public static int code(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + 1);
    }

    public static int checksum(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + CHECKSUM);
    }

    /** Writes type and code with a checksum of 0. */
    public static void writeTypeAndCode(byte[] frame, int offset, int type, int code) {
        BigEndian.put32(frame, offset, type << 24 | (code & 0xff) << 16);
    }

    /** Computes and stores the checksum over {@code length} bytes of the message, given the pseudo header's sum. */
    public static void writeChecksum(byte[] frame, int offset, int length, int pseudoHeaderSum) {
        BigEndian.put16(frame, offset + CHECKSUM, 0);
        int sum = InternetChecksum.add(pseudoHeaderSum, InternetChecksum.sum(frame, offset, length));
        BigEndian.put16(frame, offset + CHECKSUM, InternetChecksum.finish(sum));
    }
}
