package org.ioatlab.rest.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A part of a whole, written as a number from 0 to 1.
 *
 * @param ppb parts per billion, 0 to 1 000 000 000
 */
@Schema(type = SchemaType.NUMBER, minimum = "0", maximum = "1", description = "a fraction, 0 to 1")
public record Fraction(int ppb) {
    private static final int DIGITS = 9;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the client
     */
    @JsonCreator
    public static Fraction of(BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("must be between 0 and 1");
        }
        return new Fraction(
                value.setScale(DIGITS, RoundingMode.HALF_UP).unscaledValue().intValueExact());
    }

    /** Parts per billion, 0 for none given. */
    public static int ppbOf(@Nullable Fraction fraction) {
        return fraction == null ? 0 : fraction.ppb;
    }

    /** The number. */
    @JsonValue
    public BigDecimal value() {
        return BigDecimal.valueOf(ppb, DIGITS).stripTrailingZeros();
    }
}
