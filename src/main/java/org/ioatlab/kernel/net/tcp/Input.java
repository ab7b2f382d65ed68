package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** What a segment does to a connection, by state (RFC 9293, 3.10.7), with the fast path for the expected one. */
final class Input {
    private static final long ODD_ACK_INTERVAL_PS = Picoseconds.PER_SECOND / 2;

    /** How much older than the newest a timestamp may be, in its own units ({@code TCP_PAWS_WINDOW}). */
    private static final int TOLERATED_AGE = 1;

    private static final long BELIEVED_PS = 24L * 86_400 * Picoseconds.PER_SECOND;

    private final TcpConnection connection;
    private long lastOddAckPs = -ODD_ACK_INTERVAL_PS;

    Input(TcpConnection connection) {
        this.connection = connection;
    }

    void process(Segment segment, Work on) {
        switch (connection.state) {
            case ESTABLISHED -> established(segment, on);
            case SYN_SENT -> synSent(segment, on);
            case CLOSE, LISTEN, TIME_WAIT -> {
                // The connection went while the segment waited: it meets what is there now.
                connection.tcp.deliver(segment, on);
            }
            default -> otherStates(segment, on);
        }
    }

    private void established(Segment segment, Work on) {
        on.spend(Symbol.TCP_RCV_ESTABLISHED, connection.tcp.costs.established());
        if (isExpected(segment)) {
            fast(segment, on);
        } else {
            slow(segment, on);
        }
    }

    /** Header prediction: in order, nothing but ACK and data, the window unchanged, timestamps alone and not older. */
    private boolean isExpected(Segment segment) {
        Receiver receiver = connection.receiver;
        Sender sender = connection.sender;
        if (!connection.fastPath
                || (segment.flags & ~(Tcp.PSH | Tcp.ECE | Tcp.CWR)) != Tcp.ACK
                || segment.sequence != receiver.next
                || segment.headerLength != connection.headerLength
                || segment.window << connection.sendScale != sender.window
                || SequenceNumber.after(segment.acknowledgment, sender.next)) {
            return false;
        }
        if (connection.tcp.persona.isStrict()
                && SequenceNumber.before(segment.acknowledgment, sender.unacknowledged - sender.largestWindow)) {
            return false;
        }
        if (connection.timestamps
                && (!segment.alignedTimestampsOnly
                        || SequenceNumber.before(segment.timestampValue, connection.recentTimestamp))) {
            return false;
        }
        return segment.payloadLength == 0 || (!receiver.isFull() && segment.payloadLength <= receiver.windowLeft());
    }

    private void fast(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (connection.timestamps && receiver.next == receiver.told) {
            rememberTimestamp(segment, on);
        }
        if (segment.payloadLength == 0) {
            connection.sender.acknowledged(segment, true, on);
            connection.tcp.host.free(segment, on);
            sendMore(on);
            return;
        }
        boolean acknowledges = segment.acknowledgment != connection.sender.unacknowledged;
        if (acknowledges) {
            connection.sender.acknowledged(segment, true, on);
        }
        measureRoundTrip(segment, on);
        int before = receiver.readable();
        receiver.inOrder(segment, on);
        if (acknowledges) {
            sendMore(on);
        }
        if (connection.acks.isScheduled()) {
            if (receiver.readable() == before) {
                connection.acks.checkTaken(on);
            } else {
                connection.acks.checkScheduled(false, on);
            }
        }
        if (receiver.readable() != before) {
            connection.user.readable(connection, on);
        }
    }

    private void slow(Segment segment, Work on) {
        if (!isValid(segment, on)) {
            connection.tcp.host.free(segment, on);
            return;
        }
        if (!segment.has(Tcp.ACK)) {
            if (connection.tcp.persona.isStrict() || connection.tcp.persona.isFreeBsd()) {
                connection.tcp.host.free(segment, on);
                return;
            }
        } else if (!acknowledge(segment, on)) {
            connection.tcp.host.free(segment, on);
            return;
        }
        measureRoundTrip(segment, on);
        connection.receiver.urgent.arrived(segment, on);
        connection.receiver.data(segment, on);
        if (connection.state != TcpState.CLOSE) {
            sendMore(on);
            connection.acks.check(true, on);
        }
    }

