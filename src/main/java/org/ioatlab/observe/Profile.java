package org.ioatlab.observe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cycles by kernel function and processor, and the samples that a profiler would have taken: one each time a processor's count of
 * unhalted cycles passes a multiple of the period, charged to the function that runs.
 */
public final class Profile {
    /** The sampling period that oprofile sets by default, in unhalted cycles. */
    public static final long DEFAULT_PERIOD_CYCLES = 100_000;

    private final int cpus;
    private final long periodCycles;
    private final long[] untilSample;
    private long @Nullable [] cycles;
    private long @Nullable [] samples;
    private long @Nullable [] bulkCycles;

    /** @param cpus number of logical processors */
    public Profile(int cpus, long periodCycles) {
        this.cpus = cpus;
        this.periodCycles = periodCycles;
        untilSample = new long[cpus];
        Arrays.fill(untilSample, periodCycles);
    }

    /** The sampling period. */
    public long periodCycles() {
        return periodCycles;
    }

    /** Number of logical processors. */
    public int cpus() {
        return cpus;
    }

    void add(int cpu, Symbol symbol, long spent) {
        if (cycles == null || samples == null) {
            cycles = new long[cpus * Symbol.COUNT];
            samples = new long[cpus * Symbol.COUNT];
        }
        int cell = cpu * Symbol.COUNT + symbol.ordinal();
        cycles[cell] += spent;
        long left = untilSample[cpu] - spent;
        if (left <= 0) {
            long passed = 1 - left / periodCycles;
            samples[cell] += passed;
            left += passed * periodCycles;
        }
        untilSample[cpu] = left;
    }

    /** Adds cycles whose order among others isn't known: each function gets a sample a period of such cycles of its own. */
    void addInBulk(int cpu, Symbol symbol, long spent) {
        if (bulkCycles == null) {
            bulkCycles = new long[cpus * Symbol.COUNT];
        }
        bulkCycles[cpu * Symbol.COUNT + symbol.ordinal()] += spent;
    }

    /** Cycles spent in {@code symbol} on {@code cpu}. */
    public long cycles(int cpu, Symbol symbol) {
        return in(cycles, cpu, symbol) + in(bulkCycles, cpu, symbol);
    }

    /** Samples taken in {@code symbol} on {@code cpu}. */
    public long samples(int cpu, Symbol symbol) {
        return in(samples, cpu, symbol) + in(bulkCycles, cpu, symbol) / periodCycles;
    }

    /** Forgets everything counted so far. */
    public void reset() {
        cycles = null;
        samples = null;
        bulkCycles = null;
        Arrays.fill(untilSample, periodCycles);
    }

    private static long in(long @Nullable [] counts, int cpu, Symbol symbol) {
        return counts == null ? 0 : counts[cpu * Symbol.COUNT + symbol.ordinal()];
    }
}
