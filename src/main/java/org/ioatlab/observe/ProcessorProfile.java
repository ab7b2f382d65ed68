package org.ioatlab.observe;

/** A processor's part of the profile: what it spends is counted for the function and the context in which it runs. */
public final class ProcessorProfile {
    private static final long[] NOTHING = {};

    private final Profile profile;
    private final int cpu;
    private int row;

    /** The present context's counts by symbol; empty before the first of them. */
    private long[] cycles = NOTHING;

    private long[] misses = NOTHING;

    ProcessorProfile(Profile profile, int cpu) {
        this.profile = profile;
        this.cpu = cpu;
        row = cpu;
    }

    /** It works in {@code context} from now on. */
    public void enter(int context) {
        int entered = context * profile.cpus() + cpu;
        if (entered != row) {
            row = entered;
            forget();
        }
    }

    /** It spent cycles in {@code symbol}. */
    public void spent(Symbol symbol, long spent) {
        if (cycles.length == 0) {
            cycles = profile.cyclesOf(row);
        }
        cycles[symbol.ordinal()] += spent;
    }

    /** It spent what {@code costs} say, {@code slowed} by a sibling thread or not. */
    public void spent(CostList costs, boolean slowed) {
        costs.count(profile, row, slowed);
    }

    /** It had to fetch so many cache lines from memory while it ran {@code symbol}. */
    public void missed(Symbol symbol, long lines) {
        if (misses.length == 0) {
            misses = profile.missesOf(row);
        }
        misses[symbol.ordinal()] += lines;
    }

    /** The counts lie elsewhere from now on. */
    void forget() {
        cycles = NOTHING;
        misses = NOTHING;
    }
}