    /** Works off the acknowledgment field; false if the persona drops a segment whose field is out of range. */
    private boolean acknowledge(Segment segment, Work on) {
        Sender sender = connection.sender;
        if (connection.tcp.persona.isStrict()) {
            int least = sender.unacknowledged - sender.largestWindow;
            if (SequenceNumber.before(segment.acknowledgment, least)) {
                challenge(on);
                return false;
            }
        }
        if (sender.acknowledged(segment, false, on)) {
            return true;
        }
        if (connection.tcp.persona.isFreeBsd()) {
            connection.tcp.output.acknowledge(connection, on);
        }
        return !connection.tcp.persona.isStrict();
    }

    /** States between the handshake and the end, except ESTABLISHED. */
    private void otherStates(Segment segment, Work on) {
        if (!isValid(segment, on) || !segment.has(Tcp.ACK)) {
            connection.tcp.host.free(segment, on);
            return;
        }
        boolean acceptable = connection.sender.acknowledged(segment, false, on);
        if (connection.state == TcpState.SYN_RECV) {
            if (!acceptable || connection.sender.unacknowledged == connection.sender.next - 1) {
                connection.tcp.output.reset(segment, on);
                connection.tcp.host.free(segment, on);
                return;
            }
            connection.established(segment, segment.window << connection.sendScale, on);
            connection.user.changed(connection, on);
        } else if (!acceptable && connection.tcp.persona.isStrict()) {
            challenge(on);
            connection.tcp.host.free(segment, on);
            return;
        }
        if (!closing(segment, on)) {
            connection.receiver.urgent.arrived(segment, on);
            takeData(segment, on);
        }
    }

    /** Whether the segment's acknowledgment has ended the connection, or it came for a user who has gone; it is freed then. */
    private boolean closing(Segment segment, Work on) {
        boolean all = connection.sender.isAllAcknowledged();
        switch (connection.state) {
            case FIN_WAIT1 -> {
                if (all) {
                    connection.state = TcpState.FIN_WAIT2;
                    connection.sendShut = true;
                    connection.user.changed(connection, on);
                    return connection.isOrphan() && orphaned(segment, on);
                }
            }
            case CLOSING -> {
                if (all) {
                    connection.timeWait(TcpState.TIME_WAIT, connection.tcp.settings.timeWaitPs, on);
                    connection.tcp.host.free(segment, on);
                    return true;
                }
            }
            case LAST_ACK -> {
                if (all) {
                    connection.done(on);
                    connection.tcp.host.free(segment, on);
                    return true;
                }
            }
            default -> {
                // other states don't end by an acknowledgment
            }
        }
        return false;
    }

    private boolean orphaned(Segment segment, Work on) {
        if (hasNewData(segment)) {
            abortOnData(segment, on);
            return true;
        }
        if (segment.has(Tcp.FIN)) {
            return false;
        }
        connection.finWait2(on);
        connection.tcp.host.free(segment, on);
        return true;
    }

    private void takeData(Segment segment, Work on) {
        TcpState state = connection.state;
        boolean late = state == TcpState.CLOSE_WAIT || state == TcpState.CLOSING || state == TcpState.LAST_ACK;
        if (late && !SequenceNumber.before(segment.sequence, connection.receiver.next)) {
            connection.tcp.host.free(segment, on);
        } else if (state != TcpState.ESTABLISHED && connection.receiveShut && hasNewData(segment)) {
            abortOnData(segment, on);
            return;
        } else {
            connection.receiver.data(segment, on);
        }
        if (connection.state != TcpState.CLOSE) {
            sendMore(on);
            connection.acks.check(true, on);
        }
    }

