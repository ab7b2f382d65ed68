package org.ioatlab.machine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/**
 * The copy engine.
 *
 * @param present whether the machine has one
 * @param channels 1 to 16
 * @param transferCapBytes the most that one descriptor copies, a power of two from 4096 to 1 048 576
 * @param interrupts whether the driver lets the engine interrupt on completion when somebody sleeps for it
 * @param enumeration when the kernel finds it
 * @param firstCookie the first cookie that a channel gives out, so that the wrap can be seen; 0 means the personality's own
 */
public record DmaSpec(
        boolean present,
        @Min(1) @Max(16) int channels,
        @Min(4096) @Max(1_048_576) @PowerOfTwo int transferCapBytes,
        boolean interrupts,
        @NotNull Enumeration enumeration,
        @Min(0) int firstCookie) {

    /** When the kernel looks for the engine. */
    public enum Enumeration {
        /** While the machine boots. */
        BOOT,
        /** Not before the bus is enumerated again. */
        DEFERRED
    }
}
