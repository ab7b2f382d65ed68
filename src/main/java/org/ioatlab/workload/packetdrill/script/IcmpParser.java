package org.ioatlab.workload.packetdrill.script;

import org.ioatlab.workload.packetdrill.script.Transport.Echoed;
import org.jspecify.annotations.Nullable;

/** Reads ICMP messages: type, code, MTU, identifier, and the packet that the message is about. */
final class IcmpParser {
    private final Tokens tokens;
    private final boolean ipv6;

    IcmpParser(Tokens tokens, boolean ipv6) {
        this.tokens = tokens;
        this.ipv6 = ipv6;
    }

    Transport.Icmp message() {
        Token typeName = tokens.expect(Token.Kind.WORD, "the type of an ICMP message");
        int type = IcmpNames.type(typeName.text(), ipv6);
        if (type < 0) {
            throw new SyntaxFault(typeName.at(), "unknown ICMP type '" + typeName.text() + "'" + ofVersion());
        }
        String codeName = null;
        int code = 0;
        if (tokens.peek().is(Token.Kind.WORD)
                && !tokens.peek().isWord("mtu")
                && !tokens.peek().isWord("id")) {
            codeName = tokens.peek().text();
            code = IcmpNames.code(type, codeName, ipv6);
            if (code < 0) {
                throw new SyntaxFault(tokens.at(), "unknown ICMP code '" + codeName + "'" + ofVersion());
            }
            tokens.take();
        }
        long mtu = mtu(type, code);
        int id = tokens.took("id") ? (int) tokens.integer(0, 0xffff, "the identifier of an echo") : -1;
        return new Transport.Icmp(type, code, typeName.text(), codeName, mtu, id, echoed());
    }

    private String ofVersion() {
        return ipv6 ? " for IPv6" : " for IPv4";
    }

    /** RFC 1191, 4 and RFC 8201, 4: only the messages about packets that are too big carry an MTU. */
    private long mtu(int type, int code) {
        Position at = tokens.at();
        if (!tokens.took("mtu")) {
            return -1;
        }
        if (ipv6 ? type != 2 : type != 3 || code != 4) {
            throw new SyntaxFault(at, "an MTU belongs to " + (ipv6 ? "packet_too_big" : "unreachable frag_needed"));
        }
        return tokens.integer(0, ipv6 ? 0xffff_ffffL : 0xffff, "the MTU");
    }

    private @Nullable Echoed echoed() {
        if (!tokens.took('[')) {
            return null;
        }
        Echoed echoed;
        if (tokens.took("udp")) {
            echoed = new Echoed.Udp(length());
        } else if (tokens.took("raw")) {
            echoed = new Echoed.Raw(length());
        } else {
            echoed = new Echoed.Tcp(PacketParser.sequence(tokens));
        }
        tokens.expect(']');
        return echoed;
    }

    private int length() {
        tokens.expect('(');
        int length = (int) tokens.integer(0, 0xffff, "a length");
        tokens.expect(')');
        return length;
    }
}
