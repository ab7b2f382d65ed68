package org.ioatlab.rest.json;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * The body of a kernel call that needs nothing else.
 *
 * @param cpu on which it runs; the first without it
 */
public record OnCpu(@Min(0) @Nullable Integer cpu) {
    /** The processor of a call. */
    public static int of(@Nullable OnCpu body) {
        return body == null ? 0 : of(body.cpu);
    }

    /** The processor of a call. */
    public static int of(@Nullable Integer cpu) {
        return cpu == null ? 0 : cpu;
    }
}
