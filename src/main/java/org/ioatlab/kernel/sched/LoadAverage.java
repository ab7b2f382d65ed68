package org.ioatlab.kernel.sched;

import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * How many tasks wanted to run, averaged over 1, 5 and 15 minutes ({@code calc_load}): a sample every five seconds, in fixed point
 * with eleven bits. Samples are taken when the number changes or somebody looks, for the instants at which they were due.
 */
public final class LoadAverage {
    /** How many averages there are. */
    public static final int PERIODS = 3;

    private static final int FRACTION_BITS = 11;
    private static final long ONE = 1L << FRACTION_BITS;
    private static final long SAMPLE_PS = 5 * Picoseconds.PER_SECOND;

    /** One over e to 5 seconds in 1, 5 and 15 minutes. */
    private static final long[] DECAY = {1884, 2014, 2037};

    private final long[] loads = new long[PERIODS];
    private long nextPs = SAMPLE_PS;
    private int runnable;
    private int tasks;
    private int started;

    /** The averages in hundredths. */
    public long hundredths(int which, long nowPs) {
        settle(nowPs);
        return ((loads[which] + ONE / 200) * 100) >> FRACTION_BITS;
    }

    /** Tasks that run or are ready. */
    public int runnable() {
        return runnable;
    }

    /** Tasks that have begun and not ended. */
    public int tasks() {
        return tasks;
    }

    /** Tasks that have ever begun. */
    public int started() {
        return started;
    }

    void begin() {
        tasks++;
        started++;
    }

    void end() {
        tasks--;
    }

    void change(int difference, long nowPs) {
        settle(nowPs);
        runnable += difference;
    }

    void restart() {
        nextPs = SAMPLE_PS;
        loads[0] = 0;
        loads[1] = 0;
        loads[2] = 0;
    }

    void hashInto(StateHash hash, long nowPs) {
        settle(nowPs);
        for (long load : loads) {
            hash.put(load);
        }
        hash.put(runnable);
        hash.put(tasks);
        hash.put(started);
    }

    private void settle(long nowPs) {
        boolean moving = true;
        for (; nextPs <= nowPs && moving; nextPs += SAMPLE_PS) {
            moving = sample();
        }
        if (nextPs <= nowPs) {
            nextPs += ((nowPs - nextPs) / SAMPLE_PS + 1) * SAMPLE_PS;
        }
    }

    /** Whether the averages changed: if not, no later sample of the same number will change them. */
    private boolean sample() {
        boolean changed = false;
        for (int i = 0; i < DECAY.length; i++) {
            long next = (loads[i] * DECAY[i] + runnable * ONE * (ONE - DECAY[i])) >> FRACTION_BITS;
            changed |= next != loads[i];
            loads[i] = next;
        }
        return changed;
    }
}
