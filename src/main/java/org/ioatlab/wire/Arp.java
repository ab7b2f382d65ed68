package org.ioatlab.wire;

/** The ARP packet for IPv4 over Ethernet (RFC 826). */
public final class Arp {
    /** Length of the packet for IPv4 over Ethernet. */
    public static final int LENGTH = 28;

    public static final int HARDWARE_ETHERNET = 1;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_IP = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_IP = 24;

    private Arp() {}

    public static int hardwareType(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset);
    }

    public static int protocolType(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + 2);
    }

    /** {@link #REQUEST} or {@link #REPLY}. */
    public static int operation(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + OPERATION);
    }

    public static long senderMac(byte[] frame, int offset) {
        return BigEndian.u48(frame, offset + SENDER_MAC);
    }

    public static int senderIpv4(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + SENDER_IP);
    }

    public static long targetMac(byte[] frame, int offset) {
        return BigEndian.u48(frame, offset + TARGET_MAC);
    }

    public static int targetIpv4(byte[] frame, int offset) {
        return BigEndian.i32(frame, offset + TARGET_IP);
    }

    /** Writes a whole packet of {@link #LENGTH} bytes. */
    public static void write(
            byte[] frame, int offset, int operation, long senderMac, int senderIpv4, long targetMac, int targetIpv4) {
        BigEndian.put16(frame, offset, HARDWARE_ETHERNET);
        BigEndian.put16(frame, offset + 2, Ethernet.TYPE_IPV4);
        BigEndian.put8(frame, offset + 4, Ethernet.ADDRESS_LENGTH);
        BigEndian.put8(frame, offset + 5, Ipv4.ADDRESS_LENGTH);
        BigEndian.put16(frame, offset + OPERATION, operation);
        BigEndian.put48(frame, offset + SENDER_MAC, senderMac);
        BigEndian.put32(frame, offset + SENDER_IP, senderIpv4);
        BigEndian.put48(frame, offset + TARGET_MAC, targetMac);
        BigEndian.put32(frame, offset + TARGET_IP, targetIpv4);
    }
}
