package org.ioatlab.workload.packetdrill.script;

/** Leaves the event that is being read: caught by {@link ScriptParser}, which goes on with the next event. */
final class SyntaxFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SyntaxError error;

    SyntaxFault(Position at, String message) {
        super(message, null, false, false);
        error = new SyntaxError(at, message);
    }

    SyntaxError error() {
        return error;
    }
}
