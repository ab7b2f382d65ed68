package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.wire.Tcp;

/** Builds segments and hands them to the host ({@code tcp_transmit_skb} and those who call it). */
final class Output {
    private static final int LARGEST_FIELD = 65_535;

    private final TcpLayer tcp;
    private final OutgoingSegment out = new OutgoingSegment();
    private final SackBlocks none = new SackBlocks();

    Output(TcpLayer tcp) {
        this.tcp = tcp;
    }

    /** Data of a connection, several segments if hardware cuts them. */
    void data(TcpConnection connection, int start, int length, int flags, Work on) {
        int whole = connection.sender.roomBesideOptions();
        boolean several = length > connection.sender.segmentBytes;
        begin(connection, start, flags, several || length <= whole, on);
        out.payloadOffset = connection.sender.offsetOf(start);
        out.payloadLength = length;
        out.segmentBytes = several ? whole : 0;
        out.urgentPointer = connection.sender.urgentPointer(start, length);
        if (out.urgentPointer != 0) {
            out.flags |= Tcp.URG;
        }
        int segments = out.segmentBytes == 0 ? 1 : (length + out.segmentBytes - 1) / out.segmentBytes;
        tcp.counters.add(TcpCounter.OUT_SEGS, segments - 1L);
        send(on);
    }

    /** An acknowledgment without data. */
    void acknowledge(TcpConnection connection, Work on) {
        on.spend(tcp.costs.sendAcknowledgment());
        begin(connection, connection.sender.next, Tcp.ACK, on);
        send(on);
    }

    /** A segment of no data and an old sequence number, which has to be answered (window probe, keep-alive). */
    void probe(TcpConnection connection, Work on) {
        begin(connection, connection.sender.unacknowledged - 1, Tcp.ACK, on);
        send(on);
    }

    /** A SYN, or a SYN-ACK where the other end has sent a SYN meanwhile. */
    void handshake(TcpConnection connection, Work on) {
        boolean answer = connection.state == TcpState.SYN_RECV;
        out.clear();
        out.from(connection);
        out.connection = connection;
        out.sequence = connection.sender.unacknowledged;
        out.flags = answer ? Tcp.SYN | Tcp.ACK : Tcp.SYN;
        out.acknowledgment = answer ? connection.receiver.next : 0;
        out.window = Math.min(connection.receiver.window, LARGEST_FIELD);
        OptionWriter.handshake(
                out,
                tcp.persona,
                connection.ownSegment,
                connection.timestamps,
                TimestampClock.at(on.nowPs()),
                answer ? connection.recentTimestamp : 0,
                connection.selectiveAcks,
                connection.scaling ? connection.receiveScale : -1);
        send(on);
    }

    /** The answer to a SYN. */
    void synAcknowledge(SynRequest request, Work on) {
        out.clear();
        out.from(request);
        out.sequence = request.ownSequence;
        out.flags = Tcp.SYN | Tcp.ACK;
        out.acknowledgment = request.peerSequence + 1;
        out.window = Math.min(request.window, LARGEST_FIELD);
        OptionWriter.handshake(
                out,
                tcp.persona,
                request.ownSegment,
                request.timestamps,
                TimestampClock.at(on.nowPs()),
                request.recentTimestamp,
                request.sack,
                request.scaling ? request.receiveScale : -1);
        send(on);
    }

    /** An acknowledgment for a half-open connection. */
    void acknowledge(SynRequest request, Work on) {
        out.clear();
        out.from(request);
        out.sequence = request.ownSequence + 1;
        out.flags = Tcp.ACK;
        out.acknowledgment = request.peerSequence + 1;
        out.window = request.window >> request.receiveScale;
        int value = TimestampClock.at(on.nowPs());
        OptionWriter.established(out, request.timestamps, value, request.recentTimestamp, none);
        send(on);
    }

    /** An acknowledgment for a connection that is over. */
    void acknowledge(TimeWait timeWait, Work on) {
        out.clear();
        out.from(timeWait);
        out.sequence = timeWait.sendNext;
        out.flags = Tcp.ACK;
        out.acknowledgment = timeWait.receiveNext();
        out.window = timeWait.window >> timeWait.receiveScale;
        int value = TimestampClock.at(on.nowPs());
        OptionWriter.established(out, timeWait.timestamps, value, timeWait.recentTimestamp, none);
        send(on);
    }

    /** Answers a segment that is for nobody (RFC 9293, 3.10.7.1); a RST is never answered. */
    void reset(Segment segment, Work on) {
        if (segment.has(Tcp.RST)) {
            return;
        }
        out.clear();
        out.answer(segment);
        if (segment.has(Tcp.ACK)) {
            out.sequence = segment.acknowledgment;
            out.flags = Tcp.RST;
        } else {
            out.sequence = 0;
            out.acknowledgment = segment.end;
            out.flags = Tcp.RST | Tcp.ACK;
        }
        out.window = 0;
        tcp.counters.increment(TcpCounter.OUT_RSTS);
        send(on);
    }

    /** Tells the other end that a connection is gone. */
    void activeReset(TcpConnection connection, Work on) {
        begin(connection, connection.sender.next, Tcp.RST | Tcp.ACK, on);
        tcp.counters.increment(TcpCounter.OUT_RSTS);
        send(on);
    }

    private void begin(TcpConnection connection, int sequence, int flags, Work on) {
        begin(connection, sequence, flags, true, on);
    }

    /** @param selective whether there is room for selective acknowledgments; what is sent again may fill its segment alone */
    private void begin(TcpConnection connection, int sequence, int flags, boolean selective, Work on) {
        out.clear();
        out.from(connection);
        out.connection = connection;
        out.sequence = sequence;
        out.acknowledgment = connection.receiver.next;
        out.flags = flags;
        out.window = connection.receiver.windows.field(on);
        int value = TimestampClock.at(on.nowPs());
        SackBlocks sack = connection.selectiveAcks && selective ? connection.receiver.sacks : none;
        OptionWriter.established(out, connection.timestamps, value, connection.recentTimestamp, sack);
        sack.sent();
        connection.acks.sent();
    }

    private void send(Work on) {
        on.spend(tcp.costs.transmit());
        tcp.counters.increment(TcpCounter.OUT_SEGS);
        tcp.host.output(out, on);
    }
}
