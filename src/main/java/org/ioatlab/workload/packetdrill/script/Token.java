package org.ioatlab.workload.packetdrill.script;

/**
 * A word of a script.
 *
 * @param kind what it is
 * @param text its characters without delimiters; escapes are still in it
 * @param value what follows an option's {@code =}; empty otherwise
 * @param at where it begins
 * @param start index of its first character in the script
 * @param end index behind its last character
 */
record Token(Kind kind, String text, String value, Position at, int start, int end) {
    enum Kind {
        /** {@code --name} or {@code --name=value}. */
        OPTION,
        /** Letters, digits and underscores. */
        WORD,
        /** Decimal digits, with a minus or without. */
        INTEGER,
        /** {@code 0x} and hexadecimal digits. */
        HEX,
        /** Digits with a point: {@code 0.25} or {@code .25}. */
        DECIMAL,
        STRING,
        /** A shell command between backquotes. */
        COMMAND,
        /** Code between percent signs and braces. */
        CODE,
        /** Three points. */
        ELLIPSIS,
        /** Any other single character. */
        MARK,
        END
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isMark(char mark) {
        return kind == Kind.MARK && text.charAt(0) == mark;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    /** The token as an error message names it. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the script";
            case COMMAND -> "a shell command";
            case CODE -> "a code block";
            case STRING -> '"' + text + '"';
            case OPTION -> "--" + text;
            case WORD, INTEGER, HEX, DECIMAL, ELLIPSIS, MARK -> "'" + text + "'";
        };
    }
}
