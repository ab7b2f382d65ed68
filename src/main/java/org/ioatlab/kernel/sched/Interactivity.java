package org.ioatlab.kernel.sched;

import org.ioatlab.time.Picoseconds;

/**
 * Priorities and time slices of Linux 2.6.12's scheduler: a task that sleeps much gets up to five levels of bonus, one that
 * computes loses as many. Levels are {@code prio} - 100, 0 to 39, lower ones first.
 */
final class Interactivity {
    static final int LEVELS = 40;

    /** {@code MAX_SLEEP_AVG}. */
    static final long MOST_SLEEP_PS = Picoseconds.PER_SECOND;

    private static final int MAX_BONUS = 10;
    private static final int DEFAULT_LEVEL = 20;
    private static final int INTERACTIVE_DELTA = 2;
    private static final long SLICE_MS = 100;
    private static final long LEAST_SLICE_MS = 5;

    private Interactivity() {}

    private static long bonus(long sleepAveragePs) {
        return sleepAveragePs * MAX_BONUS / MOST_SLEEP_PS;
    }

    /** {@code effective_prio}. */
    static int level(int nice, long sleepAveragePs) {
        return (int) Math.clamp(DEFAULT_LEVEL + nice - bonus(sleepAveragePs) + MAX_BONUS / 2, 0L, LEVELS - 1);
    }

    /** The sleep average after another sleep ({@code recalc_task_prio}): the lower it is, the more it gains. */
    static long afterSleep(long sleepAveragePs, long sleptPs) {
        long gain = Math.min(sleptPs, MOST_SLEEP_PS) * Math.max(1, MAX_BONUS - bonus(sleepAveragePs));
        return Math.min(MOST_SLEEP_PS, sleepAveragePs + gain);
    }

    /** The sleep average after running ({@code schedule}): the higher it is, the less it loses. */
    static long afterRun(long sleepAveragePs, long ranPs) {
        return Math.max(0, sleepAveragePs - Math.min(ranPs, MOST_SLEEP_PS) / Math.max(1, bonus(sleepAveragePs)));
    }

    /** Whether a task of that level goes on with its next slice before those whose slices are used up ({@code TASK_INTERACTIVE}). */
    static boolean isInteractive(int nice, int level) {
        return level <= DEFAULT_LEVEL + nice - (nice * MAX_BONUS / LEVELS + INTERACTIVE_DELTA);
    }

    /** {@code task_timeslice}: 100 ms for a nice value of 0, 5 ms for 19. */
    static int sliceTicks(int nice, long jiffyPs) {
        long scale = nice < 0 ? 4 * SLICE_MS : SLICE_MS;
        long ms = Math.max(LEAST_SLICE_MS, scale * (DEFAULT_LEVEL - nice) / DEFAULT_LEVEL);
        return (int) Math.max(1, ms * Picoseconds.PER_MILLISECOND / jiffyPs);
    }
}
