package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** The sending direction of a connection: what the user has written, what of it is out, and what the other end has room for. */
final class Sender {
    private static final int LARGEST_PACKET = 65_535;
    private static final int LEAST_SEGMENT = 8;

    final TcpConnection connection;
    final SentQueue sent = new SentQueue();
    final RoundTrip roundTrip;
    final Recovery recovery;
    final SendTimers timers;

    /** The oldest byte that isn't acknowledged (SND.UNA). */
    int unacknowledged;

    /** The next byte to be sent (SND.NXT). */
    int next;

    /** What the other end has room for from {@link #unacknowledged} on. */
    int window;

    /** The largest window it has ever told. */
    int largestWindow;

    /** The segment that the window was last taken from (SND.WL1). */
    private int windowFrom;

    /** The longest payload of a segment. */
    int segmentBytes;

    /** Bytes of the stream that the user has written. */
    long written;

    /** The end of the last write that was pushed. */
    long pushedEnd;

    /** The place in the stream that {@link #unacknowledged} stands for; the SYN stands before 0. */
    long acknowledgedOffset = -1;

    boolean finWanted;
    boolean finSent;
    boolean noDelay;
    boolean corked;

    /** The end of the last segment that was smaller than it could be. */
    private int smallEnd;

    private int urgentEnd;
    private boolean urgentWanted;
    long lastSentPs;
    long lastHeardPs;

    Sender(TcpConnection connection) {
        this.connection = connection;
        roundTrip = new RoundTrip(connection.tcp.persona);
        recovery = new Recovery(this);
        timers = new SendTimers(this);
    }

    /** Begins at an initial sequence number. */
    void begin(int initial) {
        unacknowledged = initial;
        next = initial;
        smallEnd = initial;
    }

    /** The SYN has been acknowledged by {@code segment}: data begin. */
    void established(Segment segment, int peerWindow) {
        acknowledgedOffset = 0;
        unacknowledged = segment.acknowledgment;
        window = peerWindow;
        largestWindow = peerWindow;
        windowFrom = segment.sequence;
        smallEnd = unacknowledged;
        recovery.established();
    }

    /** The longest payload of a segment that carries what there is to be acknowledged selectively ({@code tcp_current_mss}). */
    int roomBesideOptions() {
        int sack = connection.selectiveAcks
                ? OptionWriter.sackLength(connection.timestamps, connection.receiver.sacks)
                : 0;
        return Math.max(segmentBytes - sack, LEAST_SEGMENT);
    }

    /** Bytes that are written and not yet sent once. */
    long unsent() {
        return written - offsetOf(next);
    }

    /** The place in the stream of a sequence number. */
    long offsetOf(int sequence) {
        return acknowledgedOffset + (sequence - unacknowledged);
    }

    /** Whether all that will ever be sent has been acknowledged, the FIN included. */
    boolean isAllAcknowledged() {
        return finSent && unacknowledged == next;
    }

    /** What there is to send has grown, or a FIN is wanted: sends what may be sent ({@code tcp_push}). */
    void push(Work on) {
        restartAfterIdle(on);
        boolean sentAny = sendNew(on);
        if (!sentAny && sent.isEmpty() && (unsent() > 0 || isFinDue())) {
            timers.armProbe(on);
        }
    }

    /** The last bytes written are urgent up to their end. */
    void urgent() {
        urgentWanted = true;
        urgentEnd = unacknowledged + (int) (written - acknowledgedOffset);
    }

    /** Sends new data as window, congestion and Nagle allow; whether any was sent ({@code tcp_write_xmit}). */
    boolean sendNew(Work on) {
        boolean any = false;
        while (canSendFin() || unsent() > 0) {
            int length = nextLength();
            if (length < 0) {
                break;
            }
            transmitNew(length, on);
            any = true;
        }
        return any;
    }

    /** Whether a FIN is wanted and hasn't been sent once. */
    boolean isFinDue() {
        return finWanted && !finSent;
    }

    private boolean canSendFin() {
        return isFinDue() && unsent() == 0;
    }

