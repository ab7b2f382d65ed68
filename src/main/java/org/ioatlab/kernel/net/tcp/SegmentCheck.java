package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;

/**
 * The checks of RFC 9293, 3.10.7.4 up to the SYN bit, with RFC 7323's protection against wrapped sequence numbers. Kernels make them in
 * different orders and answer differently what fails.
 */
abstract class SegmentCheck {
    private static final long ANSWER_INTERVAL_PS = Picoseconds.PER_SECOND / 2;

    /** How long a remembered timestamp is believed. */
    private static final long BELIEVED_PS = 24L * 86_400 * Picoseconds.PER_SECOND;

    final TcpConnection connection;
    private long lastAnswerPs = -ANSWER_INTERVAL_PS;

    SegmentCheck(TcpConnection connection) {
        this.connection = connection;
    }

    /** As the connection's persona does it. */
    static SegmentCheck of(TcpConnection connection) {
        return switch (connection.tcp.persona.validation()) {
            case RFC_793, RFC_5961 -> new LinuxSegmentCheck(connection);
            case BSD -> new BsdSegmentCheck(connection);
        };
    }

    /** Whether the segment is to be worked on; one that isn't has been answered where it has to be. */
    abstract boolean passes(Segment segment, Work on);

    /** A segment acknowledges what was never sent. */
    abstract void acknowledgesUnsent(Work on);

    /** Whether a timestamp that is {@code age} older than the newest makes the segment an old one. */
    abstract boolean isTooOld(Segment segment, int age);

    final boolean isOld(Segment segment, Work on) {
        if (!connection.timestamps || !segment.hasTimestamps) {
            return false;
        }
        int age = connection.recentTimestamp - segment.timestampValue;
        return age > 0 && on.nowPs() - connection.recentPs < BELIEVED_PS && isTooOld(segment, age);
    }

    final void replaceTimestamp(Segment segment, Work on) {
        if (connection.timestamps
                && segment.hasTimestamps
                && SequenceNumber.beforeOrEqual(segment.sequence, connection.receiver.told)) {
            rememberTimestamp(segment, on);
        }
    }

    final void rememberTimestamp(Segment segment, Work on) {
        boolean newer = SequenceNumber.afterOrEqual(segment.timestampValue, connection.recentTimestamp);
        if (newer || on.nowPs() - connection.recentPs >= BELIEVED_PS) {
            connection.recentTimestamp = segment.timestampValue;
            connection.recentPs = on.nowPs();
        }
    }

    /** Answers a segment that could be forged by an acknowledgment (RFC 5961). */
    final void challenge(Work on) {
        if (!isAnswerTooSoon(on)) {
            connection.tcp.counters.increment(TcpCounter.CHALLENGE_ACK);
            connection.tcp.output.acknowledge(connection, on);
        }
    }

    /** Whether an answer to a doubtful segment went out less than half a second ago ({@code tcp_invalid_ratelimit}). */
    final boolean isAnswerTooSoon(Work on) {
        if (!connection.tcp.persona.has(Persona.Habit.LIMITS_DOUBTFUL_ANSWERS)) {
            return false;
        }
        long nowPs = on.nowPs();
        if (nowPs - lastAnswerPs < ANSWER_INTERVAL_PS) {
            return true;
        }
        lastAnswerPs = nowPs;
        return false;
    }

    final void hashInto(StateHash hash) {
        hash.put(lastAnswerPs);
    }
}
