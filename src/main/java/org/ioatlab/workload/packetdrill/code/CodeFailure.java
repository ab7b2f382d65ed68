package org.ioatlab.workload.packetdrill.code;

/** A statement of a code block that can't be carried out or doesn't hold. */
final class CodeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CodeFailure(String message) {
        super(message, null, false, false);
    }

    /** What it says. */
    String text() {
        return String.valueOf(getMessage());
    }
}
