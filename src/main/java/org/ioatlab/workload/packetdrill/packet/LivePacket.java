package org.ioatlab.workload.packetdrill.packet;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.packetdrill.script.Transport;

/** An IP packet's bytes and where its headers lie. */
public final class LivePacket {
    private final byte[] bytes;
    private final FrameLayout layout = new FrameLayout();

    /** Reads a packet that begins with its IP header; the bytes stay the caller's and must not change. */
    public LivePacket(byte[] bytes) {
        this.bytes = bytes;
        layout.parseIp(bytes, 0, bytes.length);
    }

    /** Whether it is a whole TCP segment. */
    public boolean isTcp() {
        return layout.isTcp() && layout.hasTransportHeader();
    }

    /** Whether it is a whole UDP datagram. */
    public boolean isUdp() {
        return layout.isUdp() && layout.hasTransportHeader();
    }

    /** Whether it is an ICMP or ICMPv6 message. */
    public boolean isIcmp() {
        int protocol = layout.transportProtocol();
        return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    }

    boolean isIpv6() {
        return layout.isIpv6();
    }

    IpAddress source() {
        int at = layout.networkOffset();
        return isIpv6()
                ? IpAddress.ipv6(Ipv6.sourceHigh(bytes, at), Ipv6.sourceLow(bytes, at))
                : IpAddress.ipv4(Ipv4.source(bytes, at));
    }

    IpAddress destination() {
        int at = layout.networkOffset();
        return isIpv6()
                ? IpAddress.ipv6(Ipv6.destinationHigh(bytes, at), Ipv6.destinationLow(bytes, at))
                : IpAddress.ipv4(Ipv4.destination(bytes, at));
    }

    /** The sender's port, 0 where there are none. */
    int sourcePort() {
        return isTcp() || isUdp() ? Udp.sourcePort(bytes, layout.transportOffset()) : 0;
    }

    int destinationPort() {
        return isTcp() || isUdp() ? Udp.destinationPort(bytes, layout.transportOffset()) : 0;
    }

    int trafficClass() {
        int at = layout.networkOffset();
        return isIpv6() ? Ipv6.trafficClass(bytes, at) : Ipv4.trafficClass(bytes, at);
    }

    int timeToLive() {
        int at = layout.networkOffset();
        return isIpv6() ? Ipv6.hopLimit(bytes, at) : Ipv4.timeToLive(bytes, at);
    }

    /** The flow label; 0 for IPv4. */
    int flowLabel() {
        return isIpv6() ? Ipv6.flowLabel(bytes, layout.networkOffset()) : 0;
    }

    /** The flags of a segment, {@link Transport#AE} included. */
    int flags() {
        int at = layout.transportOffset();
        int accurateEcn = (BigEndian.u8(bytes, at + 12) & 1) != 0 ? Transport.AE : 0;
        return Tcp.flags(bytes, at) | accurateEcn;
    }

    boolean has(int flags) {
        return (flags() & flags) == flags;
    }

    int sequence() {
        return Tcp.sequence(bytes, layout.transportOffset());
    }

    int acknowledgment() {
        return Tcp.acknowledgment(bytes, layout.transportOffset());
    }

    int window() {
        return Tcp.window(bytes, layout.transportOffset());
    }

    int urgentPointer() {
        return Tcp.urgentPointer(bytes, layout.transportOffset());
    }

    int type() {
        return BigEndian.u8(bytes, layout.transportOffset());
    }

    int code() {
        return BigEndian.u8(bytes, layout.transportOffset() + 1);
    }

    /** Where the options of a segment begin. */
    int optionsStart() {
        return layout.transportOffset() + Tcp.MIN_HEADER_LENGTH;
    }

    /** Where the options of a segment end. */
    int optionsEnd() {
        return layout.transportHeaderEnd();
    }

    int payloadLength() {
        return layout.payloadLength();
    }

    /** Whether all bytes of the payload are 0, as those that scripts write. */
    boolean payloadIsZero() {
        for (int i = 0; i < layout.payloadLength(); i++) {
            if (bytes[layout.payloadOffset() + i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a checksum in it is wrong. */
    boolean isBroken() {
        return layout.isMalformed()
                || layout.isTruncated()
                || ChecksumVerifier.ipv4Header(bytes, layout) == ChecksumStatus.BAD
                || ChecksumVerifier.transport(bytes, layout) == ChecksumStatus.BAD;
    }

    byte[] bytes() {
        return bytes;
    }
}
