package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** FreeBSD's order: RST, SYN, timestamps, window. Old acknowledgments are dropped without a word, and what lies beyond the window is cut off. */
final class BsdSegmentCheck extends SegmentCheck {
    BsdSegmentCheck(TcpConnection connection) {
        super(connection);
    }

    @Override
    boolean passes(Segment segment, Work on) {
        if (segment.has(Tcp.RST)) {
            reset(segment, on);
            return false;
        }
        if (segment.has(Tcp.SYN) && connection.state != TcpState.SYN_RECV) {
            challenge(on);
            return false;
        }
        if (isOld(segment, on)) {
            connection.tcp.counters.increment(TcpCounter.PAWS_ESTAB);
            if (segment.payloadLength > 0) {
                connection.tcp.output.acknowledge(connection, on);
            }
            return false;
        }
        if (isKnown(segment)) {
            connection.acks.scheduleNow();
        }
        if (!fits(segment, on)) {
            return false;
        }
        replaceTimestamp(segment, on);
        return true;
    }

    @Override
    void acknowledgesUnsent(Work on) {
        connection.tcp.output.acknowledge(connection, on);
    }

    @Override
    boolean isTooOld(Segment segment, int age) {
        return true;
    }

    private void reset(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (segment.sequence == receiver.told) {
            connection.reset(on);
        } else if (SequenceNumber.between(segment.sequence, receiver.told, receiver.told + receiver.window)) {
            challenge(on);
        }
    }

    /** Whether it begins before what is awaited and brings nothing of that; a probe does so on purpose. */
    private boolean isKnown(Segment segment) {
        int next = connection.receiver.next;
        return SequenceNumber.before(segment.sequence, next)
                && SequenceNumber.beforeOrEqual(segment.payloadEnd(), next);
    }

    /** Cuts off what lies beyond the window; without anything left the segment is only answered. */
    private boolean fits(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        int beyond = segment.payloadEnd() - (receiver.next + receiver.windowLeft());
        if (beyond <= 0) {
            return true;
        }
        boolean probe = receiver.windowLeft() == 0 && segment.sequence == receiver.next;
        if (beyond >= segment.payloadLength && !probe) {
            connection.tcp.output.acknowledge(connection, on);
            return false;
        }
        if (probe) {
            connection.acks.scheduleNow();
        }
        segment.cut(Math.max(segment.payloadLength - beyond, 0));
        return true;
    }
}
