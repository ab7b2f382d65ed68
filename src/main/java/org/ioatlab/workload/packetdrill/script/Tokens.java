package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import java.util.Map;

/** A script's tokens and the one that is looked at. */
final class Tokens {
    private final String script;
    private final List<Token> tokens;

    /** Values of {@code --define=NAME=VALUE}: the word stands for its value. */
    private final Map<String, Token> definitions;

    private int index;

    Tokens(String script, List<Token> tokens, Map<String, Token> definitions) {
        this.script = script;
        this.tokens = tokens;
        this.definitions = definitions;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        Token token = tokens.get(Math.min(index + ahead, tokens.size() - 1));
        Token definition = token.is(Token.Kind.WORD) ? definitions.get(token.text()) : null;
        return definition == null
                ? token
                : new Token(definition.kind(), definition.text(), "", token.at(), token.start(), token.end());
    }

    Token take() {
        Token token = peek();
        index = Math.min(index + 1, tokens.size() - 1);
        return token;
    }

    Position at() {
        return peek().at();
    }

    boolean atEnd() {
        return peek().is(Token.Kind.END);
    }

    /** Takes the next token if it is that mark. */
    boolean took(char mark) {
        boolean found = peek().isMark(mark);
        if (found) {
            take();
        }
        return found;
    }

    /** Takes the next token if it is that word. */
    boolean took(String word) {
        boolean found = peek().isWord(word);
        if (found) {
            take();
        }
        return found;
    }

    Token expect(char mark) {
        if (!peek().isMark(mark)) {
            throw expected("'" + mark + "'");
        }
        return take();
    }

    Token expect(Token.Kind kind, String what) {
        if (!peek().is(kind)) {
            throw expected(what);
        }
        return take();
    }

    /** A decimal number from {@code min} to {@code max}. */
    long integer(long min, long max, String what) {
        Position at = at();
        long value = number(expect(Token.Kind.INTEGER, what));
        if (value < min || value > max) {
            throw new SyntaxFault(at, what + " is out of range: " + value + " isn't from " + min + " to " + max);
        }
        return value;
    }

    /** The value of a decimal or hexadecimal token. */
    static long number(Token token) {
        try {
            return token.is(Token.Kind.HEX)
                    ? Long.parseUnsignedLong(token.text(), 2, token.text().length(), 16)
                    : Long.parseLong(token.text());
        } catch (NumberFormatException _) {
            throw new SyntaxFault(token.at(), "this number has more than 64 bits: " + token.text());
        }
    }

    /** The characters from one token's begin to another's end. */
    String textBetween(Token first, Token last) {
        return script.substring(first.start(), last.end());
    }

    SyntaxFault expected(String what) {
        return new SyntaxFault(at(), "expected " + what + ", found " + peek().shown());
    }

    /** Goes on to the next token that is the first of its line and may begin an event. */
    void skipToNextEvent() {
        int line = at().line();
        do {
            take();
        } while (!atEnd()
                && !(tokens.get(index - 1).at().line() != at().line() && at().line() > line && mayBeginEvent()));
    }

    private boolean mayBeginEvent() {
        return switch (peek().kind()) {
            case INTEGER, DECIMAL, COMMAND -> true;
            case MARK -> peek().isMark('+') || peek().isMark('*');
            default -> false;
        };
    }
}
