package org.ioatlab.rest.machines;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import java.math.BigDecimal;
import org.ioatlab.lab.ClockSetting;
import org.ioatlab.lab.ClockState;
import org.jspecify.annotations.Nullable;

/**
 * How a clock is to move; what isn't given stays.
 *
 * @param state whether it follows the wall clock
 * @param rate virtual time per wall time, 0.001 to 1000, with at most six decimals
 */
public record ClockPatch(
        @Nullable ClockState state,

        @Nullable
        @DecimalMin("0.001")
        @DecimalMax("1000")
        @Digits(integer = 4, fraction = 6, message = "must have at most six decimals")
        BigDecimal rate) {

    /** The rate in millionths, or null. */
    public @Nullable Long rateMillionths() {
        return rate == null ? null : rate.movePointRight(6).longValueExact();
    }

    /** The setting, over {@code otherwise}. */
    public ClockSetting over(ClockSetting otherwise) {
        Long millionths = rateMillionths();
        return new ClockSetting(
                state == null ? otherwise.state() : state,
                millionths == null ? otherwise.rateMillionths() : millionths);
    }
}
