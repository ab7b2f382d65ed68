package org.ioatlab.observe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Functions that always run together, with the cycles of each. Charging all of them moves a processor's cursor once, and the profile only counts how
 * often that happened. A list belongs to one machine.
 */
public final class CostList {
    /** Charges nothing. */
    public static final CostList NONE = new CostList(new Symbol[0], new long[0], 100);

    private static final int PERCENT = 100;

    private final Symbol[] symbols;
    private final long[] cycles;
    private final long[] slowedCycles;
    private final long total;
    private final long slowedTotal;
    private @Nullable Profile owner;
    private long[] counts = {};

    /**
     * A list of {@code functions}, in the order in which they run.
     *
     * @param cycles of each of them
     * @param slowedPercent how fast they run while a sibling thread is busy: 1 to 100
     */
    public CostList(Symbol[] functions, long[] cycles, long slowedPercent) {
        symbols = functions.clone();
        this.cycles = cycles.clone();
        slowedCycles = new long[cycles.length];
        for (int i = 0; i < cycles.length; i++) {
            slowedCycles[i] = cycles[i] * PERCENT / slowedPercent;
        }
        total = Arrays.stream(this.cycles).sum();
        slowedTotal = Arrays.stream(slowedCycles).sum();
    }

    /** How many functions it has. */
    public int size() {
        return symbols.length;
    }

    /** One of its functions. */
    public Symbol symbol(int index) {
        return symbols[index];
    }

    /** The cycles of one of its functions, while a sibling thread is busy or not. */
    public long cycles(int index, boolean slowed) {
        return slowed ? slowedCycles[index] : cycles[index];
    }

    /** The cycles of all its functions. */
    public long total(boolean slowed) {
        return slowed ? slowedTotal : total;
    }

    /** Counts one charge to a row of {@code profile}. */
    void count(Profile profile, int row, boolean slowed) {
        if (owner != profile) {
            adopt(profile);
        }
        int cell = row * 2 + (slowed ? 1 : 0);
        if (cell >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(cell + 1, counts.length * 2));
        }
        counts[cell]++;
    }

    /** Hands what was counted over to the profile's rows. */
    void settle(Profile profile) {
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] > 0) {
                for (int i = 0; i < symbols.length; i++) {
                    profile.addCycles(cell / 2, symbols[i], counts[cell] * cycles(i, (cell & 1) != 0));
                }
            }
        }
        forget();
    }

    void forget() {
        Arrays.fill(counts, 0);
    }

    private void adopt(Profile profile) {
        if (owner != null) {
            throw new IllegalStateException("a list of costs that belongs to another machine");
        }
        owner = profile;
        profile.register(this);
    }
}