    /** How many bytes the next transmission carries, several segments at once where hardware cuts; negative if it has to wait. */
    private int nextLength() {
        int quota = recovery.quota();
        if (quota <= 0) {
            return -1;
        }
        long unsent = unsent();
        int whole = roomBesideOptions();
        int length = (int) Math.min(unsent, whole);
        int room = unacknowledged + window - next;
        boolean last = length == unsent;
        boolean fin = last && isFinDue();
        if (length > room && !(fin && length == 0)) {
            return -1;
        }
        if (length < whole && !fin && waitsForMore()) {
            return -1;
        }
        return unsent > whole ? severalSegments(whole, quota, unsent, room) : length;
    }

    private int severalSegments(int whole, int quota, long unsent, int room) {
        if (!connection.tcp.host.cutsSegments(connection)) {
            return whole;
        }
        int most = (LARGEST_PACKET - Tcp.MAX_HEADER_LENGTH - 40) / whole;
        long segments = Math.min(Math.min(quota, most), Math.min(unsent, room) / whole);
        return (int) Math.max(segments, 1) * whole;
    }

    /** Nagle's algorithm with Minshall's rule (RFC 9293, 3.7.4; {@code tcp_nagle_check}). */
    private boolean waitsForMore() {
        if (corked) {
            return true;
        }
        boolean smallOut =
                SequenceNumber.after(smallEnd, unacknowledged) && SequenceNumber.beforeOrEqual(smallEnd, next);
        boolean wait = connection.tcp.persona.has(Persona.Habit.HOLDS_EVERY_SMALL_SEGMENT) || smallOut;
        return !noDelay && !sent.isEmpty() && wait;
    }

    private void transmitNew(int length, Work on) {
        boolean last = length == unsent();
        boolean fin = last && isFinDue();
        int flags = Tcp.ACK | (fin ? Tcp.FIN : 0);
        if (isPushed(length) || pushesAnyway(length)) {
            flags |= Tcp.PSH;
        }
        int start = next;
        next = start + length + (fin ? 1 : 0);
        finSent |= fin;
        int whole = roomBesideOptions();
        if (length < whole && length > 0) {
            smallEnd = start + length;
        }
        record(start, length, whole, flags, on.nowPs());
        lastSentPs = on.nowPs();
        connection.tcp.output.data(connection, start, length, flags, on);
        if (length > 0) {
            connection.acks.dataSent(on);
        }
        timers.ensureRetransmit(on);
    }

    /** Whether the next {@code length} bytes hold the end of a write. */
    private boolean isPushed(int length) {
        long start = offsetOf(next);
        return start < pushedEnd && pushedEnd <= start + length;
    }

    /** Data are pushed at half a window at the latest. */
    private boolean pushesAnyway(int length) {
        return length > 0 && unsent() - length > 0 && window > 0 && length >= largestWindow >> 1;
    }

    /** Sends fewer bytes than a segment could carry, as the window asks. */
    void sendPart(int length, Work on) {
        transmitNew(length, on);
    }

    private void record(int start, int length, int whole, int flags, long nowPs) {
        int done = 0;
        do {
            int piece = Math.min(length - done, whole);
            boolean last = done + piece == length;
            int mark = last && (flags & Tcp.FIN) != 0 ? SentQueue.FIN : 0;
            mark |= last && (flags & Tcp.PSH) != 0 ? SentQueue.PUSH : 0;
            int end = start + done + piece + (mark & SentQueue.FIN) / SentQueue.FIN;
            sent.add(start + done, end, mark, nowPs);
            done += piece;
        } while (done < length);
    }

    /** Sends one of the queue's segments again. */
    boolean retransmit(int index, Work on) {
        int start = sent.start(index);
        int end = sent.end(index);
        if (sent.is(index, SentQueue.SYN)) {
            sent.sentAgain(index, on.nowPs());
            connection.tcp.counters.increment(TcpCounter.RETRANS_SEGS);
            connection.tcp.output.handshake(connection, on);
            return true;
        }
        boolean fin = sent.is(index, SentQueue.FIN);
        int length = end - start - (fin ? 1 : 0);
        int room = unacknowledged + window - start;
        if (length > room && index > 0) {
            return false;
        }
        int flags = Tcp.ACK | (fin ? Tcp.FIN : 0) | (sent.is(index, SentQueue.PUSH) ? Tcp.PSH : 0);
        sent.sentAgain(index, on.nowPs());
        connection.tcp.counters.increment(TcpCounter.RETRANS_SEGS);
        connection.retransmitted++;
        connection.tcp.output.data(connection, start, length, flags, on);
        return true;
    }

