package org.ioatlab.workload.packetdrill.script;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Times as scripts write them: seconds with a point, held as whole microseconds. */
final class Decimals {
    private Decimals() {}

    /**
     * Microseconds of a text in seconds; what is finer is cut off.
     *
     * @throws NumberFormatException when it isn't a decimal number or has more than 63 bits
     */
    static long micros(String seconds) {
        try {
            return new BigDecimal(seconds)
                    .movePointRight(6)
                    .setScale(0, RoundingMode.DOWN)
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new NumberFormatException(e.getMessage());
        }
    }
}
