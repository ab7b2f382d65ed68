package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Something that NAPI polls: the {@code netdev} of a port with one queue, or the hidden one of each of several queues (OLS 2005 paper,
 * section 3).
 */
public abstract class PollingDevice {
    final int weight;
    int work;
    int reclaimed;

    @Nullable
    PollingDevice nextPolled;

    /** @param weight packets before the next device's turn */
    protected PollingDevice(int weight) {
        this.weight = weight;
    }

    /** Handles one packet on {@code on}; false if there is none. */
    protected abstract boolean poll(Processor on);

    /** Cleans up after one packet that has left; false if there is none. Called for at most {@link #weight} of them a turn. */
    protected boolean reclaim(Processor on) {
        return false;
    }

    /** A whole turn found nothing: leaves polling and lets interrupts through again. */
    protected abstract void complete(Processor on);
}
