package org.ioatlab.wire.capture;

/** The units of pcapng timestamps, as the option {@code if_tsresol} names them (draft-ietf-opsawg-pcapng, 4.2). */
final class TimestampResolution {
    /** Without the option: microseconds. */
    static final byte DEFAULT = 6;

    /** Nanoseconds. */
    static final byte NANOSECONDS = 9;

    private static final int POWER_OF_TWO = 0x80;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int DIGITS_OF_A_NS = 9;

    private TimestampResolution() {}

    /**
     * Nanoseconds of an unsigned {@code timestamp}, fractions dropped, and whole seconds beside it.
     *
     * @param resolution the negative power of ten, or of two where the top bit is set
     * @throws ArithmeticException when a long cannot hold the result
     */
    static long toNs(long timestamp, byte resolution, long offsetSeconds) {
        int exponent = resolution & ~POWER_OF_TWO & 0xff;
        long ns = (resolution & POWER_OF_TWO) == 0 ? decimal(timestamp, exponent) : binary(timestamp, exponent);
        return Math.addExact(ns, Math.multiplyExact(offsetSeconds, NS_PER_SECOND));
    }

    private static long decimal(long timestamp, int exponent) {
        if (exponent <= DIGITS_OF_A_NS) {
            return times(timestamp, powerOfTen(DIGITS_OF_A_NS - exponent), 0);
        }
        // 10^19 is the largest power of ten that 64 bits hold; beyond it nothing is left.
        int surplus = exponent - DIGITS_OF_A_NS;
        return surplus > 19 ? 0 : signed(Long.divideUnsigned(timestamp, powerOfTen(surplus)));
    }

    private static long binary(long timestamp, int exponent) {
        return times(timestamp, NS_PER_SECOND, exponent);
    }

    /** {@code timestamp * factor >> shift} over 128 bits. */
    private static long times(long timestamp, long factor, int shift) {
        long high = Math.unsignedMultiplyHigh(timestamp, factor);
        long low = timestamp * factor;
        if (shift >= Long.SIZE) {
            return shift >= 2 * Long.SIZE ? 0 : signed(high >>> (shift - Long.SIZE));
        }
        if (high >>> shift != 0) {
            throw new ArithmeticException("timestamp out of range");
        }
        return signed(shift == 0 ? low : (high << (Long.SIZE - shift)) | (low >>> shift));
    }

    private static long signed(long unsigned) {
        if (unsigned < 0) {
            throw new ArithmeticException("timestamp out of range");
        }
        return unsigned;
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
