package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Icmp;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.packetdrill.script.IpInfo;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.Transport;
import org.ioatlab.workload.packetdrill.script.Transport.Echoed;
import org.jspecify.annotations.Nullable;

/** Makes a script's inbound packets: real bytes with right checksums, numbers as on the wire, a payload of zeros. */
public final class PacketWriter {
    private static final int QUOTED = 8;

    private final Conversation conversation;
    private final boolean interpolate;
    private final boolean ipv6;
    private final int headerLength;

    /**
     * A maker of packets towards one socket.
     *
     * @param interpolate whether echoes of timestamps that the machine never sent are worked out from those that it did
     */
    public PacketWriter(Conversation conversation, boolean interpolate) {
        this.conversation = conversation;
        this.interpolate = interpolate;
        this.ipv6 = !conversation.local().isIpv4();
        this.headerLength = ipv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
    }

    /**
     * The packet's bytes.
     *
     * @throws Untranslatable when it echoes a timestamp that the machine hasn't sent
     */
    public byte[] write(PacketSpec packet) throws Untranslatable {
        byte[] bytes = switch (packet.transport()) {
            case Transport.Tcp segment -> segment(packet, segment);
            case Transport.Udp datagram -> datagram(packet, datagram);
            case Transport.Icmp message -> message(message);
        };
        finish(bytes, packet.ip());
        if (packet.transport() instanceof Transport.Tcp) {
            conversation.injected(new LivePacket(bytes));
        }
        return bytes;
    }

