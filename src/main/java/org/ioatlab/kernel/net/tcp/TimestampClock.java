package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** The clock of the timestamps option: milliseconds, and like Linux's jiffies it begins five minutes before it wraps. */
final class TimestampClock {
    private static final int INITIAL = -300_000;

    /** How long a remembered timestamp is believed (RFC 7323, 5.5): 24 days. */
    private static final long OUTDATED_PS = 24L * 86_400 * Picoseconds.PER_SECOND;

    private static final long WINDOW_PS = Picoseconds.PER_SECOND;

    private TimestampClock() {}

    static int at(long nowPs) {
        return INITIAL + (int) (nowPs / Picoseconds.PER_MILLISECOND);
    }

    /** The instant of a timestamp that was sent not long before {@code nowPs}. */
    static long elapsedPs(int echo, long nowPs) {
        return (at(nowPs) - echo) * Picoseconds.PER_MILLISECOND;
    }

    /** Whether {@code segment} is older than what was seen before ({@code tcp_paws_check}). */
    static boolean isOld(Segment segment, int recent, long recentPs, long nowPs) {
        if (SequenceNumber.afterOrEqual(segment.timestampValue, recent)) {
            return false;
        }
        if (nowPs - recentPs >= OUTDATED_PS) {
            return false;
        }
        // A RST without a fresh timestamp is believed a minute after the last segment.
        return !(segment.has(Tcp.RST) && nowPs - recentPs >= 60 * WINDOW_PS);
    }
}
