package org.ioatlab.rest.machines;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import org.ioatlab.lab.ClockState;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.machine.MachineSpec;
import org.jspecify.annotations.Nullable;

/** A machine's whole spec in the form of a request: posting it makes an equal machine. */
public record SpecResponse(
        @Nullable String name,
        Map<String, String> labels,
        String preset,
        @JsonUnwrapped MachineSpec spec,
        Clock clock) {
    /** How its clock moved at first. */
    public record Clock(ClockState state, double rate) {}

    static SpecResponse of(MachineCreation creation) {
        return new SpecResponse(
                creation.name(),
                creation.labels(),
                creation.preset(),
                creation.spec(),
                new Clock(creation.clock().state(), creation.clock().rate()));
    }
}
