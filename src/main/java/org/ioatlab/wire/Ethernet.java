package org.ioatlab.wire;

/**
 * The Ethernet II header (IEEE 802.3) with any 802.1Q or 802.1ad tags behind its addresses. Lengths are bytes and never
 * count the frame check sequence; addresses are 48-bit numbers as {@link MacAddress} holds them.
 */
public final class Ethernet {
    /** Two addresses and the EtherType, without a tag. */
    public static final int HEADER_LENGTH = 14;

    /** Length of one address. */
    public static final int ADDRESS_LENGTH = 6;

    /** What one 802.1Q or 802.1ad tag adds to the header. */
    public static final int VLAN_TAG_LENGTH = 4;

    /** Shortest frame on the wire, padding included. */
    public static final int MIN_FRAME_LENGTH = 60;

    /** Frame check sequence behind every frame on the wire. */
    public static final int FCS_LENGTH = 4;

    /** Preamble, start delimiter and inter-frame gap: what the wire spends on a frame besides its bytes and FCS. */
    public static final int PREAMBLE_AND_GAP_LENGTH = 20;

    /** Values below this in the type field are an 802.3 length. */
    public static final int MIN_ETHER_TYPE = 0x600;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV6 = 0x86dd;
    public static final int TYPE_QINQ = 0x88a8;

    /** The tag that equipment used for stacked VLANs before 802.1ad. */
    public static final int TYPE_QINQ_OLD = 0x9100;

    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int VLAN_ID_MASK = 0xfff;

    private Ethernet() {}

    /** The destination address, 48 bits. */
    public static long destination(byte[] frame, int offset) {
        return BigEndian.u48(frame, offset);
    }

    /** The source address, 48 bits. */
    public static long source(byte[] frame, int offset) {
        return BigEndian.u48(frame, offset + SOURCE);
    }

    /** The field behind the addresses: an EtherType, a tag's type or an 802.3 length. */
    public static int type(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + TYPE);
    }

    /** Whether {@code type} announces a VLAN tag. */
    public static boolean isVlanType(int type) {
        return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
    }

    /** The tag control information of the first tag: priority, drop eligibility and VLAN id. */
    public static int vlanTag(byte[] frame, int offset) {
        return BigEndian.u16(frame, offset + HEADER_LENGTH);
    }

    /** The VLAN id of a tag control information, 0 to 4095. */
    public static int vlanId(int tag) {
        return tag & VLAN_ID_MASK;
    }

    public static void setDestination(byte[] frame, int offset, long address) {
        BigEndian.put48(frame, offset, address);
    }

    public static void setSource(byte[] frame, int offset, long address) {
        BigEndian.put48(frame, offset + SOURCE, address);
    }

    public static void setType(byte[] frame, int offset, int type) {
        BigEndian.put16(frame, offset + TYPE, type);
    }

    /** Writes an untagged header of {@link #HEADER_LENGTH} bytes. */
    public static void writeHeader(byte[] frame, int offset, long destination, long source, int type) {
        setDestination(frame, offset, destination);
        setSource(frame, offset, source);
        setType(frame, offset, type);
    }

    /** Writes a header with one 802.1Q tag: {@link #HEADER_LENGTH} + {@link #VLAN_TAG_LENGTH} bytes. */
    public static void writeTaggedHeader(byte[] frame, int offset, long destination, long source, int tag, int type) {
        writeHeader(frame, offset, destination, source, TYPE_VLAN);
        BigEndian.put16(frame, offset + HEADER_LENGTH, tag);
        BigEndian.put16(frame, offset + HEADER_LENGTH + 2, type);
    }
}
