package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.PacketBytes;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;

/** Reads back a packet that the machine sent, whole or as an ICMP message quotes it. */
final class OwnPacket {
    private static final int LATER_FRAGMENT = 0x1fff;
    private static final int PORTS_AND_SEQUENCE = 8;
    private static final int ETHER_IPV4_PROTOCOL = 9;
    private static final int NEXT_HEADER = 6;

    /** Answered for a packet that doesn't tell its protocol. */
    static final int UNKNOWN = 255;

    private OwnPacket() {}

    /**
     * Fills in the addresses, the ports and the sequence number of the IP packet at the beginning of {@code packet}'s data.
     *
     * @return its protocol, {@link #UNKNOWN} if too little is there or it isn't the packet's first fragment
     */
    static int describe(SocketBuffer packet, PacketBytes bytes, IpError error) {
        error.mtu = 0;
        error.ports = 0;
        error.sequence = 0;
        error.ofOwnHost = false;
        if (packet.length() < Ipv4.MIN_HEADER_LENGTH) {
            return UNKNOWN;
        }
        error.ipv6 = bytes.u8(packet, 0) >>> 4 == Ipv6.VERSION;
        return error.ipv6 ? describeIpv6(packet, bytes, error) : describeIpv4(packet, bytes, error);
    }

    private static int describeIpv4(SocketBuffer packet, PacketBytes bytes, IpError error) {
        int header = (bytes.u8(packet, 0) & 0xf) << 2;
        if (header < Ipv4.MIN_HEADER_LENGTH || packet.length() < header) {
            return UNKNOWN;
        }
        error.localHigh = 0;
        error.localLow = word(packet, bytes, Ipv4.SOURCE);
        error.remoteHigh = 0;
        error.remoteLow = word(packet, bytes, Ipv4.SOURCE + Ipv4.ADDRESS_LENGTH);
        int offset = (int) (word(packet, bytes, 4) & LATER_FRAGMENT);
        return offset == 0 ? transport(packet, bytes, header, bytes.u8(packet, ETHER_IPV4_PROTOCOL), error) : UNKNOWN;
    }

    private static int describeIpv6(SocketBuffer packet, PacketBytes bytes, IpError error) {
        if (packet.length() < Ipv6.HEADER_LENGTH) {
            return UNKNOWN;
        }
        error.localHigh = longWord(packet, bytes, Ipv6.SOURCE);
        error.localLow = longWord(packet, bytes, Ipv6.SOURCE + 8);
        error.remoteHigh = longWord(packet, bytes, Ipv6.SOURCE + 16);
        error.remoteLow = longWord(packet, bytes, Ipv6.SOURCE + 24);
        int next = bytes.u8(packet, NEXT_HEADER);
        int at = Ipv6.HEADER_LENGTH;
        if (next == IpProtocol.FRAGMENT && packet.length() >= at + Ipv6.EXTENSION_UNIT) {
            next = (word(packet, bytes, at) & 0xfff8) == 0 ? bytes.u8(packet, at) : UNKNOWN;
            at += Ipv6.EXTENSION_UNIT;
        }
        return transport(packet, bytes, at, next, error);
    }

    private static int transport(SocketBuffer packet, PacketBytes bytes, int at, int protocol, IpError error) {
        if (packet.length() < at + PORTS_AND_SEQUENCE) {
            return UNKNOWN;
        }
        error.ports = (int) word(packet, bytes, at);
        error.sequence = (int) word(packet, bytes, at + Integer.BYTES);
        return protocol;
    }

    private static long word(SocketBuffer packet, PacketBytes bytes, int at) {
        int word = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            word = word << Byte.SIZE | bytes.u8(packet, at + i);
        }
        return Integer.toUnsignedLong(word);
    }

    private static long longWord(SocketBuffer packet, PacketBytes bytes, int at) {
        return word(packet, bytes, at) << Integer.SIZE | word(packet, bytes, at + Integer.BYTES);
    }
}
