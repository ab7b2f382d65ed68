package org.ioatlab.lab;

import java.util.concurrent.Executor;
import org.ioatlab.machine.Refusal;

/**
 * What all machines of a fleet share.
 *
 * @param clock of the world outside
 * @param limits of the laboratory
 * @param workers on which long work goes on, slice by slice
 * @param timers that wake RUNNING machines
 * @param usage of the host
 * @param originNanos the clock's reading when the fleet began
 */
record Workshop(WallClock clock, LabLimits limits, Executor workers, Timers timers, Usage usage, long originNanos) {

    /** The moment, counted from the fleet's beginning, so that it never wraps. */
    long nanos() {
        return clock.nanoTime() - originNanos;
    }

    /** Checks that the host memory behind machines may grow by {@code bytes}; nothing is asked of 0. */
    void requireRoom(long bytes) {
        if (bytes > 0 && usage.backedBytes() + bytes > limits.backedMemoryBytes()) {
            throw new Refusal(
                            Refusal.Kind.OVERLOADED,
                            "service-memory",
                            "The machines of this service already use " + usage.backedBytes() + " of "
                                    + limits.backedMemoryBytes() + " bytes.")
                    .with("limit", "backedMemoryBytes")
                    .with("value", limits.backedMemoryBytes());
        }
    }
}
