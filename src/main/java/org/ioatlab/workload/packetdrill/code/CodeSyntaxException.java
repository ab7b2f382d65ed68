package org.ioatlab.workload.packetdrill.code;

/** A code block says something that isn't of the little language that is understood. */
public final class CodeSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final int line;
    private final int column;

    CodeSyntaxException(CodeToken at, String message) {
        super(message);
        text = message;
        line = at.line();
        column = at.column();
    }

    /** What isn't understood. */
    public String text() {
        return text;
    }

    /** Line within the block, from 1. */
    public int line() {
        return line;
    }

    /** Column within that line, from 1. */
    public int column() {
        return column;
    }
}
