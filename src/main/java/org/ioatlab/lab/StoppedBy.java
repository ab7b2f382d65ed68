package org.ioatlab.lab;

/** What ended an advance. */
public enum StoppedBy {
    /** No foreground event is pending, or none at all where events were asked for. */
    IDLE,
    /** The instant asked for. */
    TIME,
    /** The limit of an advance until idle. */
    LIMIT,
    /** The number of events asked for or allowed. */
    EVENTS,
    /** The wall time that an advance may take. */
    WALL_BUDGET,
    /** Somebody's wish. */
    CANCELLED,
    /** The end of every clock, at 100 days. */
    HORIZON
}
