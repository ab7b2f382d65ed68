package org.ioatlab.wire.capture;

import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.capture.FilterNode.Side;

/** Reads a filter expression from left to right into its conditions. Nesting is bounded by the expression's length. */
final class FilterParser {
    private static final String CONDITION =
            "ip, ip6, arp, tcp, udp, icmp, icmp6, vlan, host, port, src, dst, greater, less, not or (";
    private static final int MAX_VLAN_ID = 4095;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_FRAME_LENGTH = 262_144;

    private final FilterTokens tokens;

    FilterParser(String expression) {
        this.tokens = new FilterTokens(expression);
    }

    FilterNode parse() throws FilterSyntaxException {
        if (tokens.atEnd()) {
            return new FilterNode.AtLeast(0);
        }
        FilterNode node = alternatives();
        if (!tokens.atEnd()) {
            throw tokens.expected("and, or or the end");
        }
        return node;
    }

    /** Conditions joined by "and" and "or", which bind equally from left to right (pcap-filter(7)). */
    private FilterNode alternatives() throws FilterSyntaxException {
        FilterNode left = operand();
        while (true) {
            if (tokens.take("and") || tokens.take("&&")) {
                left = new FilterNode.And(left, operand());
            } else if (tokens.take("or") || tokens.take("||")) {
                left = new FilterNode.Or(left, operand());
            } else {
                return left;
            }
        }
    }

    private FilterNode operand() throws FilterSyntaxException {
        if (tokens.take("not") || tokens.take("!")) {
            return new FilterNode.Not(operand());
        }
        if (tokens.take("(")) {
            FilterNode inner = alternatives();
            if (!tokens.take(")")) {
                throw tokens.expected("and, or or )");
            }
            return inner;
        }
        return condition();
    }

    private FilterNode condition() throws FilterSyntaxException {
        if (tokens.take("vlan")) {
            boolean any = !tokens.isNumber();
            return new FilterNode.Vlan(any ? FrameLayout.NONE : tokens.number("a VLAN id", MAX_VLAN_ID));
        }
        if (tokens.take("greater")) {
            return new FilterNode.AtLeast(tokens.number("a length", MAX_FRAME_LENGTH));
        }
        if (tokens.take("less")) {
            return new FilterNode.AtMost(tokens.number("a length", MAX_FRAME_LENGTH));
        }
        return tokens.isOneOf("src", "dst", "host", "port") ? endpoint() : protocol();
    }

    /** A protocol, alone or before a host or port: "tcp port 80". */
    private FilterNode protocol() throws FilterSyntaxException {
        FilterNode protocol = protocolName();
        return tokens.isOneOf("src", "dst", "host", "port") ? new FilterNode.And(protocol, endpoint()) : protocol;
    }

    private FilterNode protocolName() throws FilterSyntaxException {
        String word = tokens.word();
        FilterNode node = switch (word) {
            case "ip" -> new FilterNode.EtherType(Ethernet.TYPE_IPV4);
            case "ip6" -> new FilterNode.EtherType(Ethernet.TYPE_IPV6);
            case "arp" -> new FilterNode.EtherType(Ethernet.TYPE_ARP);
            case "tcp" -> new FilterNode.Protocol(IpProtocol.TCP);
            case "udp" -> new FilterNode.Protocol(IpProtocol.UDP);
            case "icmp" -> new FilterNode.Protocol(IpProtocol.ICMP);
            case "icmp6" -> new FilterNode.Protocol(IpProtocol.ICMPV6);
            default -> throw tokens.expected(CONDITION);
        };
        tokens.take(word);
        return node;
    }

    private FilterNode endpoint() throws FilterSyntaxException {
        Side side = tokens.take("src") ? Side.SOURCE : tokens.take("dst") ? Side.DESTINATION : Side.EITHER;
        if (tokens.take("port")) {
            return new FilterNode.Port(side, tokens.number("a port", MAX_PORT));
        }
        if (tokens.take("host")) {
            return FilterNode.host(side, address());
        }
        throw tokens.expected("host or port");
    }

    private IpAddress address() throws FilterSyntaxException {
        try {
            IpAddress address = IpAddress.parse(tokens.word());
            tokens.take(tokens.word());
            return address;
        } catch (IllegalArgumentException e) {
            throw tokens.expected("an IPv4 or IPv6 address");
        }
    }
}
