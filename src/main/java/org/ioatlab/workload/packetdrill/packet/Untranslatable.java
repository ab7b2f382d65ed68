package org.ioatlab.workload.packetdrill.packet;

/** A script's packet can't be made: it refers to something that the machine hasn't sent. */
public final class Untranslatable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Untranslatable(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why, for the script's author. */
    public String reason() {
        return reason;
    }
}
