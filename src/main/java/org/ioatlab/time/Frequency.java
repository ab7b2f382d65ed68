package org.ioatlab.time;

/**
 * A clock rate in whole megahertz, and the exact conversion between cycle counts and instants: an instant is always computed from the
 * whole cycle count, so rounding never accumulates.
 */
public final class Frequency {
    private static final long PS_PER_MICROSECOND = Picoseconds.PER_MICROSECOND;

    private final long megahertz;

    /** Whole picoseconds of a cycle. */
    private final long wholePs;

    /** The rest of a cycle in 2^-64 ps, rounded down. */
    private final long fraction;

    /** @param megahertz 1 to 1 000 000 */
    public Frequency(long megahertz) {
        if (megahertz < 1 || megahertz > 1_000_000) {
            throw new IllegalArgumentException("megahertz out of range: " + megahertz);
        }
        this.megahertz = megahertz;
        wholePs = PS_PER_MICROSECOND / megahertz;
        long upper = (PS_PER_MICROSECOND % megahertz) << Integer.SIZE;
        long lower = (upper % megahertz) << Integer.SIZE;
        fraction = (upper / megahertz) << Integer.SIZE | lower / megahertz;
    }

    /** The rate. */
    public long megahertz() {
        return megahertz;
    }

    /**
     * The instant at which cycle {@code cycles} begins, rounded down to a picosecond.
     *
     * @param cycles 0 or more, so that the instant is below 2^63 ps
     */
    public long picoseconds(long cycles) {
        // Without a division, which takes the host longer than all of this. The fraction is too small by less than
        // 2^-64, the product by less than 1/2 ps, hence the instant by 0 or 1. What it lacks shows in the rest, which
        // is below 2 * megahertz, whatever overflows.
        long instant = cycles * wholePs + Math.unsignedMultiplyHigh(cycles, fraction);
        long rest = cycles * PS_PER_MICROSECOND - instant * megahertz;
        return rest >= megahertz ? instant + 1 : instant;
    }

    /** The first cycle that begins at or after {@code ps}. */
    public long cyclesAtOrAfter(long ps) {
        long whole = ps / PS_PER_MICROSECOND * megahertz;
        return whole + (ps % PS_PER_MICROSECOND * megahertz + PS_PER_MICROSECOND - 1) / PS_PER_MICROSECOND;
    }
}
