package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** What a segment does to a connection, by state (RFC 9293, 3.10.7), with the fast path for the expected one. */
final class Input {
    private final TcpConnection connection;
    private final SegmentCheck check;

    Input(TcpConnection connection) {
        this.connection = connection;
        check = SegmentCheck.of(connection);
    }

    void process(Segment segment, Work on) {
        if (segment.copiedEarly) {
            afterEarlyCopy(segment, on);
            return;
        }
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
        on.spend(connection.tcp.costs.established());
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
            check.rememberTimestamp(segment, on);
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

    /**
     * The fast path's first half, while the segment's reader still sleeps: if it is just what was expected, its payload goes to the reader, and
     * the rest waits for {@link #process} (OLS 2005 paper, section 4.3, step 4).
     */
    boolean takeEarly(Segment segment, Work on) {
        on.spend(connection.tcp.costs.established());
        Receiver receiver = connection.receiver;
        if (connection.state != TcpState.ESTABLISHED || segment.payloadLength == 0 || !isExpected(segment)) {
            return false;
        }
        boolean first = receiver.next == receiver.told;
        if (!receiver.takeEarly(segment, on)) {
            return false;
        }
        if (connection.timestamps && first) {
            check.rememberTimestamp(segment, on);
        }
        return true;
    }

    /** The second half, in the reader's context: no checks, but the acknowledgment (OLS 2005 paper, section 4.3, steps 5 and 6). */
    private void afterEarlyCopy(Segment segment, Work on) {
        segment.copiedEarly = false;
        if (connection.state == TcpState.CLOSE) {
            connection.receiver.finish(segment, on);
            return;
        }
        boolean acknowledges = segment.acknowledgment != connection.sender.unacknowledged;
        if (acknowledges) {
            connection.sender.acknowledged(segment, true, on);
        }
        measureRoundTrip(segment, on);
        connection.acks.dataArrived(segment, on);
        connection.tcp.counters.increment(TcpCounter.HP_HITS_TO_USER);
        connection.receiver.finish(segment, on);
        if (acknowledges) {
            sendMore(on);
        }
        if (connection.acks.isScheduled()) {
            connection.acks.checkTaken(on);
        }
    }

    private void slow(Segment segment, Work on) {
        if (!check.passes(segment, on)) {
            connection.tcp.host.free(segment, on);
            return;
        }
        if (!segment.has(Tcp.ACK)) {
            if (connection.tcp.persona.isStrict()) {
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
                check.challenge(on);
                return false;
            }
        }
        if (sender.acknowledged(segment, false, on)) {
            return true;
        }
        check.acknowledgesUnsent(on);
        return !connection.tcp.persona.isStrict();
    }

    /** States between the handshake and the end, except ESTABLISHED. */
    private void otherStates(Segment segment, Work on) {
        if (!check.passes(segment, on) || !segment.has(Tcp.ACK)) {
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
            check.challenge(on);
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
        Handshake.answered(connection, segment, on);
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
        Handshake.answered(connection, segment, on);
        connection.state = TcpState.SYN_RECV;
        connection.sender.window = segment.window;
        connection.sender.largestWindow = segment.window;
        connection.tcp.output.handshake(connection, on);
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

    private void sendMore(Work on) {
        Sender sender = connection.sender;
        if (sender.unsent() > 0 || sender.isFinDue()) {
            boolean any = sender.sendNew(on);
            if (!any && sender.sent.isEmpty()) {
                sender.timers.checkProbe(on);
            }
        }
    }

    void hashInto(StateHash hash) {
        check.hashInto(hash);
    }
}
