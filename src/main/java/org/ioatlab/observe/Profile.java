package org.ioatlab.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cycles and missed cache lines by kernel function, processor and context, and the samples that a profiler would have taken, one a period of a
 * processor's events: see {@link ProfileSamples}.
 */
public final class Profile {
    /** The sampling period that oprofile sets by default, in unhalted cycles. */
    public static final long DEFAULT_PERIOD_CYCLES = 100_000;

    /** The context of a processor that has nothing to do. */
    public static final int IDLE = 0;

    /** The context of hard interrupts. */
    public static final int HARDIRQ = 1;

    /** The context of deferred work. */
    public static final int SOFTIRQ = 2;

    /** Contexts that are told apart; further tasks share one called {@code other}. */
    public static final int MOST_CONTEXTS = 64;

    private final int cpus;
    private final List<String> contexts = new ArrayList<>(List.of("swapper", "hardirq", "softirq"));
    private final List<CostList> lists = new ArrayList<>();
    private final ProcessorProfile[] processors;
    private ProfileEvent event = ProfileEvent.GLOBAL_POWER_EVENTS;
    private long period;
    private long[][] cycles = {};
    private long[][] misses = {};

    /** @param cpus number of logical processors */
    public Profile(int cpus, long periodCycles) {
        this.cpus = cpus;
        period = periodCycles;
        processors = new ProcessorProfile[cpus];
        Arrays.setAll(processors, cpu -> new ProcessorProfile(this, cpu));
    }

    /** The part of a processor. */
    public ProcessorProfile processor(int cpu) {
        return processors[cpu];
    }

    /** What samples are counted by. */
    public ProfileEvent event() {
        return event;
    }

    /** The sampling period, in events. */
    public long periodCycles() {
        return period;
    }

    /** Number of logical processors. */
    public int cpus() {
        return cpus;
    }

    /** Names of contexts, by number. */
    public List<String> contexts() {
        return List.copyOf(contexts);
    }

    /** Forgets everything and counts samples by {@code next}, one every {@code every} of its events. */
    public void sampleBy(ProfileEvent next, long every) {
        event = next;
        period = every;
        reset();
    }

    /** The number of a task's context. */
    public int context(String task) {
        int known = contexts.indexOf(task);
        if (known >= 0) {
            return known;
        }
        if (contexts.size() == MOST_CONTEXTS) {
            return MOST_CONTEXTS - 1;
        }
        contexts.add(contexts.size() == MOST_CONTEXTS - 1 ? "other" : task);
        return contexts.size() - 1;
    }

    /** Adds cycles of an idle processor, scattered in the past. */
    void addInBulk(int cpu, Symbol symbol, long spent) {
        addCycles(IDLE * cpus + cpu, symbol, spent);
    }

    /** Adds cycles to a row, which is {@code context * cpus + cpu}. */
    void addCycles(int row, Symbol symbol, long spent) {
        cyclesOf(row)[symbol.ordinal()] += spent;
    }

    /** A row's cycles by symbol. */
    long[] cyclesOf(int row) {
        if (row >= cycles.length || cycles[row].length == 0) {
            cycles = withRow(cycles, row);
        }
        return cycles[row];
    }

    /** A row's missed lines by symbol. */
    long[] missesOf(int row) {
        if (row >= misses.length || misses[row].length == 0) {
            misses = withRow(misses, row);
        }
        return misses[row];
    }

    void register(CostList list) {
        lists.add(list);
    }

    /** Cycles spent in {@code symbol} on {@code cpu}. */
    public long cycles(int cpu, Symbol symbol) {
        settle();
        return sum(cycles, cpu, symbol);
    }

    /** The samples by now. */
    public ProfileSamples samples() {
        settle();
        return new ProfileSamples(event == ProfileEvent.GLOBAL_POWER_EVENTS ? cycles : misses, cpus, period);
    }

    /** Forgets everything counted so far. */
    public void reset() {
        for (CostList list : lists) {
            list.forget();
        }
        cycles = new long[0][];
        misses = new long[0][];
        for (ProcessorProfile processor : processors) {
            processor.forget();
        }
    }

    private void settle() {
        for (CostList list : lists) {
            list.settle(this);
        }
    }

    private long sum(long[][] counts, int cpu, Symbol symbol) {
        long sum = 0;
        for (int row = cpu; row < counts.length; row += cpus) {
            sum += in(counts, row, symbol);
        }
        return sum;
    }

    private static long in(long[][] counts, int row, Symbol symbol) {
        return row >= counts.length || counts[row].length == 0 ? 0 : counts[row][symbol.ordinal()];
    }

    private static long[][] withRow(long[][] counts, int row) {
        long[][] grown = counts;
        if (row >= counts.length) {
            grown = Arrays.copyOf(counts, row + 1);
            Arrays.fill(grown, counts.length, grown.length, new long[0]);
        }
        if (grown[row].length == 0) {
            grown[row] = new long[Symbol.COUNT];
        }
        return grown;
    }
}
