package org.ioatlab.time;

/** Units of virtual time. One {@code long} of picoseconds reaches 106 days. */
public final class Picoseconds {
    public static final long PER_NANOSECOND = 1_000;
    public static final long PER_MICROSECOND = 1_000_000;
    public static final long PER_MILLISECOND = 1_000_000_000;
    public static final long PER_SECOND = 1_000_000_000_000L;

    private Picoseconds() {}

    /** Whole nanoseconds, rounded down. */
    public static long toNanoseconds(long ps) {
        return ps / PER_NANOSECOND;
    }
}
