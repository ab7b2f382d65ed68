package org.ioatlab.lab;

import org.jspecify.annotations.Nullable;

/**
 * A machine's clock as it stands.
 *
 * @param setting state and rate
 * @param nowNs virtual time
 * @param lagNs how far a RUNNING clock is behind the instant that the wall clock stands for, because events are still to be simulated
 * @param idle whether no foreground event is pending
 * @param eventsFired since the machine was made
 * @param stoppedBy {@link StoppedBy#HORIZON} once the clock has come to its end, null before
 * @param version counts changes of the setting
 */
public record ClockView(
        ClockSetting setting,
        long nowNs,
        long lagNs,
        boolean idle,
        long eventsFired,
        @Nullable StoppedBy stoppedBy,
        long version) {}
