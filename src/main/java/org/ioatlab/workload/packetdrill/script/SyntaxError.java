package org.ioatlab.workload.packetdrill.script;

/**
 * One thing in a script that isn't understood.
 *
 * @param at where it stands
 * @param message what it is, for the script's author
 */
public record SyntaxError(Position at, String message) {
    /** As compilers write it: {@code 3:14: unknown flag 'Q'}. */
    @Override
    public String toString() {
        return at + ": " + message;
    }
}
