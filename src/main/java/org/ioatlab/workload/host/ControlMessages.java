package org.ioatlab.workload.host;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.Icmp;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.wire.Wire;

/** A remote host's ICMP for both families (RFC 792, RFC 4443), and datagrams that nobody wants. */
final class ControlMessages {
    private static final int ECONNREFUSED = 111;
    private static final int EHOSTUNREACH = 113;

    private static final int PORT_UNREACHABLE = 3;
    private static final int UNREACHABLE_V6 = 1;
    private static final int PORT_UNREACHABLE_V6 = 4;

    /** The most that a message may quote: the whole stays within 576 bytes (RFC 1812, 4.3.2.3), or 1280 (RFC 4443, 2.4). */
    private static final int LARGEST_QUOTE = 576 - Ipv4.MIN_HEADER_LENGTH - Icmp.HEADER_LENGTH;

    private static final int LARGEST_QUOTE_V6 = 1280 - Ipv6.HEADER_LENGTH - Icmpv6.HEADER_LENGTH;

    private final RemoteHost host;
    private final PacketWriter writer;
    private final DatagramPorts ports;
    private final FrameLayout quoted = new FrameLayout();

    ControlMessages(RemoteHost host, PacketWriter writer, DatagramPorts ports) {
        this.host = host;
        this.writer = writer;
        this.ports = ports;
    }

    /** A datagram with a right checksum has come. */
    void datagram(byte[] frame, FrameLayout layout) {
        DatagramUser user = ports.user(Udp.destinationPort(frame, layout.transportOffset()));
        if (user == null) {
            refuse(frame, layout);
        } else {
            user.received(frame, layout.payloadOffset(), layout.payloadLength());
        }
    }

    /** A packet that is neither TCP nor UDP has come. */
    void message(byte[] frame, FrameLayout layout) {
        int at = layout.transportOffset();
        int length = layout.transportLength();
        if (length < Icmp.HEADER_LENGTH) {
            return;
        }
        if (layout.isIpv4() && layout.transportProtocol() == IpProtocol.ICMP) {
            if (InternetChecksum.checksum(frame, at, length) == 0) {
                messageV4(frame, layout, at, length);
            }
        } else if (layout.isIpv6() && layout.transportProtocol() == IpProtocol.ICMPV6) {
            int pseudo = InternetChecksum.pseudoHeaderIpv6(frame, layout.networkOffset(), IpProtocol.ICMPV6, length);
            if (InternetChecksum.add(pseudo, InternetChecksum.sum(frame, at, length)) == 0xffff) {
                messageV6(frame, layout, at, length);
            }
        }
    }

    private void messageV4(byte[] frame, FrameLayout layout, int at, int length) {
        if (Icmp.type(frame, at) == Icmp.ECHO_REQUEST) {
            int slot = answer(frame, layout, length);
            if (slot != Wire.NO_SLOT) {
                byte[] bytes = writer.bytes(slot);
                int to = PacketWriter.transportAt(true);
                System.arraycopy(frame, at, bytes, to, length);
                bytes[to] = Icmp.ECHO_REPLY;
                Icmp.writeChecksum(bytes, to, length);
                writer.send(true, slot, to + length);
            }
        } else if (Icmp.type(frame, at) == Icmp.DESTINATION_UNREACHABLE) {
            unreachable(frame, at, length, Icmp.code(frame, at) == PORT_UNREACHABLE);
        }
    }

    private void messageV6(byte[] frame, FrameLayout layout, int at, int length) {
        if (Icmpv6.type(frame, at) == Icmpv6.ECHO_REQUEST) {
            int slot = answer(frame, layout, length);
            if (slot != Wire.NO_SLOT) {
                byte[] bytes = writer.bytes(slot);
                int to = PacketWriter.transportAt(false);
                System.arraycopy(frame, at, bytes, to, length);
                bytes[to] = (byte) Icmpv6.ECHO_REPLY;
                finishV6(slot, to, length);
            }
        } else if (Icmpv6.type(frame, at) == UNREACHABLE_V6) {
            unreachable(frame, at, length, Icmpv6.code(frame, at) == PORT_UNREACHABLE_V6);
        }
    }