    /**
     * Works off the acknowledgment of a segment ({@code tcp_ack}).
     *
     * @return false if it acknowledges what was never sent
     */
    boolean acknowledged(Segment segment, boolean fastPath, Work on) {
        int ack = segment.acknowledgment;
        if (SequenceNumber.after(ack, next)) {
            return false;
        }
        on.spend(Symbol.TCP_ACK, connection.tcp.costs.acknowledge());
        if (SequenceNumber.before(ack, unacknowledged)) {
            if (segment.sackBlocks > 0) {
                recovery.selective(segment);
            }
            return true;
        }
        lastHeardPs = on.nowPs();
        boolean advances = ack != unacknowledged;
        boolean data = segment.payloadLength > 0 || segment.has(Tcp.FIN | Tcp.SYN);
        boolean updated = true;
        if (fastPath && advances) {
            windowFrom = segment.sequence;
            connection.tcp.counters.increment(TcpCounter.HP_ACKS);
        } else {
            if (!data) {
                connection.tcp.counters.increment(TcpCounter.PURE_ACKS);
            }
            updated = updateWindow(segment);
        }
        if (!sent.isEmpty() || advances) {
            recovery.acknowledged(segment, ack, data, updated, on);
        }
        timers.heard();
        if (sent.isEmpty() && unsent() > 0) {
            timers.checkProbe(on);
        }
        return true;
    }

    /** Everything before {@code ack} has arrived: the stream goes on from there. */
    void advance(int ack, Work on) {
        acknowledgedOffset += ack - unacknowledged;
        unacknowledged = ack;
        long stream = Math.min(acknowledgedOffset, written);
        if (stream > 0) {
            connection.user.acknowledged(connection, stream, on);
        }
    }

    /** Takes the window of a segment that isn't older than the one it was last taken from (RFC 9293, 3.10.7.4). */
    private boolean updateWindow(Segment segment) {
        int told = segment.has(Tcp.SYN) ? segment.window : segment.window << connection.sendScale;
        boolean newer = SequenceNumber.after(segment.acknowledgment, unacknowledged)
                || SequenceNumber.after(segment.sequence, windowFrom)
                || (segment.sequence == windowFrom && told > window);
        if (!newer) {
            return false;
        }
        windowFrom = segment.sequence;
        if (told == window) {
            return SequenceNumber.after(segment.acknowledgment, unacknowledged);
        }
        window = told;
        largestWindow = Math.max(largestWindow, told);
        connection.checkFastPath();
        return true;
    }

    int urgentPointer(int start, int length) {
        if (!urgentWanted || SequenceNumber.beforeOrEqual(urgentEnd, start)) {
            return 0;
        }
        int pointer = urgentEnd - start;
        return pointer > 0 && pointer < 1 << 16 ? pointer : 0;
    }

    private void restartAfterIdle(Work on) {
        if (sent.isEmpty() && lastSentPs > 0 && on.nowPs() - lastSentPs > roundTrip.timeoutPs()) {
            recovery.restart(on.nowPs() - lastSentPs);
        }
    }

    void stop() {
        timers.cancel();
        sent.clear();
    }

    void hashInto(StateHash hash) {
        hash.put((long) unacknowledged << Integer.SIZE | Integer.toUnsignedLong(next));
        hash.put((long) window << Integer.SIZE | largestWindow);
        hash.put(written);
        hash.put(pushedEnd);
        hash.put(acknowledgedOffset);
        hash.put(finWanted);
        hash.put(finSent);
        hash.put(noDelay);
        hash.put(corked);
        hash.put((long) smallEnd << Integer.SIZE | windowFrom);
        hash.put(lastSentPs);
        hash.put(lastHeardPs);
        sent.hashInto(hash);
        roundTrip.hashInto(hash);
        recovery.hashInto(hash);
        timers.hashInto(hash);
    }
}
