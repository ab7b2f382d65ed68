package org.ioatlab.workload.packetdrill.packet;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.script.IpInfo;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.TcpOption;
import org.ioatlab.workload.packetdrill.script.Transport;
import org.ioatlab.workload.packetdrill.script.Transport.SequenceRange;
import org.jspecify.annotations.Nullable;

/** Reads packets that the machine sent as a script would write them, said about as much as the script says. */
final class PacketReader {
    private static final long MASK = 0xffff_ffffL;

    private final Conversation conversation;

    PacketReader(Conversation conversation) {
        this.conversation = conversation;
    }

    /**
     * The packet as the script would write it.
     *
     * @param expected what the script expects: what it doesn't mention isn't mentioned
     */
    PacketSpec read(LivePacket packet, PacketSpec expected) {
        Transport transport;
        if (packet.isTcp()) {
            transport = segment(packet, expected.transport() instanceof Transport.Tcp tcp ? tcp : null);
        } else if (packet.isUdp()) {
            transport = new Transport.Udp(packet.payloadLength());
        } else {
            transport = message(packet);
        }
        return new PacketSpec(Direction.OUTBOUND, ip(packet, expected.ip()), ports(packet, expected), transport);
    }

    private static PacketSpec.@Nullable Ports ports(LivePacket packet, PacketSpec expected) {
        return expected.ports() == null ? null : new PacketSpec.Ports(packet.sourcePort(), packet.destinationPort());
    }

    private static IpInfo ip(LivePacket packet, IpInfo expected) {
        int trafficClass = switch (expected.ecn()) {
            case UNCHECKED -> 0;
            case CODEPOINT, ECT0_OR_ECT1 -> packet.trafficClass() & 3;
            case TOS -> packet.trafficClass();
        };
        IpInfo.Ecn ecn = expected.ecn() == IpInfo.Ecn.ECT0_OR_ECT1 ? IpInfo.Ecn.CODEPOINT : expected.ecn();
        return new IpInfo(
                ecn,
                trafficClass,
                expected.flowLabel() >= 0 ? packet.flowLabel() : -1,
                expected.ttl() >= 0 ? packet.timeToLive() : -1);
    }

    private Transport.Tcp segment(LivePacket packet, Transport.@Nullable Tcp expected) {
        boolean syn = packet.has(Tcp.SYN);
        boolean absolute = expected != null && expected.sequence().mode() == SequenceRange.Mode.ABSOLUTE;
        int sequence = packet.sequence() - (absolute ? 0 : conversation.localOffset(syn));
        int acknowledgment = packet.acknowledgment() - (packet.has(Tcp.ACK) ? conversation.remoteOffset(syn) : 0);
        SequenceRange range = new SequenceRange(
                absolute ? SequenceRange.Mode.ABSOLUTE : SequenceRange.Mode.RELATIVE,
                sequence & MASK,
                packet.payloadLength());
        return new Transport.Tcp(
                packet.flags(),
                range,
                packet.has(Tcp.ACK) || acknowledgment != 0 ? acknowledgment & MASK : -1,
                packet.window(),
                packet.urgentPointer(),
                options(packet, syn));
    }

    private Transport.Options options(LivePacket packet, boolean syn) {
        List<TcpOption> options = new ArrayList<>();
        for (TcpOption option : new OptionCodec(conversation, syn, true, false).read(packet)) {
            options.add(
                    option instanceof TcpOption.Timestamps timestamps
                            ? new TcpOption.Timestamps(
                                    conversation.scriptTimestamp(timestamps.value()), false, timestamps.echo(), false)
                            : option);
        }
        return new Transport.Options(false, options);
    }

    private static Transport.Icmp message(LivePacket packet) {
        return new Transport.Icmp(
                packet.type(), packet.code(), "type_" + packet.type(), "code_" + packet.code(), -1, -1, null);
    }
}
