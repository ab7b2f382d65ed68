package org.ioatlab.workload.packetdrill.script;

/**
 * Something that is made to happen, or expected, at a time.
 *
 * @param at where it begins: its time
 * @param time when
 * @param action what
 */
public record Event(Position at, EventTime time, Action action) {
    /** The line that the event begins on, from 1. */
    public int line() {
        return at.line();
    }
}
