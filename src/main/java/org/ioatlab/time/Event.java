package org.ioatlab.time;

/**
 * Something that will happen at one instant of virtual time. A device owns its events as fields and schedules the same object again and
 * again; an event is pending at most once.
 *
 * <p>A background event (periodic tick, keep-alive) doesn't keep a machine from being idle; a foreground one does.
 */
public abstract class Event {
    static final int NOT_PENDING = -1;
    static final int NEAR = -2;

    final boolean background;

    /** The heap's slot, {@link #NEAR} while in front of it, or {@link #NOT_PENDING}. Owned by {@link EventQueue}. */
    int slot = NOT_PENDING;

    /** A foreground event. */
    protected Event() {
        this(false);
    }

    /** @param background whether a machine with only such events pending counts as idle */
    protected Event(boolean background) {
        this.background = background;
    }

    /** Whether the event waits in a queue. */
    public final boolean isPending() {
        return slot != NOT_PENDING;
    }

    /** Does what happens at this instant. The event is no longer pending and may schedule itself again. */
    protected abstract void fire();

    /** Feeds what tells this event from others (kind and owner) to {@code hash}. */
    protected abstract void hashInto(StateHash hash);
}
