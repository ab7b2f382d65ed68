package org.ioatlab.workload.packetdrill.script;

import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.Transport.Echoed;
import org.ioatlab.workload.packetdrill.script.Transport.SequenceRange;

/** Writes packets in the notation of scripts, so that what came can be held against what was expected. */
final class PacketText {
    private static final String[] CODEPOINTS = {"noecn", "ect1", "ect0", "ce"};

    private final StringBuilder text = new StringBuilder();

    private PacketText() {}

    static String of(PacketSpec packet) {
        PacketText writer = new PacketText();
        writer.text.append(packet.direction() == Direction.INBOUND ? "< " : "> ");
        writer.ip(packet.ip());
        switch (packet.transport()) {
            case Transport.Tcp segment -> {
                writer.ports(packet);
                writer.segment(segment);
            }
            case Transport.Udp datagram -> {
                writer.text.append("udp ");
                writer.ports(packet);
                writer.text.append('(').append(datagram.length()).append(')');
            }
            case Transport.Icmp message -> writer.message(message);
        }
        return writer.text.toString();
    }

    private void ports(PacketSpec packet) {
        PacketSpec.Ports ports = packet.ports();
        if (ports != null) {
            text.append(ports.source())
                    .append(" > ")
                    .append(ports.destination())
                    .append(' ');
        }
    }

    private void ip(IpInfo ip) {
        int start = text.length();
        switch (ip.ecn()) {
            case UNCHECKED -> {}
            case CODEPOINT -> field(start, CODEPOINTS[ip.trafficClass()]);
            case ECT0_OR_ECT1 -> field(start, "ect01");
            case TOS -> field(start, "tos 0x" + Integer.toHexString(ip.trafficClass()));
        }
        if (ip.flowLabel() >= 0) {
            field(start, "flowlabel 0x" + Integer.toHexString(ip.flowLabel()));
        }
        if (ip.ttl() >= 0) {
            field(start, "ttl " + ip.ttl());
        }
        text.append(text.length() > start ? "] " : "");
    }

    private void field(int start, String field) {
        text.append(text.length() == start ? "[" : ", ").append(field);
    }

    private void segment(Transport.Tcp segment) {
        flags(segment.flags());
        text.append(' ');
        sequence(segment.sequence());
        number(" ack ", segment.acknowledgment());
        number(" win ", segment.window());
        if (segment.urgent() != 0) {
            number(" urg ", segment.urgent());
        }
        if (segment.options().any()) {
            text.append(" <...>");
        } else if (!segment.options().list().isEmpty()) {
            options(segment.options());
        }
    }

    private void number(String name, long value) {
        if (value >= 0) {
            text.append(name).append(value);
        }
    }

    private void flags(int flags) {
        flag(flags, Tcp.FIN, 'F');
        flag(flags, Tcp.SYN, 'S');
        flag(flags, Tcp.RST, 'R');
        flag(flags, Tcp.PSH, 'P');
        flag(flags, Tcp.URG, 'U');
        flag(flags, Tcp.ECE, 'E');
        flag(flags, Tcp.CWR, 'W');
        flag(flags, Transport.AE, 'A');
        flag(flags, Tcp.ACK, '.');
        text.append(flags == 0 ? "-" : "");
    }

    private void flag(int flags, int flag, char letter) {
        if ((flags & flag) != 0) {
            text.append(letter);
        }
    }

    private void sequence(SequenceRange range) {
        if (range.mode() == SequenceRange.Mode.ANY) {
            text.append("...");
        } else {
            long end = range.start() + range.length() & 0xffff_ffffL;
            text.append(range.start()).append(':').append(end);
        }
        text.append('(').append(range.length()).append(')');
        text.append(range.mode() == SequenceRange.Mode.ABSOLUTE ? "!" : "");
    }

    private void options(Transport.Options options) {
        char separator = '<';
        text.append(' ');
        for (TcpOption option : options.list()) {
            text.append(separator);
            option(option);
            separator = ',';
        }
        text.append('>');
    }

    private void option(TcpOption option) {
        switch (option) {
            case TcpOption.Nop _ -> text.append("nop");
            case TcpOption.Eol _ -> text.append("eol");
            case TcpOption.Mss mss -> text.append("mss ").append(mss.bytes());
            case TcpOption.WindowScale scale -> text.append("wscale ").append(scale.shift());
            case TcpOption.SackPermitted _ -> text.append("sackOK");
            case TcpOption.Sack sack -> sack(sack);
            case TcpOption.Timestamps timestamps -> timestamps(timestamps);
            case TcpOption.Md5 md5 -> text.append("md5 ").append(md5.digest());
            case TcpOption.FastOpen open -> blob(open.experimental() ? "FOEXP" : "FO", open.cookie());
            case TcpOption.Unknown unknown -> blob("unknown " + unknown.kind(), unknown.data());
        }
    }

    private void blob(String name, String digits) {
        text.append(name).append(digits.isEmpty() ? "" : " ").append(digits);
    }

    private void sack(TcpOption.Sack sack) {
        text.append("sack");
        for (TcpOption.Block block : sack.blocks()) {
            text.append(' ').append(block.left()).append(':').append(block.right());
        }
    }

    private void timestamps(TcpOption.Timestamps timestamps) {
        text.append("TS val ").append(timestamps.anyValue() ? "..." : Long.toString(timestamps.value()));
        text.append(" ecr ").append(timestamps.echo()).append(timestamps.absoluteEcho() ? "!" : "");
    }

    private void message(Transport.Icmp message) {
        text.append("icmp ").append(message.typeName());
        if (message.codeName() != null) {
            text.append(' ').append(message.codeName());
        }
        number(" mtu ", message.mtu());
        number(" id ", message.id());
        Echoed echoed = message.echoed();
        if (echoed != null) {
            text.append(" [");
            echoed(echoed);
            text.append(']');
        }
    }

    private void echoed(Echoed echoed) {
        switch (echoed) {
            case Echoed.Tcp tcp -> sequence(tcp.sequence());
            case Echoed.Udp udp -> text.append("udp (").append(udp.length()).append(')');
            case Echoed.Raw raw -> text.append("raw (").append(raw.length()).append(')');
        }
    }
}
