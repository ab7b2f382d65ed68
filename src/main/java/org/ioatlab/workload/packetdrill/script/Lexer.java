package org.ioatlab.workload.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a script into tokens: at each place the longest that fits, as packetdrill's scanner does. */
final class Lexer {
    private static final Pattern SPACE = Pattern.compile("\\s+|//[^\\n]*|#[^\\n]*");
    private static final Pattern OPTION = Pattern.compile("--([a-zA-Z0-9_]+)");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9_]++");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]*+[.][0-9]++");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]++");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]++");

    private final String script;
    private final Matcher matcher;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private Lexer(String script) {
        this.script = script;
        this.matcher = WORD.matcher(script);
    }

    /** All tokens of the script, {@link Token.Kind#END} last. */
    static List<Token> tokens(String script) {
        Lexer lexer = new Lexer(script);
        lexer.skipSpace();
        while (lexer.at < script.length()) {
            lexer.next();
            lexer.skipSpace();
        }
        lexer.add(Token.Kind.END, "", "", script.length());
        return lexer.tokens;
    }

    private void skipSpace() {
        int before;
        do {
            before = at;
            moveTo(at + length(SPACE));
            if (script.startsWith("/*", at)) {
                moveTo(endOf("*/", "comment"));
            }
        } while (at != before);
    }

    private void next() {
        char first = script.charAt(at);
        switch (first) {
            case '"' -> add(Token.Kind.STRING, endOfQuoted('"', "string"), 1);
            case '`' -> add(Token.Kind.COMMAND, endOfQuoted('`', "shell command"), 1);
            default -> {
                if (script.startsWith("%{", at)) {
                    add(Token.Kind.CODE, endOf("}%", "code block"), 2);
                } else if (length(OPTION) > 0) {
                    option();
                } else {
                    plain();
                }
            }
        }
    }

    /** An option's value runs to the next space, but quotes hold spaces together. */
    private void option() {
        int end = at + length(OPTION);
        String name = script.substring(at + 2, end);
        int valueStart = end;
        if (end < script.length() && script.charAt(end) == '=') {
            valueStart = ++end;
            while (end < script.length() && !Character.isWhitespace(script.charAt(end))) {
                char character = script.charAt(end);
                end = character == '"' || character == '`' ? endOfQuoted(end, character, "option's value") : end + 1;
            }
        }
        add(Token.Kind.OPTION, name, script.substring(valueStart, end), end);
    }

    private void plain() {
        int word = length(WORD);
        int decimal = length(DECIMAL);
        int integer = length(INTEGER);
        int hex = length(HEX);
        if (script.startsWith("...", at)) {
            add(Token.Kind.ELLIPSIS, at + 3, 0);
        } else if (decimal > Math.max(word, integer)) {
            add(Token.Kind.DECIMAL, at + decimal, 0);
        } else if (integer > 0 && integer >= word) {
            add(Token.Kind.INTEGER, at + integer, 0);
        } else if (hex > 0 && hex == word) {
            add(Token.Kind.HEX, at + hex, 0);
        } else if (word > 0) {
            add(Token.Kind.WORD, at + word, 0);
        } else {
            add(Token.Kind.MARK, at + 1, 0);
        }
    }

    private int length(Pattern pattern) {
        matcher.usePattern(pattern).region(at, script.length());
        return matcher.lookingAt() ? matcher.end() - at : 0;
    }

    private int endOf(String closing, String what) {
        int found = script.indexOf(closing, at + 2);
        if (found < 0) {
            throw new SyntaxFault(position(at), "this " + what + " has no end: " + closing + " is missing");
        }
        return found + closing.length();
    }

    private int endOfQuoted(char quote, String what) {
        return endOfQuoted(at, quote, what);
    }

    private int endOfQuoted(int start, char quote, String what) {
        int end = start + 1;
        while (end < script.length() && script.charAt(end) != quote) {
            end += script.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= script.length()) {
            throw new SyntaxFault(position(start), "this " + what + " has no end: " + quote + " is missing");
        }
        return end + 1;
    }

    private void add(Token.Kind kind, int end, int delimiter) {
        add(kind, script.substring(at + delimiter, end - delimiter), "", end);
    }

    private void add(Token.Kind kind, String text, String value, int end) {
        tokens.add(new Token(kind, text, value, position(at), at, end));
        moveTo(end);
    }

    private void moveTo(int end) {
        for (; at < end; at++) {
            if (script.charAt(at) == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
    }

    private Position position(int index) {
        return new Position(line, index - lineStart + 1);
    }
}
