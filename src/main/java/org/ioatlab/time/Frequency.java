package org.ioatlab.time;

/**
 * A clock rate in whole megahertz, and the exact conversion between cycle counts and instants: an instant is always computed from the
 * whole cycle count, so rounding never accumulates.
 *
 * @param megahertz 1 to 1 000 000
 */
public record Frequency(long megahertz) {
    private static final long PS_PER_MICROSECOND = Picoseconds.PER_MICROSECOND;

    public Frequency {
        if (megahertz < 1 || megahertz > 1_000_000) {
            throw new IllegalArgumentException("megahertz out of range: " + megahertz);
        }
    }

    /** The instant at which cycle {@code cycles} begins, rounded down to a picosecond. */
    public long picoseconds(long cycles) {
        return cycles / megahertz * PS_PER_MICROSECOND + cycles % megahertz * PS_PER_MICROSECOND / megahertz;
    }

    /** The first cycle that begins at or after {@code ps}. */
    public long cyclesAtOrAfter(long ps) {
        long whole = ps / PS_PER_MICROSECOND * megahertz;
        return whole + (ps % PS_PER_MICROSECOND * megahertz + PS_PER_MICROSECOND - 1) / PS_PER_MICROSECOND;
    }
}
