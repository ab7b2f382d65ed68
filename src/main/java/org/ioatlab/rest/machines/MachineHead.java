package org.ioatlab.rest.machines;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's request says apart from its spec.
 *
 * @param name becomes its id
 * @param labels words of its owner, at most 64
 * @param preset the spec that the request's own fields are merged into
 * @param clock how its clock moves at first
 */
public record MachineHead(
        @Nullable @Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE)
        String name,

        @Nullable @Size(max = 64)
        Map<@Pattern(regexp = MachineHead.NAME, message = MachineHead.NAME_MESSAGE) String, @Size(max = 255) String>
                labels,

        @Nullable String preset,
        @Nullable @Valid ClockPatch clock) {
    /** What names look like. */
    public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    /** What a wrong name is told. */
    public static final String NAME_MESSAGE =
            "must begin with a letter or digit and have at most 63 letters, digits, dots, dashes and underscores";
}
