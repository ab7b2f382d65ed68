package org.ioatlab.lab;

/** How far a PAUSED machine is to move. Instants and durations are picoseconds of virtual time. */
public sealed interface Advance {
    /** For a duration from now. */
    record By(long ps) implements Advance {}

    /** To an instant, not before now. */
    record Until(long ps) implements Advance {}

    /** Until no foreground event is pending, for {@code limitPs} at most. */
    record UntilIdle(long limitPs) implements Advance {}

    /** For a number of events, background ones included. */
    record Events(long count) implements Advance {}
}