    private void refuse(byte[] frame, FrameLayout layout) {
        boolean isIpv4 = layout.isIpv4();
        int packet = layout.networkEnd() - layout.networkOffset();
        int quote = Math.min(packet, isIpv4 ? LARGEST_QUOTE : LARGEST_QUOTE_V6);
        int slot = answer(frame, layout, Icmp.HEADER_LENGTH + quote);
        if (slot == Wire.NO_SLOT) {
            return;
        }
        byte[] bytes = writer.bytes(slot);
        int at = PacketWriter.transportAt(isIpv4);
        int type = isIpv4
                ? Icmp.DESTINATION_UNREACHABLE << 8 | PORT_UNREACHABLE
                : UNREACHABLE_V6 << 8 | PORT_UNREACHABLE_V6;
        BigEndian.put32(bytes, at, type << 16);
        BigEndian.put32(bytes, at + Integer.BYTES, 0);
        System.arraycopy(frame, layout.networkOffset(), bytes, at + Icmp.HEADER_LENGTH, quote);
        if (isIpv4) {
            Icmp.writeChecksum(bytes, at, Icmp.HEADER_LENGTH + quote);
            writer.send(true, slot, at + Icmp.HEADER_LENGTH + quote);
        } else {
            finishV6(slot, at, Icmpv6.HEADER_LENGTH + quote);
        }
    }

    /** Begins an answer to whoever sent the packet. */
    private int answer(byte[] frame, FrameLayout layout, int length) {
        int ip = layout.networkOffset();
        if (layout.isIpv4()) {
            long self = Integer.toUnsignedLong(Ipv4.destination(frame, ip));
            long other = Integer.toUnsignedLong(Ipv4.source(frame, ip));
            return writer.begin(true, 0, self, 0, other, IpProtocol.ICMP, length);
        }
        long selfHigh = Ipv6.destinationHigh(frame, ip);
        long selfLow = Ipv6.destinationLow(frame, ip);
        long otherHigh = Ipv6.sourceHigh(frame, ip);
        long otherLow = Ipv6.sourceLow(frame, ip);
        return writer.begin(false, selfHigh, selfLow, otherHigh, otherLow, IpProtocol.ICMPV6, length);
    }

    private void finishV6(int slot, int at, int length) {
        byte[] bytes = writer.bytes(slot);
        Icmpv6.writeChecksum(bytes, at, length, PacketWriter.pseudoHeader(bytes, false, IpProtocol.ICMPV6, length));
        writer.send(false, slot, at + length);
    }

    /** A packet of this host couldn't be delivered; the message quotes its beginning. */
    private void unreachable(byte[] frame, int at, int length, boolean port) {
        int start = at + Icmp.HEADER_LENGTH;
        quoted.parseIp(frame, start, length - Icmp.HEADER_LENGTH);
        int transport = quoted.transportOffset();
        int left = at + length - transport;
        if (!quoted.isIp() || quoted.isLaterFragment()) {
            return;
        }
        if (quoted.transportProtocol() == IpProtocol.UDP && left >= Udp.HEADER_LENGTH) {
            DatagramUser user = ports.user(Udp.sourcePort(frame, transport));
            if (user != null) {
                user.unreachable();
            }
        } else if (quoted.transportProtocol() == IpProtocol.TCP && left >= Tcp.MIN_HEADER_LENGTH) {
            quotedSegment(frame, transport, left, port);
        }
    }

    private void quotedSegment(byte[] frame, int transport, int left, boolean port) {
        RemoteSegment sent = host.decode(frame, quoted.isIpv4(), quoted.networkOffset(), transport, left);
        if (sent != null) {
            host.tcp().unreachable(sent, port ? ECONNREFUSED : EHOSTUNREACH, port, host);
            host.free(sent, host);
        }
    }
}
