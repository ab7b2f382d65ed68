package org.ioatlab.observe;

import java.util.Arrays;

/**
 * The samples of a profile. A processor has one for each period of its events. A function gets one for each period of its own, and what is left
 * over goes to the functions with the largest rests; a function's samples are divided among its contexts in the same way. That is what a profiler
 * finds in the long run, without its luck in the short.
 */
public final class ProfileSamples {
    private final int cpus;
    private final long period;
    private final long[][] rows;

    /**
     * Shares samples out.
     *
     * @param events by row, which is {@code context * cpus + cpu}, and symbol; a row may be empty
     */
    ProfileSamples(long[][] events, int cpus, long period) {
        this.cpus = cpus;
        this.period = period;
        rows = new long[events.length][];
        Arrays.setAll(rows, row -> new long[events[row].length]);
        for (int cpu = 0; cpu < Math.min(cpus, events.length); cpu++) {
            shareOut(events, cpu);
        }
    }

    /** Samples of a function on a processor. */
    public long of(int cpu, Symbol symbol) {
        long sum = 0;
        for (int row = cpu; row < rows.length; row += cpus) {
            sum += in(rows, row, symbol.ordinal());
        }
        return sum;
    }

    /** Samples of a function on a processor in one context. */
    public long of(int cpu, int context, Symbol symbol) {
        return in(rows, context * cpus + cpu, symbol.ordinal());
    }

    private void shareOut(long[][] events, int cpu) {
        long[] bySymbol = new long[Symbol.COUNT];
        for (int row = cpu; row < events.length; row += cpus) {
            for (int symbol = 0; symbol < events[row].length; symbol++) {
                bySymbol[symbol] += events[row][symbol];
            }
        }
        long[] samples = shares(bySymbol, Arrays.stream(bySymbol).sum() / period);
        long[] byContext = new long[(events.length - cpu + cpus - 1) / cpus];
        for (int symbol = 0; symbol < Symbol.COUNT; symbol++) {
            for (int context = 0; context < byContext.length; context++) {
                byContext[context] = in(events, context * cpus + cpu, symbol);
            }
            long[] shares = shares(byContext, samples[symbol]);
            for (int context = 0; context < byContext.length; context++) {
                if (shares[context] > 0) {
                    rows[context * cpus + cpu][symbol] = shares[context];
                }
            }
        }
    }

    /** Divides {@code count}: a share for each whole period, and the rest to the largest remainders, the first of equal ones first. */
    private long[] shares(long[] events, long count) {
        long[] shares = new long[events.length];
        long left = count;
        for (int i = 0; i < events.length; i++) {
            shares[i] = events[i] / period;
            left -= shares[i];
        }
        boolean[] served = new boolean[events.length];
        for (; left > 0; left--) {
            int largest = -1;
            for (int i = 0; i < events.length; i++) {
                if (!served[i] && (largest < 0 || events[i] % period > events[largest] % period)) {
                    largest = i;
                }
            }
            served[largest] = true;
            shares[largest]++;
        }
        return shares;
    }

    private static long in(long[][] counts, int row, int symbol) {
        return row >= counts.length || counts[row].length == 0 ? 0 : counts[row][symbol];
    }
}
