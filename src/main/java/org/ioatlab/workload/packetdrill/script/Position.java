package org.ioatlab.workload.packetdrill.script;

/**
 * A place in a script.
 *
 * @param line from 1
 * @param column from 1, in characters; a tab is one
 */
public record Position(int line, int column) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        return line != other.line ? Integer.compare(line, other.line) : Integer.compare(column, other.column);
    }

    /** The place so many characters further on the same line. */
    Position plus(int columns) {
        return new Position(line, column + columns);
    }

    /** As compilers write it: {@code 3:14}. */
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
