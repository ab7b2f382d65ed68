package org.ioatlab.rest.machines;

import org.ioatlab.lab.ClockState;
import org.ioatlab.lab.ClockView;
import org.ioatlab.lab.StoppedBy;
import org.jspecify.annotations.Nullable;

/**
 * A clock as it stands.
 *
 * @param state whether it follows the wall clock
 * @param rate virtual time per wall time
 * @param nowNs virtual time
 * @param lagNs how far a RUNNING clock is behind
 * @param idle whether no foreground event is pending
 * @param stoppedBy HORIZON at the end of the clock
 * @param version counts changes of state and rate; it is also the entity tag
 */
public record ClockResponse(
        ClockState state,
        double rate,
        long nowNs,
        long lagNs,
        boolean idle,
        long eventsFired,
        @Nullable StoppedBy stoppedBy,
        long version) {
    static ClockResponse of(ClockView view) {
        return new ClockResponse(
                view.setting().state(),
                view.setting().rate(),
                view.nowNs(),
                view.lagNs(),
                view.idle(),
                view.eventsFired(),
                view.stoppedBy(),
                view.version());
    }
}
