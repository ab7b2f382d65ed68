package org.ioatlab.kernel.sched;

import java.util.Arrays;

/** A set of processors ({@code cpumask_t}): where a task may run. Doesn't change. */
public final class CpuMask {
    /** Every processor that there is. */
    public static final CpuMask ALL = new CpuMask(new long[0], true);

    private final long[] words;
    private final boolean all;

    private CpuMask(long[] words, boolean all) {
        this.words = words;
        this.all = all;
    }

    /**
     * The processors of those numbers.
     *
     * @throws IllegalArgumentException without any, or for a negative number
     */
    public static CpuMask of(int... cpus) {
        int highest = Arrays.stream(cpus).max().orElse(-1);
        if (highest < 0 || Arrays.stream(cpus).min().orElse(-1) < 0) {
            throw new IllegalArgumentException("no such set of processors: " + Arrays.toString(cpus));
        }
        long[] words = new long[highest / Long.SIZE + 1];
        for (int cpu : cpus) {
            words[cpu / Long.SIZE] |= 1L << cpu;
        }
        return new CpuMask(words, false);
    }

    /** Whether processor {@code cpu} is one of them. */
    public boolean contains(int cpu) {
        return all || (cpu / Long.SIZE < words.length && (words[cpu / Long.SIZE] >>> cpu & 1) != 0);
    }

    /** Whether it names no more than one processor. */
    public boolean isSingle() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return !all && count == 1;
    }
}
