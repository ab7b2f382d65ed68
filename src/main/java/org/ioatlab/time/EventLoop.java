package org.ioatlab.time;

/**
 * A virtual clock in picoseconds and the events that move it. Equal instants fire in the order in which they were scheduled.
 *
 * <p>Single-threaded; whoever drives it decides how far it may go and how much it may do at once.
 */
public final class EventLoop {
    /** Where every clock stops: 100 days, which leaves a {@code long} some six days for what lies ahead of the clock. */
    public static final long HORIZON_PS = 100L * 86_400 * Picoseconds.PER_SECOND;

    /** Why {@link #run} returned. */
    public enum Stop {
        /** The clock stands at the instant asked for, or at the horizon, and everything due up to it has fired. */
        TIME,
        /** As many events fired as were allowed; more may be due. */
        EVENTS,
        /** No foreground event is pending. */
        IDLE,
        /** An event called {@link EventLoop#requestStop()}. */
        REQUESTED
    }

    private final EventQueue queue = new EventQueue();
    private long nowPs;
    private long fired;
    private boolean stopRequested;

    /** The present instant, 0 to {@link #HORIZON_PS}. */
    public long nowPs() {
        return nowPs;
    }

    /** How many events have fired since the loop was made. Together with {@link #nowPs()} it names a point in a run. */
    public long fired() {
        return fired;
    }

    /** The instant of the next event, {@link Long#MAX_VALUE} when none is pending. */
    public long nextPs() {
        return queue.firstInstant();
    }

    /** Whether no foreground event is pending. */
    public boolean isIdle() {
        return queue.foreground() == 0;
    }

    /** How many events are pending, background ones included. */
    public int pending() {
        return queue.size();
    }

    /**
     * Lets {@code event} fire at {@code instantPs}.
     *
     * @throws IllegalArgumentException if the instant lies in the past
     * @throws IllegalStateException if the event is pending already
     */
    public void schedule(Event event, long instantPs) {
        if (instantPs < nowPs) {
            throw new IllegalArgumentException("instant " + instantPs + " ps is before " + nowPs + " ps");
        }
        queue.add(event, instantPs);
    }

    /** Lets {@code event} fire {@code delayPs} (0 or more) from now; what would lie beyond all time stays pending for good. */
    public void scheduleAfter(Event event, long delayPs) {
        schedule(event, delayPs > Long.MAX_VALUE - nowPs ? Long.MAX_VALUE : nowPs + delayPs);
    }

    /** Takes the event back if it is pending. */
    public void cancel(Event event) {
        if (event.isPending()) {
            queue.remove(event);
        }
    }

    /** The instant at which a pending event will fire. */
    public long instantOf(Event event) {
        return queue.instantOf(event);
    }

    /** Makes the running {@link #run} return after the present event. */
    public void requestStop() {
        stopRequested = true;
    }

    /**
     * Fires events up to and including {@code untilPs} or {@link #HORIZON_PS}, whichever is earlier, at most {@code maxEvents} of them.
     *
     * @param untilIdle whether to stop as soon as no foreground event is pending; the clock then stays at the last event
     * @return why it stopped; with {@link Stop#TIME} the clock stands at that instant unless it was past it before
     */
    public Stop run(long untilPs, long maxEvents, boolean untilIdle) {
        stopRequested = false;
        long endPs = Math.min(untilPs, HORIZON_PS);
        long left = maxEvents;
        while (true) {
            if (untilIdle && queue.foreground() == 0) {
                return Stop.IDLE;
            }
            if (queue.firstInstant() > endPs) {
                nowPs = Math.max(nowPs, endPs);
                return Stop.TIME;
            }
            if (left-- <= 0) {
                return Stop.EVENTS;
            }
            fireNext();
            if (stopRequested) {
                stopRequested = false;
                return Stop.REQUESTED;
            }
        }
    }

    /**
     * Moves to the point of a run that {@code firedCount} and {@code instantPs} name, as a replay does; never beyond that instant.
     *
     * @throws IllegalStateException if the run doesn't pass through that point
     */
    public void replayTo(long firedCount, long instantPs) {
        long endPs = Math.min(instantPs, HORIZON_PS);
        while (fired < firedCount && queue.firstInstant() <= endPs) {
            fireNext();
        }
        stopRequested = false;
        if (fired != firedCount || instantPs < nowPs || instantPs > HORIZON_PS || instantPs > queue.firstInstant()) {
            throw new IllegalStateException("no such point: " + firedCount + " events, " + instantPs + " ps");
        }
        nowPs = instantPs;
    }

    /**
     * Sets the clock back to 0, as at the end of a boot.
     *
     * @throws IllegalStateException while events are pending
     */
    public void restart() {
        if (queue.size() > 0) {
            throw new IllegalStateException(queue.size() + " events are pending");
        }
        nowPs = 0;
        fired = 0;
    }

    /** Feeds clock and pending events. */
    public void hashInto(StateHash hash) {
        hash.put(nowPs);
        queue.hashInto(hash);
    }

    private void fireNext() {
        nowPs = queue.firstInstant();
        fired++;
        queue.poll().fire();
    }
}
