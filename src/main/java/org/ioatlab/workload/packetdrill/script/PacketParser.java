package org.ioatlab.workload.packetdrill.script;

import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Ports;
import org.jspecify.annotations.Nullable;

/** Reads packets. */
final class PacketParser {
    private static final long MAX_U16 = 0xffff;
    private static final long MAX_U32 = 0xffff_ffffL;

    private final Tokens tokens;
    private final boolean ipv6;

    PacketParser(Tokens tokens, boolean ipv6) {
        this.tokens = tokens;
        this.ipv6 = ipv6;
    }

    PacketSpec packet() {
        Direction direction = tokens.take().isMark('<') ? Direction.INBOUND : Direction.OUTBOUND;
        refuseEncapsulation();
        IpInfo ip = ipInfo(direction);
        if (tokens.took("icmp")) {
            return new PacketSpec(direction, ip, null, new IcmpParser(tokens, ipv6).message());
        }
        if (tokens.took("udp")) {
            return udp(direction, ip);
        }
        Ports ports = ports();
        Transport.Tcp segment = segment(direction);
        refuseExtensions();
        return new PacketSpec(direction, ip, ports, segment);
    }

    private void refuseEncapsulation() {
        Token first = tokens.peek();
        String name = first.is(Token.Kind.WORD) ? first.text() : "";
        switch (name) {
            case "ipv4", "ipv6", "gre", "GREv0", "mpls" -> throw notSupported("encapsulation in " + name);
            case "sctp", "udplite", "psp" -> throw notSupported(name);
            default -> {
                // A packet without a header in front of its own.
            }
        }
    }

    private void refuseExtensions() {
        if (tokens.peek().isMark('/')) {
            throw notSupported("encapsulation in UDP");
        }
        if (tokens.peek().isMark('{')) {
            throw notSupported("mutation of packets");
        }
    }

    private SyntaxFault notSupported(String what) {
        return new SyntaxFault(tokens.at(), what + " is not supported");
    }

    private IpInfo ipInfo(Direction direction) {
        char close = tokens.peek().isMark('[') ? ']' : tokens.peek().isMark('(') ? ')' : 0;
        if (close == 0) {
            return IpInfo.NONE;
        }
        tokens.take();
        IpInfo info = IpInfo.NONE;
        do {
            info = with(info, direction);
        } while (tokens.took(','));
        tokens.expect(close);
        return info;
    }

    private IpInfo with(IpInfo info, Direction direction) {
        Token name = tokens.expect(Token.Kind.WORD, "noecn, ect0, ect1, ect01, ce, tos, flowlabel or ttl");
        return switch (name.text()) {
            case "noecn" -> codepoint(info, 0);
            case "ect1" -> codepoint(info, 1);
            case "ect0" -> codepoint(info, 2);
            case "ce" -> codepoint(info, 3);
            case "ect01" -> {
                if (direction == Direction.INBOUND) {
                    throw new SyntaxFault(name.at(), "[ect01] is for outbound packets only");
                }
                yield new IpInfo(IpInfo.Ecn.ECT0_OR_ECT1, 0, info.flowLabel(), info.ttl());
            }
            case "tos" -> new IpInfo(IpInfo.Ecn.TOS, (int) anyInteger(0xff, "tos"), info.flowLabel(), info.ttl());
            case "flowlabel" ->
                new IpInfo(info.ecn(), info.trafficClass(), (int) anyInteger(0xfffff, "flowlabel"), info.ttl());
            case "ttl" ->
                new IpInfo(info.ecn(), info.trafficClass(), info.flowLabel(), (int) tokens.integer(1, 255, "ttl"));
            default -> throw new SyntaxFault(name.at(), "unknown field of the IP header '" + name.text() + "'");
        };
    }

    private static IpInfo codepoint(IpInfo info, int bits) {
        return new IpInfo(IpInfo.Ecn.CODEPOINT, bits, info.flowLabel(), info.ttl());
    }

    private long anyInteger(long max, String what) {
        Token token = tokens.peek();
        if (!token.is(Token.Kind.HEX)) {
            return tokens.integer(0, max, what);
        }
        long value = Tokens.number(tokens.take());
        if (Long.compareUnsigned(value, max) > 0) {
            throw new SyntaxFault(
                    token.at(), what + " is out of range: it has at most " + Long.bitCount(max) + " bits");
        }
        return value;
    }

    private @Nullable Ports ports() {
        if (!tokens.peek().is(Token.Kind.INTEGER) || !tokens.peek(1).isMark('>')) {
            return null;
        }
        int source = (int) tokens.integer(0, MAX_U16, "the source port");
        tokens.expect('>');
        return new Ports(source, (int) tokens.integer(0, MAX_U16, "the destination port"));
    }

    private PacketSpec udp(Direction direction, IpInfo ip) {
        Ports ports = ports();
        tokens.expect('(');
        int length = (int) tokens.integer(0, MAX_U16 - 8, "the UDP payload's length");
        tokens.expect(')');
        return new PacketSpec(direction, ip, ports, new Transport.Udp(length));
    }

    private Transport.Tcp segment(Direction direction) {
        int flags = new FlagsParser(tokens).flags();
        Position sequenceAt = tokens.at();
        Transport.SequenceRange sequence = sequence(tokens);
        if (direction == Direction.INBOUND && sequence.mode() == Transport.SequenceRange.Mode.ANY) {
            throw new SyntaxFault(sequenceAt, "the sequence number '...' is for outbound packets only");
        }
        long acknowledgment = tokens.took("ack") ? tokens.integer(0, MAX_U32, "the acknowledgment number") : -1;
        int window = tokens.took("win") ? (int) tokens.integer(0, MAX_U16, "the window") : -1;
        int urgent = tokens.took("urg") ? (int) tokens.integer(0, MAX_U16, "the urgent pointer") : 0;
        Transport.Options options = new TcpOptionParser(tokens, direction).options();
        return new Transport.Tcp(flags, sequence, acknowledgment, window, urgent, options);
    }

    /** {@code 1:1001(1000)}, {@code 1:1001(1000)!}, {@code 1(1000)} or {@code ...(1000)}. */
    static Transport.SequenceRange sequence(Tokens tokens) {
        Position at = tokens.at();
        if (tokens.peek().is(Token.Kind.ELLIPSIS)) {
            tokens.take();
            return new Transport.SequenceRange(Transport.SequenceRange.Mode.ANY, 0, payload(tokens));
        }
        long start = tokens.integer(0, MAX_U32, "the start sequence number");
        long end = tokens.took(':') ? tokens.integer(0, MAX_U32 + MAX_U16, "the end sequence number") : -1;
        int length = payload(tokens);
        if (end >= 0 && (end - start - length & MAX_U32) != 0) {
            throw new SyntaxFault(
                    at, "sequence numbers and payload length don't agree: " + start + " + " + length + " isn't " + end);
        }
        Transport.SequenceRange.Mode mode =
                tokens.took('!') ? Transport.SequenceRange.Mode.ABSOLUTE : Transport.SequenceRange.Mode.RELATIVE;
        return new Transport.SequenceRange(mode, start, length);
    }

    private static int payload(Tokens tokens) {
        tokens.expect('(');
        int length = (int) tokens.integer(0, MAX_U16, "the payload's length");
        tokens.expect(')');
        return length;
    }
}
