package org.ioatlab.hardware.nic;

import org.ioatlab.time.StateHash;

/**
 * Whoever sends frames towards a port: a batch of injected frames, a remote host. It offers one frame at a time, in place; the link reads it
 * until {@link #advance}.
 */
public interface FrameSource {
    /** {@link #notBeforePs()} of a source that has nothing to send now. */
    long NOTHING = Long.MAX_VALUE;

    /** The link has taken the source on at {@code nowPs}. */
    default void attached(long nowPs) {}

    /** The earliest instant at which the present frame may start on the wire, or {@link #NOTHING}. */
    long notBeforePs();

    /** The array that holds the present frame, from the destination address to the last byte before the frame check sequence. */
    byte[] bytes();

    /** Where the present frame begins. */
    int offset();

    /** Length of the present frame, padding included. */
    int length();

    /**
     * The present frame has been carried; goes on to the next.
     *
     * @param freePs when the gap behind it has passed and the wire is free
     */
    void advance(long freePs);

    /** How many frames are known to wait, the present one included. */
    int waiting();

    /** Whether it will never send again, so that the link may forget it. */
    boolean isFinished();

    /** Feeds what is still to be sent. */
    void hashInto(StateHash hash);
}
