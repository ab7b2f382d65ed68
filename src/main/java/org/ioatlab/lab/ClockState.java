package org.ioatlab.lab;

/** Whether a machine's clock follows the wall clock. */
public enum ClockState {
    /** It follows, at its rate. */
    RUNNING,
    /** It moves only as asked. */
    PAUSED
}