    /**
     * The bytes of a packet, or of the segments that it is cut into where a link carries no longer ones: what a script injects as one
     * comes as several, as behind a card that cuts segments.
     *
     * @param mtu the longest packet that the link carries
     * @param mss the longest payload of a segment, 0 for what the link takes
     * @throws Untranslatable when the packet echoes a timestamp that the machine hasn't sent, or can't be cut
     */
    public List<byte[]> write(PacketSpec packet, int mtu, int mss) throws Untranslatable {
        byte[] whole = write(packet);
        if (whole.length <= mtu) {
            return List.of(whole);
        }
        if (!(packet.transport() instanceof Transport.Tcp segment) || segment.has(Tcp.SYN)) {
            throw new Untranslatable("the packet has " + whole.length + " bytes, and the link carries " + mtu);
        }
        int headers = whole.length - segment.sequence().length();
        int most = mss == 0 ? mtu - headers : Math.min(mss, mtu - headers);
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < segment.sequence().length(); at += most) {
            int length = Math.min(most, segment.sequence().length() - at);
            pieces.add(write(piece(packet, segment, at, length)));
        }
        return pieces;
    }

    /** A part of a segment; only the last tells that it is to be pushed, or that no more follows. */
    private static PacketSpec piece(PacketSpec packet, Transport.Tcp whole, int at, int length) {
        Transport.SequenceRange range = whole.sequence();
        boolean last = at + length == range.length();
        Transport.Tcp piece = new Transport.Tcp(
                last ? whole.flags() : whole.flags() & ~(Tcp.FIN | Tcp.PSH),
                new Transport.SequenceRange(range.mode(), range.start() + at & 0xffff_ffffL, length),
                whole.acknowledgment(),
                whole.window(),
                Math.max(0, whole.urgent() - at),
                whole.options());
        return new PacketSpec(packet.direction(), packet.ip(), packet.ports(), piece);
    }

    /** A reset that the machine believes: it follows what was injected or acknowledges what was sent (RFC 9293, 3.5.2). */
    public byte[] reset() {
        byte[] bytes = packet(IpProtocol.TCP, Tcp.MIN_HEADER_LENGTH);
        LivePacket injected = conversation.lastInjected();
        LivePacket sent = conversation.lastSent();
        int sequence = 0;
        int acknowledgment = 0;
        if (injected != null && injected.has(Tcp.ACK)) {
            int flags = Integer.bitCount(injected.flags() & (Tcp.SYN | Tcp.FIN));
            sequence = injected.sequence() + injected.payloadLength() + flags;
            acknowledgment = injected.acknowledgment();
        } else if (sent != null) {
            sequence = sent.has(Tcp.ACK) ? sent.acknowledgment() : 0;
            acknowledgment = sent.sequence() + (sent.has(Tcp.ACK) ? 0 : 1);
        }
        ports(bytes, conversation.remotePort(), conversation.localPort());
        header(bytes, sequence, acknowledgment, Tcp.RST | Tcp.ACK, Tcp.MIN_HEADER_LENGTH);
        finish(bytes, IpInfo.NONE);
        return bytes;
    }

    private byte[] segment(PacketSpec packet, Transport.Tcp segment) throws Untranslatable {
        boolean syn = segment.has(Tcp.SYN);
        byte[] options = new OptionCodec(conversation, syn, segment.has(Tcp.ACK), interpolate).write(segment.options());
        int tcpLength = Tcp.MIN_HEADER_LENGTH + options.length;
        Transport.SequenceRange range = segment.sequence();
        byte[] bytes = packet(IpProtocol.TCP, tcpLength + range.length());
        ports(bytes, packet.ports());
        boolean absolute = range.mode() == Transport.SequenceRange.Mode.ABSOLUTE;
        int sequence = (int) range.start() + (absolute ? 0 : conversation.remoteOffset(syn));
        boolean acknowledges = segment.has(Tcp.ACK);
        int acknowledgment =
                (int) Math.max(0, segment.acknowledgment()) + (acknowledges ? conversation.localOffset(syn) : 0);
        header(bytes, sequence, acknowledgment, segment.flags(), tcpLength);
        Tcp.setWindow(bytes, headerLength, Math.max(0, segment.window()));
        Tcp.setUrgentPointer(bytes, headerLength, segment.urgent());
        System.arraycopy(options, 0, bytes, headerLength + Tcp.MIN_HEADER_LENGTH, options.length);
        return bytes;
    }

    private void header(byte[] bytes, int sequence, int acknowledgment, int flags, int tcpLength) {
        Tcp.setSequence(bytes, headerLength, sequence);
        Tcp.setAcknowledgment(bytes, headerLength, acknowledgment);
        Tcp.setHeaderLength(bytes, headerLength, tcpLength);
        int accurateEcn = (flags & Transport.AE) != 0 ? 1 : 0;
        BigEndian.put8(bytes, headerLength + 12, tcpLength >>> 2 << 4 | accurateEcn);
        Tcp.setFlags(bytes, headerLength, flags & 0xff);
    }

    private void ports(byte[] bytes, PacketSpec.@Nullable Ports ports) {
        int source = ports == null ? 0 : ports.source();
        int destination = ports == null ? 0 : ports.destination();
        ports(
                bytes,
                source == 0 ? conversation.remotePort() : source,
                destination == 0 ? conversation.localPort() : destination);
    }

    private void ports(byte[] bytes, int source, int destination) {
        Udp.setSourcePort(bytes, headerLength, source);
        Udp.setDestinationPort(bytes, headerLength, destination);
    }

    private byte[] datagram(PacketSpec packet, Transport.Udp datagram) {
        byte[] bytes = packet(IpProtocol.UDP, Udp.HEADER_LENGTH + datagram.length());
        ports(bytes, packet.ports());
        Udp.setLength(bytes, headerLength, Udp.HEADER_LENGTH + datagram.length());
        return bytes;
    }

    private byte[] message(Transport.Icmp message) {
        Echoed echoed = message.echoed() == null
                ? new Echoed.Tcp(new Transport.SequenceRange(Transport.SequenceRange.Mode.RELATIVE, 0, 0))
                : message.echoed();
        int body = switch (echoed) {
            case Echoed.Tcp tcp -> headerLength + QUOTED + tcp.sequence().length();
            case Echoed.Udp udp -> headerLength + QUOTED + udp.length();
            case Echoed.Raw raw -> Math.max(0, raw.length() - Icmp.HEADER_LENGTH);
        };
        byte[] bytes = packet(ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP, Icmp.HEADER_LENGTH + body);
        BigEndian.put8(bytes, headerLength, message.type());
        BigEndian.put8(bytes, headerLength + 1, message.code());
        if (message.mtu() >= 0) {
            // RFC 1191, 4: the low half of the second word; RFC 4443, 3.2: the whole of it.
            BigEndian.put32(bytes, headerLength + 4, (int) message.mtu());
        }
        if (message.id() >= 0) {
            BigEndian.put16(bytes, headerLength + 4, message.id());
        }
        quote(bytes, headerLength + Icmp.HEADER_LENGTH, echoed);
        return bytes;
    }

    /** The packet that the message is about: one that the machine sent. */
    private void quote(byte[] bytes, int at, Echoed echoed) {
        switch (echoed) {
            case Echoed.Raw _ -> {}
            case Echoed.Tcp tcp -> {
                int length = Tcp.MIN_HEADER_LENGTH + tcp.sequence().length();
                quoteHeader(bytes, at, IpProtocol.TCP, length);
                Tcp.setSequence(
                        bytes, at + headerLength, (int) tcp.sequence().start() + conversation.localOffset(false));
            }
            case Echoed.Udp udp -> {
                quoteHeader(bytes, at, IpProtocol.UDP, Udp.HEADER_LENGTH + udp.length());
                Udp.setLength(bytes, at + headerLength, Udp.HEADER_LENGTH + udp.length());
            }
        }
    }

    private void quoteHeader(byte[] bytes, int at, int protocol, int length) {
        ipHeader(bytes, at, protocol, length, conversation.local(), conversation.remote());
        Udp.setSourcePort(bytes, at + headerLength, conversation.localPort());
        Udp.setDestinationPort(bytes, at + headerLength, conversation.remotePort());
    }

    private byte[] packet(int protocol, int length) {
        byte[] bytes = new byte[headerLength + length];
        ipHeader(bytes, 0, protocol, length, conversation.remote(), conversation.local());
        return bytes;
    }

    private void ipHeader(byte[] bytes, int at, int protocol, int length, IpAddress from, IpAddress to) {
        if (ipv6) {
            Ipv6.writeHeader(bytes, at, length, protocol);
            Ipv6.setSource(bytes, at, from.high(), from.low());
            Ipv6.setDestination(bytes, at, to.high(), to.low());
        } else {
            Ipv4.writeHeader(bytes, at, headerLength + length, protocol, from.ipv4Bits(), to.ipv4Bits());
        }
    }

    /** Sets what the script says of the IP header, and the checksums. */
    private void finish(byte[] bytes, IpInfo ip) {
        if (ipv6) {
            Ipv6.setTrafficClass(bytes, 0, ip.trafficClass());
            if (ip.flowLabel() >= 0) {
                BigEndian.put32(bytes, 0, (BigEndian.i32(bytes, 0) & 0xfff0_0000) | ip.flowLabel());
            }
            Ipv6.setHopLimit(bytes, 0, ip.ttl() >= 0 ? ip.ttl() : 255);
        } else {
            Ipv4.setTrafficClass(bytes, 0, ip.trafficClass());
            Ipv4.setTimeToLive(bytes, 0, ip.ttl() >= 0 ? ip.ttl() : 255);
            Ipv4.writeChecksum(bytes, 0);
        }
        transportChecksum(
                bytes, ipv6 ? Ipv6.nextHeader(bytes, 0) : Ipv4.protocol(bytes, 0), bytes.length - headerLength);
    }

    private void transportChecksum(byte[] bytes, int protocol, int length) {
        int pseudo = ipv6
                ? InternetChecksum.pseudoHeaderIpv6(bytes, 0, protocol, length)
                : InternetChecksum.pseudoHeaderIpv4(bytes, 0, protocol, length);
        switch (protocol) {
            case IpProtocol.TCP -> Tcp.writeChecksum(bytes, headerLength, length, pseudo);
            case IpProtocol.UDP -> Udp.writeChecksum(bytes, headerLength, length, pseudo);
            case IpProtocol.ICMPV6 -> Icmpv6.writeChecksum(bytes, headerLength, length, pseudo);
            default -> Icmp.writeChecksum(bytes, headerLength, length);
        }
    }
}
