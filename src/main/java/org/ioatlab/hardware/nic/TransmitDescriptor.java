package org.ioatlab.hardware.nic;

/**
 * The extended formats of a transmit descriptor, two little-endian words of eight bytes each (82571/82574 manuals).
 *
 * <p>A <em>context</em> tells where checksums and headers lie, for all packets behind it: IP start, IP checksum and IP end (u8, u8, u16), the
 * same of the transport header; then the payload's length in 20 bits, type and command, status u8, length of all headers u8, payload
 * of a segment u16. An end of 0 is the packet's. A <em>data</em> descriptor is a piece of a packet: its address; then its length
 * in 20 bits, type and command, status u8, options u8, tag u16.
 */
public final class TransmitDescriptor {
    /** Bytes of a descriptor. */
    public static final int BYTES = 16;

    /** The longest packet that isn't cut into segments, without frame check sequence. */
    public static final int LONGEST_PACKET = 16_288;

    /** In the first word of a context: where the IP header's checksum stands. */
    public static final int IP_CHECKSUM_SHIFT = 8;

    /** In the first word of a context: the last byte of the IP header. */
    public static final int IP_END_SHIFT = 16;

    /** In the first word of a context: where the transport header begins. */
    public static final int TRANSPORT_START_SHIFT = 32;

    /** In the first word of a context: where the transport checksum stands. */
    public static final int TRANSPORT_CHECKSUM_SHIFT = 40;

    /** In the first word of a context: the last byte under the transport checksum. */
    public static final int TRANSPORT_END_SHIFT = 48;

    /** In the second word: the length, of the piece or of the payload that is cut into segments. */
    public static final int LENGTH_MASK = 0xf_ffff;

    /** In the second word: a piece of a packet, no context. */
    public static final int DATA = 1 << 20;

    /** In the second word of a data descriptor: the packet's last piece. */
    public static final int END_OF_PACKET = 1 << 24;

    /** In the second word of a context: the transport is TCP, not UDP. */
    public static final int TCP = 1 << 24;

    /** In the second word of a data descriptor: the frame check sequence is put in. */
    public static final int INSERT_FCS = 1 << 25;

    /** In the second word of a context: the network is IPv4, not IPv6. */
    public static final int IPV4 = 1 << 25;

    /** In the second word: the packet is cut into segments. */
    public static final int SEGMENT = 1 << 26;

    /** In the second word: {@link #DONE} is wanted. */
    public static final int REPORT = 1 << 27;

    /** In the second word: an extended format. */
    public static final int EXTENDED = 1 << 29;

    /** In the second word: written back when the packet has left. */
    public static final long DONE = 1L << 32;

    /** In the second word of a packet's first data descriptor: the IPv4 header's checksum is put in. */
    public static final long INSERT_IP_CHECKSUM = 1L << 40;

    /** In the second word of a packet's first data descriptor: the transport checksum is put in. */
    public static final long INSERT_TRANSPORT_CHECKSUM = 1L << 41;

    /** In the second word of a context: the length of all headers. */
    public static final int HEADER_LENGTH_SHIFT = 40;

    /** In the second word of a context: payload bytes of a segment. */
    public static final int SEGMENT_BYTES_SHIFT = 48;

    private TransmitDescriptor() {}
}
