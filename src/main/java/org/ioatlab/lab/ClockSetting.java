package org.ioatlab.lab;

/**
 * How a machine's clock moves.
 *
 * @param state whether it follows the wall clock
 * @param rateMillionths virtual time per wall time, in millionths: {@link #SLOWEST} to {@link #FASTEST}
 */
public record ClockSetting(ClockState state, long rateMillionths) {
    /** One virtual second a wall second. */
    public static final long REAL_TIME = 1_000_000;

    /** A thousandth of real time. */
    public static final long SLOWEST = 1_000;

    /** A thousand times real time. */
    public static final long FASTEST = 1_000_000_000;

    /** How new machines run. */
    public static final ClockSetting DEFAULT = new ClockSetting(ClockState.RUNNING, REAL_TIME);

    public ClockSetting {
        if (rateMillionths < SLOWEST || rateMillionths > FASTEST) {
            throw new IllegalArgumentException("rate out of range: " + rateMillionths + " millionths");
        }
    }

    /** Whether the clock follows the wall clock. */
    public boolean isRunning() {
        return state == ClockState.RUNNING;
    }

    /** The rate as a number. */
    public double rate() {
        return (double) rateMillionths / REAL_TIME;
    }
}
