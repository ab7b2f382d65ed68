package org.ioatlab.rest;

/** Where things lie, and the names under which they are documented, in the order of the documentation. */
public final class Api {
    /** All of this version of the interface. */
    public static final String ROOT = "/api/v1";

    /** The machines. */
    public static final String MACHINES = ROOT + "/machines";

    /** One machine. */
    public static final String MACHINE = MACHINES + "/{machine}";

    /** The place of one machine's things. */
    public static String machine(String id) {
        return MACHINES + "/" + id;
    }

    private Api() {}
}
