package org.ioatlab.lab;

import org.ioatlab.machine.Command;

/**
 * One thing done to a machine, with the point of its run at which it was done.
 *
 * @param sequence 1 for a machine's first entry, counted up without gaps
 * @param atPs the instant of virtual time
 * @param firedBefore how many events had fired: tells whether events of the same instant came before or after
 * @param what was done
 */
public record JournalEntry(long sequence, long atPs, long firedBefore, What what) {
    /** What can be done. */
    public sealed interface What {}

    /** A command was applied. Refused ones are not recorded. */
    public record Applied(Command<?> command) implements What {}

    /** A PAUSED machine was moved; also recorded when it was cut short. */
    public record Advanced(long reachedPs, long reachedFired, StoppedBy stoppedBy) implements What {}

    /** Its clock got another setting. */
    public record ClockChanged(ClockSetting setting) implements What {}
}
