package org.ioatlab.workload.packetdrill.script;

import org.ioatlab.wire.Tcp;

/**
 * Reads TCP flags: letters of {@code FSRPUEWA}, a point for ACK, a minus for none; and for AccECN (RFC 9768) a digit
 * behind the point, which is the three bits AE, CWR and ECE as a number.
 */
final class FlagsParser {
    private static final String LETTERS = "FSRPUEWAC";

    private final Tokens tokens;

    FlagsParser(Tokens tokens) {
        this.tokens = tokens;
    }

    int flags() {
        if (tokens.took('-')) {
            return 0;
        }
        Token first = tokens.peek();
        int flags = first.is(Token.Kind.WORD) ? letters(tokens.take()) : 0;
        if (tokens.took('.')) {
            return flags | Tcp.ACK;
        }
        if (tokens.peek().is(Token.Kind.DECIMAL)) {
            return flags | Tcp.ACK | count(tokens.take());
        }
        if (!first.is(Token.Kind.WORD)) {
            throw tokens.expected("TCP flags, udp or icmp");
        }
        return flags;
    }

    private static int letters(Token word) {
        int flags = 0;
        for (int i = 0; i < word.text().length(); i++) {
            char letter = word.text().charAt(i);
            if (LETTERS.indexOf(letter) < 0) {
                throw new SyntaxFault(word.at().plus(i), "unknown flag '" + letter + "'");
            }
            flags |= flag(letter);
        }
        return flags;
    }

    private static int flag(char letter) {
        return switch (letter) {
            case 'F' -> Tcp.FIN;
            case 'S' -> Tcp.SYN;
            case 'R' -> Tcp.RST;
            case 'P' -> Tcp.PSH;
            case 'U' -> Tcp.URG;
            case 'E' -> Tcp.ECE;
            case 'A' -> Transport.AE;
            default -> Tcp.CWR;
        };
    }

    private static int count(Token decimal) {
        String text = decimal.text();
        int count = text.length() == 2 ? text.charAt(1) - '0' : 8;
        if (count > 7) {
            throw new SyntaxFault(
                    decimal.at(), "an AccECN counter is one digit from 0 to 7 behind the point, not " + text);
        }
        return ((count & 4) != 0 ? Transport.AE : 0)
                | ((count & 2) != 0 ? Tcp.CWR : 0)
                | ((count & 1) != 0 ? Tcp.ECE : 0);
    }
}