    /** Data for a user who doesn't read any more (RFC 1122, 4.2.2.13). */
    private void abortOnData(Segment segment, Work on) {
        connection.tcp.counters.increment(TcpCounter.ABORT_ON_DATA);
        connection.tcp.output.reset(segment, on);
        connection.tcp.host.free(segment, on);
        connection.reset(on);
    }

    private boolean hasNewData(Segment segment) {
        int end = segment.end - (segment.has(Tcp.FIN) ? 1 : 0);
        return segment.end != segment.sequence && SequenceNumber.after(end, connection.receiver.next);
    }

    private void synSent(Segment segment, Work on) {
        if (segment.has(Tcp.ACK)) {
            if (segment.acknowledgment != connection.sender.next) {
                connection.tcp.output.reset(segment, on);
            } else if (segment.has(Tcp.RST)) {
                connection.reset(on);
            } else if (segment.has(Tcp.SYN)) {
                synAcknowledged(segment, on);
            }
        } else if (segment.has(Tcp.SYN) && !segment.has(Tcp.RST)) {
            bothOpen(segment, on);
        }
        connection.tcp.host.free(segment, on);
    }

    private void synAcknowledged(Segment segment, Work on) {
        connection.takeHandshake(segment, on);
        connection.sender.acknowledged(segment, false, on);
        connection.established(segment, segment.window, on);
        connection.user.changed(connection, on);
        if (connection.sender.unsent() > 0 || connection.sender.finWanted) {
            connection.acks.schedule();
            connection.sender.push(on);
            connection.acks.check(false, on);
        } else {
            connection.acks.send(on);
        }
    }

    /** Simultaneous open (RFC 9293, 3.5, figure 8). */
    private void bothOpen(Segment segment, Work on) {
        connection.takeHandshake(segment, on);
        connection.state = TcpState.SYN_RECV;
        connection.sender.window = segment.window;
        connection.sender.largestWindow = segment.window;
        connection.tcp.output.handshake(connection, on);
    }

    /** The checks of RFC 9293, 3.10.7.4 up to the SYN bit; answers what has to be answered when one fails. */
    private boolean isValid(Segment segment, Work on) {
        return connection.tcp.persona.isFreeBsd() ? isValidBsd(segment, on) : isValidLinux(segment, on);
    }

