package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** Linux's order: timestamps, window, RST, SYN ({@code tcp_validate_incoming}; 2.6.12 has the same within {@code tcp_rcv_established}). */
final class LinuxSegmentCheck extends SegmentCheck {
    /** How much older than the newest a timestamp may be, in its own units ({@code TCP_PAWS_WINDOW}). */
    private static final int TOLERATED_AGE = 1;

    LinuxSegmentCheck(TcpConnection connection) {
        super(connection);
    }

    private boolean isStrict() {
        return connection.tcp.persona.isStrict();
    }

    @Override
    boolean passes(Segment segment, Work on) {
        boolean rst = segment.has(Tcp.RST);
        if (isOld(segment, on) && !rst) {
            connection.tcp.counters.increment(TcpCounter.PAWS_ESTAB);
            duplicate(segment, on);
            return false;
        }
        if (!connection.receiver.accepts(segment)) {
            outOfWindow(segment, on);
            return false;
        }
        if (rst) {
            if (!isStrict() || isExactReset(segment)) {
                connection.reset(on);
            } else {
                challenge(on);
            }
            return false;
        }
        replaceTimestamp(segment, on);
        return !segment.has(Tcp.SYN) || isHarmlessSyn(segment, on);
    }

    @Override
    void acknowledgesUnsent(Work on) {
        // 2.6.12 heeds the segment's data all the same, later kernels drop it
    }

    private void outOfWindow(Segment segment, Work on) {
        if (segment.has(Tcp.RST)) {
            if (isExactReset(segment)) {
                connection.reset(on);
            }
        } else if (isStrict() && segment.has(Tcp.SYN)) {
            challenge(on);
        } else {
            duplicate(segment, on);
        }
    }

    private boolean isExactReset(Segment segment) {
        return isStrict() && segment.sequence == connection.receiver.next;
    }

    /** A SYN of an open connection: RFC 793 resets it, RFC 5961 asks back. One that only comes again is no harm. */
    private boolean isHarmlessSyn(Segment segment, Work on) {
        if (isStrict()) {
            challenge(on);
            return false;
        }
        if (SequenceNumber.before(segment.sequence, connection.receiver.next)) {
            return true;
        }
        connection.tcp.counters.increment(TcpCounter.ABORT_ON_SYN);
        connection.tcp.output.reset(segment, on);
        connection.reset(on);
        return false;
    }

    /** {@code tcp_paws_discard}. */
    @Override
    boolean isTooOld(Segment segment, int age) {
        return age > TOLERATED_AGE && !isReordered(segment, age);
    }

    /** An acknowledgment that was overtaken tells nothing new and is no intruder ({@code tcp_disordered_ack}). */
    private boolean isReordered(Segment segment, int age) {
        Sender sender = connection.sender;
        return segment.has(Tcp.ACK)
                && segment.sequence == segment.end
                && segment.sequence == connection.receiver.next
                && segment.acknowledgment == sender.unacknowledged
                && segment.window << connection.sendScale == sender.window
                && age <= sender.roundTrip.timeoutPs() / Picoseconds.PER_MILLISECOND;
    }

    /** Tells again what is awaited, and what came twice ({@code tcp_send_dupack}). */
    private void duplicate(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (segment.end != segment.sequence && SequenceNumber.before(segment.sequence, receiver.next)) {
            connection.tcp.counters.increment(TcpCounter.DELAYED_ACK_LOST);
            connection.acks.beQuick();
            receiver.duplicate(segment.sequence, SequenceNumber.min(segment.end, receiver.next));
        }
        if (segment.payloadLength > 0 || !isAnswerTooSoon(on)) {
            connection.tcp.output.acknowledge(connection, on);
        }
    }
}
