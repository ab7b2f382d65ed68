package org.ioatlab.rest.machines;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Map;
import org.ioatlab.lab.ClockView;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.lab.MachineHandle;
import org.ioatlab.lab.Origin;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.MachineView;
import org.jspecify.annotations.Nullable;

/**
 * A machine.
 *
 * @param id its name in all paths
 * @param fields of its spec, beside these as in a request
 * @param spec the same in the form of a request; left out of lists
 * @param clock as it stands
 * @param nowNs virtual time
 * @param idle whether no foreground event is pending
 * @param digest of its whole state; left out of lists
 * @param createdAt wall time
 * @param expiresAt wall time at which it is gone if nobody uses it until then
 * @param origin where it came from, if it was forked or imported
 */
public record MachineResponse(
        String id,
        @Nullable String name,
        Map<String, String> labels,
        String preset,
        @JsonUnwrapped MachineSpec fields,
        @Nullable SpecResponse spec,
        ClockResponse clock,
        long nowNs,
        boolean idle,
        long eventsFired,
        @Nullable String digest,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Origin origin) {

    static MachineResponse of(MachineHandle machine, ClockView clock, @Nullable MachineView view) {
        MachineCreation creation = machine.creation();
        return new MachineResponse(
                machine.id(),
                creation.name(),
                creation.labels(),
                creation.preset(),
                creation.spec(),
                view == null ? null : SpecResponse.of(creation),
                ClockResponse.of(clock),
                view == null ? clock.nowNs() : view.nowNs(),
                view == null ? clock.idle() : view.idle(),
                view == null ? clock.eventsFired() : view.eventsFired(),
                view == null ? null : view.digest(),
                Instant.ofEpochMilli(machine.createdAtEpochMillis()),
                Instant.ofEpochMilli(machine.expiresAtEpochMillis()),
                machine.origin());
    }
}
