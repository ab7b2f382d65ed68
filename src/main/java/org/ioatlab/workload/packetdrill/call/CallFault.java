package org.ioatlab.workload.packetdrill.call;

import org.ioatlab.workload.packetdrill.script.Position;

/** A system call of a script can't be made as it is written. */
public final class CallFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final transient Position at;

    CallFault(Position at, String reason) {
        super(reason);
        this.reason = reason;
        this.at = at;
    }

    /** Why, with the column that it is about. */
    public String reason() {
        return "column " + at.column() + ": " + reason;
    }
}
