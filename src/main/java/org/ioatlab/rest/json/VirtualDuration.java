package org.ioatlab.rest.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A span of virtual time, written as a number and a unit: {@code 250ns}, {@code 1.5ms}. Exact: what isn't a whole number of picoseconds is
 * refused.
 *
 * @param picoseconds 0 to {@link #MOST_PICOSECONDS}
 */
@Schema(
        type = SchemaType.STRING,
        pattern = VirtualDuration.PATTERN,
        description = "a span of virtual time: a number and one of ps, ns, us, ms, s")
public record VirtualDuration(long picoseconds) {
    /** 100 days, as long as a machine runs. */
    public static final long MOST_PICOSECONDS = 8_640_000_000_000_000_000L;

    static final String PATTERN = "[0-9]{1,19}(\\.[0-9]{1,12})?(ps|ns|us|ms|s)";

    private static final Pattern FORM = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,12})?)(ps|ns|us|ms|s)");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the client
     */
    @JsonCreator
    public static VirtualDuration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be a number and one of the units ps, ns, us, ms, s, for example \"250ns\" or \"1.5ms\"");
        }
        BigDecimal exact = new BigDecimal(matcher.group(1)).scaleByPowerOfTen(exponent(matcher.group(2)));
        if (exact.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("must be a whole number of picoseconds");
        }
        if (exact.compareTo(BigDecimal.valueOf(MOST_PICOSECONDS)) > 0) {
            throw new IllegalArgumentException("must be at most 100 days (8640000s)");
        }
        return new VirtualDuration(exact.longValueExact());
    }

    @JsonValue
    @Override
    public String toString() {
        return picoseconds + "ps";
    }

    private static int exponent(String unit) {
        return switch (unit) {
            case "ps" -> 0;
            case "ns" -> 3;
            case "us" -> 6;
            case "ms" -> 9;
            default -> 12;
        };
    }
}