    /** BSD looks at RST and SYN first, and drops old acknowledgments without a word. */
    private boolean isValidBsd(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (segment.has(Tcp.RST)) {
            resetBsd(segment, on);
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
        boolean known = SequenceNumber.before(segment.sequence, receiver.next);
        if (known && SequenceNumber.beforeOrEqual(segment.payloadEnd(), receiver.next)) {
            connection.acks.scheduleNow();
        }
        int beyond = segment.payloadEnd() - (receiver.next + receiver.windowLeft());
        if (beyond > 0 && !fitsBsd(segment, beyond, on)) {
            return false;
        }
        replaceTimestamp(segment, on);
        return true;
    }

    private void resetBsd(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (segment.sequence == receiver.told) {
            connection.reset(on);
        } else if (SequenceNumber.between(segment.sequence, receiver.told, receiver.told + receiver.window)) {
            challenge(on);
        }
    }

    /** Cuts off what lies beyond the window; without anything left the segment is only answered. */
    private boolean fitsBsd(Segment segment, int beyond, Work on) {
        Receiver receiver = connection.receiver;
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

    private boolean isValidLinux(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        Persona persona = connection.tcp.persona;
        boolean rst = segment.has(Tcp.RST);
        if (isOld(segment, on) && !rst) {
            connection.tcp.counters.increment(TcpCounter.PAWS_ESTAB);
            duplicate(segment, on);
            return false;
        }
        if (!receiver.accepts(segment)) {
            if (!rst) {
                if (persona.isStrict() && segment.has(Tcp.SYN)) {
                    challenge(on);
                } else {
                    duplicate(segment, on);
                }
            } else if (isExactReset(segment)) {
                connection.reset(on);
            }
            return false;
        }
        if (rst) {
            if (!persona.isStrict() || isExactReset(segment)) {
                connection.reset(on);
            } else {
                challenge(on);
            }
            return false;
        }
        replaceTimestamp(segment, on);
        return !segment.has(Tcp.SYN) || isHarmlessSyn(segment, on);
    }

    private boolean isExactReset(Segment segment) {
        return connection.tcp.persona.isStrict() && segment.sequence == connection.receiver.next;
    }

    /** A SYN of an open connection: RFC 793 resets it, RFC 5961 asks back. One that only comes again is no harm. */
    private boolean isHarmlessSyn(Segment segment, Work on) {
        if (connection.tcp.persona.isStrict()) {
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

    /** Protection against wrapped sequence numbers (RFC 7323, 5; {@code tcp_paws_discard}). */
    private boolean isOld(Segment segment, Work on) {
        if (!connection.timestamps || !segment.hasTimestamps) {
            return false;
        }
        int age = connection.recentTimestamp - segment.timestampValue;
        int tolerated = connection.tcp.persona.isFreeBsd() ? 0 : TOLERATED_AGE;
        if (age <= tolerated || on.nowPs() - connection.recentPs >= BELIEVED_PS) {
            return false;
        }
        return connection.tcp.persona.isFreeBsd() || !isReordered(segment, age);
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

    private void replaceTimestamp(Segment segment, Work on) {
        if (connection.timestamps
                && segment.hasTimestamps
                && SequenceNumber.beforeOrEqual(segment.sequence, connection.receiver.told)) {
            rememberTimestamp(segment, on);
        }
    }

    private void rememberTimestamp(Segment segment, Work on) {
        boolean newer = SequenceNumber.afterOrEqual(segment.timestampValue, connection.recentTimestamp);
        if (newer || on.nowPs() - connection.recentPs >= BELIEVED_PS) {
            connection.recentTimestamp = segment.timestampValue;
            connection.recentPs = on.nowPs();
        }
    }

    private void measureRoundTrip(Segment segment, Work on) {
        if (connection.timestamps
                && segment.hasTimestamps
                && segment.timestampEcho != 0
                && segment.payloadLength >= connection.acks.peerSegment()) {
            long elapsed = TimestampClock.elapsedPs(segment.timestampEcho, on.nowPs());
            connection.receiver.windows.tuning().measure(elapsed);
        }
    }

    /** Tells again what is awaited, and what came twice ({@code tcp_send_dupack}). */
    private void duplicate(Segment segment, Work on) {
        Receiver receiver = connection.receiver;
        if (segment.end != segment.sequence && SequenceNumber.before(segment.sequence, receiver.next)) {
            connection.tcp.counters.increment(TcpCounter.DELAYED_ACK_LOST);
            connection.acks.beQuick();
            receiver.duplicate(segment.sequence, SequenceNumber.min(segment.end, receiver.next));
        }
        boolean empty = segment.payloadLength == 0;
        if (connection.tcp.persona == Persona.LINUX_MODERN && empty && isRateLimited(on)) {
            return;
        }
        connection.tcp.output.acknowledge(connection, on);
    }

    /** Answers a segment that could be forged by an acknowledgment (RFC 5961). */
    private void challenge(Work on) {
        if (connection.tcp.persona == Persona.LINUX_MODERN && isRateLimited(on)) {
            return;
        }
        connection.tcp.counters.increment(TcpCounter.CHALLENGE_ACK);
        connection.tcp.output.acknowledge(connection, on);
    }

    /** One such answer in half a second ({@code tcp_invalid_ratelimit}). */
    private boolean isRateLimited(Work on) {
        long nowPs = on.nowPs();
        if (nowPs - lastOddAckPs < ODD_ACK_INTERVAL_PS) {
            return true;
        }
        lastOddAckPs = nowPs;
        return false;
    }

    private void sendMore(Work on) {
        Sender sender = connection.sender;
        if (sender.unsent() > 0 || sender.isFinDue()) {
            boolean any = sender.sendNew(on);
            if (!any && sender.sent.isEmpty()) {
                sender.timers.checkProbe(on);
            }
        }
    }
}
