package org.ioatlab.lab;

/** A wish that work ends early. The machine is asked between slices; what it did until then stays done. */
public final class Cancellation {
    private volatile boolean requested;

    /** Asks for the end. */
    public void request() {
        requested = true;
    }

    /** Whether somebody asked for the end. */
    public boolean isRequested() {
        return requested;
    }
}
