package org.ioatlab.workload.packetdrill.code;

/**
 * A word of a code block.
 *
 * @param kind what it is
 * @param text its characters, of a string those between the quotes
 * @param line from 1
 * @param column from 1
 */
record CodeToken(Kind kind, String text, int line, int column) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        /** An operator or a mark. */
        MARK,
        /** A new line outside of brackets, or a semicolon. */
        NEWLINE,
        END
    }

    boolean is(String mark) {
        return kind == Kind.MARK && text.equals(mark);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    String shown() {
        return switch (kind) {
            case END -> "the end of the code block";
            case NEWLINE -> "the end of the line";
            case NAME, NUMBER, STRING, MARK -> "'" + text + "'";
        };
    }
}
