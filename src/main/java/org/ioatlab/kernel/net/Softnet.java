package org.ioatlab.kernel.net;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** One processor's share of receiving: the devices that it polls, how far the present round has got, and its row of {@code softnet_stat}. */
public final class Softnet {
    @Nullable
    PollingDevice first;

    @Nullable
    PollingDevice last;

    boolean inRound;
    int budget;
    long deadlinePs;
    long processed;
    long timeSqueeze;

    /** Packets handled. */
    public long processed() {
        return processed;
    }

    /** Rounds ended by the budget or by time, with work left. */
    public long timeSqueeze() {
        return timeSqueeze;
    }

    void append(PollingDevice device) {
        device.work = 0;
        device.reclaimed = 0;
        device.nextPolled = null;
        if (last == null) {
            first = device;
        } else {
            last.nextPolled = device;
        }
        last = device;
    }

    void removeFirst(PollingDevice device) {
        first = device.nextPolled;
        if (first == null) {
            last = null;
        }
    }

    void hashInto(StateHash hash) {
        hash.put(inRound);
        hash.put(budget);
        hash.put(deadlinePs);
        for (PollingDevice device = first; device != null; device = device.nextPolled) {
            hash.put(device.work);
            hash.put(device.reclaimed);
        }
    }
}
