package org.ioatlab.workload.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;

/** Reads the list of TCP options between angle brackets. */
final class TcpOptionParser {
    private static final int MAX_BYTES = Tcp.MAX_HEADER_LENGTH - Tcp.MIN_HEADER_LENGTH;
    private static final long MAX_U32 = 0xffff_ffffL;

    private final Tokens tokens;
    private final Direction direction;

    TcpOptionParser(Tokens tokens, Direction direction) {
        this.tokens = tokens;
        this.direction = direction;
    }

    Transport.Options options() {
        Token open = tokens.peek();
        if (!tokens.took('<')) {
            return Transport.Options.NONE;
        }
        if (tokens.peek().is(Token.Kind.ELLIPSIS)) {
            requireOutbound("options");
            tokens.take();
            tokens.expect('>');
            return Transport.Options.ANY;
        }
        List<TcpOption> list = new ArrayList<>();
        int bytes = 0;
        do {
            TcpOption option = option();
            list.add(option);
            bytes += option.length();
        } while (tokens.took(','));
        if (!tokens.took('>')) {
            throw tokens.expected("',' or '>'");
        }
        if (bytes > MAX_BYTES) {
            throw new SyntaxFault(
                    open.at(), "these TCP options have " + bytes + " bytes: at most " + MAX_BYTES + " fit");
        }
        return new Transport.Options(false, list);
    }

    private void requireOutbound(String what) {
        if (direction == Direction.INBOUND) {
            throw new SyntaxFault(tokens.at(), "the " + what + " '...' are for outbound packets only");
        }
    }

    private TcpOption option() {
        Token name = tokens.expect(Token.Kind.WORD, "a TCP option");
        return switch (name.text()) {
            case "nop" -> new TcpOption.Nop();
            case "eol" -> new TcpOption.Eol();
            case "mss" -> new TcpOption.Mss((int) tokens.integer(0, 0xffff, "the mss"));
            case "wscale" -> new TcpOption.WindowScale((int) tokens.integer(0, 0xff, "the window scale"));
            case "sackOK" -> new TcpOption.SackPermitted();
            case "sack" -> sack();
            case "TS" -> timestamps();
            case "md5" -> new TcpOption.Md5(digest());
            case "FO" -> new TcpOption.FastOpen(optionalHex(), false);
            case "FOEXP" -> new TcpOption.FastOpen(optionalHex(), true);
            case "unknown" -> unknown();
            default -> throw new SyntaxFault(name.at(), "unknown TCP option '" + name.text() + "'");
        };
    }

    private TcpOption sack() {
        List<TcpOption.Block> blocks = new ArrayList<>();
        do {
            long left = tokens.integer(0, MAX_U32, "the left edge of a SACK block");
            tokens.expect(':');
            blocks.add(new TcpOption.Block(left, tokens.integer(0, MAX_U32, "the right edge of a SACK block")));
        } while (tokens.peek().is(Token.Kind.INTEGER));
        return new TcpOption.Sack(blocks);
    }

    private TcpOption timestamps() {
        word("val");
        boolean any = tokens.peek().is(Token.Kind.ELLIPSIS);
        if (any) {
            requireOutbound("timestamps");
            tokens.take();
        }
        long value = any ? 0 : tokens.integer(0, MAX_U32, "the timestamp");
        word("ecr");
        long echo = tokens.integer(0, MAX_U32, "the timestamp's echo");
        return new TcpOption.Timestamps(value, any, echo, tokens.took('!'));
    }

    private void word(String word) {
        if (!tokens.took(word)) {
            throw tokens.expected("'" + word + "'");
        }
    }

    private String digest() {
        String digits = hex();
        if (digits.length() != 32) {
            throw new SyntaxFault(tokens.at(), "an md5 digest has 32 hexadecimal digits, not " + digits.length());
        }
        return digits;
    }

    private TcpOption unknown() {
        int kind = (int) tokens.integer(0, 0xff, "the kind of an option");
        return new TcpOption.Unknown(kind, optionalHex());
    }

    private String optionalHex() {
        return tokens.peek().isMark(',') || tokens.peek().isMark('>') ? "" : hex();
    }

    private String hex() {
        Token token = tokens.take();
        String digits = token.is(Token.Kind.HEX) ? token.text().substring(2) : token.text();
        boolean good = token.is(Token.Kind.WORD) || token.is(Token.Kind.INTEGER) || token.is(Token.Kind.HEX);
        if (!good || digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]+")) {
            throw new SyntaxFault(token.at(), "expected hexadecimal digits, two a byte, found " + token.shown());
        }
        return digits.toLowerCase(java.util.Locale.ROOT);
    }
}
