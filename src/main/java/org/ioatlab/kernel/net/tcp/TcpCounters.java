package org.ioatlab.kernel.net.tcp;

/** The values of a host's {@link TcpCounter}s. */
public final class TcpCounters {
    private final long[] values = new long[TcpCounter.COUNT];

    /** The value now. */
    public long get(TcpCounter counter) {
        return values[counter.ordinal()];
    }

    /** Counts one. */
    public void increment(TcpCounter counter) {
        values[counter.ordinal()]++;
    }

    /** Counts several, or takes back. */
    public void add(TcpCounter counter, long amount) {
        values[counter.ordinal()] += amount;
    }
}
