package org.ioatlab.lab;

import org.ioatlab.time.EventLoop;

/**
 * Takes a RUNNING machine to the instant that pacing had reached when a command's turn came, or as far as {@link #MOST_EVENTS} go: on a
 * machine that can't keep up, commands are applied where it stands. A PAUSED machine is there already.
 */
final class CatchUp {
    /** Some tens of milliseconds of simulation. */
    static final long MOST_EVENTS = 200_000;

    private final long targetPs;
    private final long lastEvent;

    CatchUp(Bench bench) {
        targetPs = bench.pacedPs();
        lastEvent = bench.fired() + MOST_EVENTS;
    }

    /** Fires up to {@code maxEvents} and says whether the machine is there. */
    boolean goOn(Bench bench, long maxEvents) {
        long end = bench.fired() + maxEvents;
        while (bench.setting().isRunning() && bench.fired() < lastEvent) {
            long left = Math.min(end, lastEvent) - bench.fired();
            if (left <= 0) {
                return false;
            }
            if (bench.run(targetPs, left, false) == EventLoop.Stop.TIME) {
                return true;
            }
        }
        return true;
    }
}
