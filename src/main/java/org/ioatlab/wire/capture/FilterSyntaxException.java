package org.ioatlab.wire.capture;

/** Says where a filter expression stops making sense and what could have stood there. */
public final class FilterSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int column;
    private final String expected;

    /**
     * @param column the character, from 1, at which something else was expected
     * @param expected what
     * @param found what stands there
     */
    public FilterSyntaxException(int column, String expected, String found) {
        super("column " + column + ": expected " + expected + ", found " + found);
        this.column = column;
        this.expected = expected;
    }

    /** The character, from 1, at which something else was expected. */
    public int column() {
        return column;
    }

    /** What was expected there. */
    public String expected() {
        return expected;
    }
}
