package org.ioatlab.workload.traffic;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;

/** Fires at even distances, without drift. */
final class Pacer extends Event {
    private static final long PS_PER_BYTE_AT_1_MBPS = 8_000_000;

    /** Who sends at each tick. */
    interface Paced {
        /** Sends; answers whether there will be more. */
        boolean tick();
    }

    private final EventLoop loop;
    private final Paced paced;
    private final long wholePs;
    private final long remainder;
    private final int parts;
    private long owed;

    /** Ticks {@code parts} times in {@code spanPs}. */
    Pacer(EventLoop loop, Paced paced, long spanPs, int parts) {
        this.loop = loop;
        this.paced = paced;
        this.parts = parts;
        wholePs = spanPs / parts;
        remainder = spanPs % parts;
    }

    /** Ticks once for each {@code bytes} of a rate. */
    static Pacer atRate(EventLoop loop, Paced paced, long bytes, int mbps) {
        return new Pacer(loop, paced, bytes * PS_PER_BYTE_AT_1_MBPS, mbps);
    }

    void start() {
        loop.schedule(this, loop.nowPs());
    }

    void stop() {
        loop.cancel(this);
    }

    @Override
    protected void fire() {
        if (paced.tick()) {
            owed += remainder;
            long extra = owed / parts;
            owed -= extra * parts;
            loop.scheduleAfter(this, wholePs + extra);
        }
    }

    @Override
    protected void hashInto(StateHash hash) {
        hash.put("pacer");
        hash.put(owed);
    }
}
