package org.ioatlab.time;

import org.jspecify.annotations.Nullable;

/**
 * The pending events, totally ordered by instant and then by the order in which they were scheduled.
 *
 * <p>The nearest ones lie sorted in a short array, the others in an {@link EventHeap}, none of which comes before any of the near ones. A
 * machine that receives has some six events pending and schedules nearly all before or right behind the next one, so that an entry or two
 * move and the heap stays empty. Scheduling and polling allocate nothing once the heap has grown.
 */
final class EventQueue {
    private static final int MOST_NEAR = 16;

    /** How many events come from the heap when none is near any more: room is left for those that they schedule. */
    private static final int REFILL = MOST_NEAR / 2;

    /** The near events' instants, the latest first: the next event is the last. */
    private final long[] instants = new long[MOST_NEAR];

    private final @Nullable Event[] events = new @Nullable Event[MOST_NEAR];
    private int near;
    private final EventHeap far;
    private int foreground;

    EventQueue() {
        this(0);
    }

    /** @param firstSequence where the heap begins to count, below {@link EventHeap#SEQUENCES} */
    EventQueue(long firstSequence) {
        far = new EventHeap(firstSequence);
    }

    int size() {
        return near + far.size();
    }

    int foreground() {
        return foreground;
    }

    /** The instant of the first event, {@link Long#MAX_VALUE} when none is pending. */
    long firstInstant() {
        return near > 0 ? instants[near - 1] : far.firstInstant();
    }

    void add(Event event, long instantPs) {
        if (event.isPending()) {
            throw new IllegalStateException("already pending: " + event);
        }
        if (instantPs < farFrom()) {
            insert(event, instantPs);
        } else {
            far.addBehindEquals(event, instantPs);
        }
        if (!event.background) {
            foreground++;
        }
    }

    /** Removes and returns the first event; the queue must not be empty. */
    Event poll() {
        if (near == 0) {
            refill();
        }
        Event first = nearEvent(--near);
        events[near] = null;
        release(first);
        return first;
    }

    void remove(Event event) {
        if (event.slot == Event.NEAR) {
            close(positionOf(event));
        } else {
            far.remove(event);
        }
        release(event);
    }

    long instantOf(Event event) {
        return event.slot == Event.NEAR ? instants[positionOf(event)] : far.instantOf(event);
    }

    /** Feeds all pending events in their order. */
    void hashInto(StateHash hash) {
        hash.put(size());
        for (int i = near - 1; i >= 0; i--) {
            hash.put(instants[i]);
            nearEvent(i).hashInto(hash);
        }
        far.hashInto(hash);
    }

    /** The instant from which on new events go to the heap: it would let them wait behind its first one, or in place of the last near one. */
    private long farFrom() {
        return near == MOST_NEAR ? instants[0] : far.firstInstant();
    }

    private void insert(Event event, long instantPs) {
        if (near == MOST_NEAR) {
            far.addBeforeEquals(nearEvent(0), instants[0]);
            close(0);
        }
        int at = near;
        near++;
        if (at > 0 && instants[at - 1] <= instantPs) {
            at = makeRoom(at, instantPs);
        }
        instants[at] = instantPs;
        events[at] = event;
        event.slot = Event.NEAR;
    }

    /** Moves the events that come before {@code instantPs} or at it by one; answers the place that is free then. */
    private int makeRoom(int end, long instantPs) {
        int at = end;
        do {
            instants[at] = instants[at - 1];
            events[at] = events[at - 1];
            at--;
        } while (at > 0 && instants[at - 1] <= instantPs);
        return at;
    }

    private void refill() {
        near = Math.min(REFILL, far.size());
        for (int i = near - 1; i >= 0; i--) {
            instants[i] = far.firstInstant();
            Event event = far.poll();
            events[i] = event;
            event.slot = Event.NEAR;
        }
    }

    /** Moves what comes before a near event into its place. */
    private void close(int position) {
        near--;
        System.arraycopy(instants, position + 1, instants, position, near - position);
        System.arraycopy(events, position + 1, events, position, near - position);
        events[near] = null;
    }

    private int positionOf(Event event) {
        int position = near - 1;
        while (nearEvent(position) != event) {
            position--;
        }
        return position;
    }

    private Event nearEvent(int position) {
        Event event = events[position];
        if (event == null) {
            throw new IllegalStateException("no event at " + position);
        }
        return event;
    }

    private void release(Event event) {
        event.slot = Event.NOT_PENDING;
        if (!event.background) {
            foreground--;
        }
    }
}
