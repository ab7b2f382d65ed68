package org.ioatlab.wire;

/** The TCP header (RFC 9293, 3.1). {@code offset} is where the header begins in the array; lengths are bytes. */
public final class Tcp {
    /** Length of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    /** Length of a header with as many options as fit. */
    public static final int MAX_HEADER_LENGTH = 60;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;

    /** Explicit congestion notification echo (RFC 3168). */
    public static final int ECE = 0x40;

    /** Congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int CHECKSUM = 16;
    private static final int URGENT = 18;

    private Tcp() {}

    public static int sourcePort(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset);
    }

    public static int destinationPort(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + 2);
    }

    /** The sequence number, to be compared by {@link SequenceNumber}. */
    public static int sequence(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + SEQUENCE);
    }

    /** The acknowledgment number, to be compared by {@link SequenceNumber}. */
    public static int acknowledgment(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + ACKNOWLEDGMENT);
    }

    /** Header length with options (0 to 60: not yet checked). */
    public static int headerLength(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + DATA_OFFSET) >>> 4 << 2;
    }

    /** The eight flags {@link #FIN} to {@link #CWR}. */
    public static int flags(byte[] frame, int offset) {
        return BigEndian.u8(frame, offset + FLAGS);
    }

    /** The window as it stands in the header, not scaled. */
    public static int window(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + WINDOW);
    }

    public static int checksum(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + CHECKSUM);
    }

    public static int urgentPointer(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + URGENT);
    }

    public static void setSourcePort(byte[] frame, int offset, int port) {
        BigEndian.put16(frame, offset, port);
    }

    public static void setDestinationPort(byte[] frame, int offset, int port) {
        BigEndian.put16(frame, offset + 2, port);
    }

    public static void setSequence(byte[] frame, int offset, int sequence) {
        BigEndian.put32(frame, offset + SEQUENCE, sequence);
    }

    public static void setAcknowledgment(byte[] frame, int offset, int acknowledgment) {
        BigEndian.put32(frame, offset + ACKNOWLEDGMENT, acknowledgment);
    }

    /** Sets the header length, a multiple of 4 from 20 to 60, and clears the reserved bits. */
    public static void setHeaderLength(byte[] frame, int offset, int length) {
        BigEndian.put8(frame, offset + DATA_OFFSET, length >>> 2 << 4);
    }

    public static void setFlags(byte[] frame, int offset, int flags) {
        BigEndian.put8(frame, offset + FLAGS, flags);
    }

    public static void setWindow(byte[] frame, int offset, int window) {
        BigEndian.put16(frame, offset + WINDOW, window);
    }

    public static void setChecksum(byte[] frame, int offset, int checksum) {
        BigEndian.put16(frame, offset + CHECKSUM, checksum);
    }

    public static void setUrgentPointer(byte[] frame, int offset, int pointer) {
        BigEndian.put16(frame, offset + URGENT, pointer);
    }

    /** Computes and stores the checksum over {@code length} bytes of header and payload, given the pseudo header's sum. */
    public static void writeChecksum(byte[] frame, int offset, int length, int pseudoHeaderSum) {
        setChecksum(frame, offset, 0);
        int sum = InternetChecksum.add(pseudoHeaderSum, InternetChecksum.sum(frame, offset, length));
        setChecksum(frame, offset, InternetChecksum.finish(sum));
    }
}
