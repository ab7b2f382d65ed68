package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;

/**
 * Congestion control (Reno: RFC 5681) and loss recovery: NewReno (RFC 6582) without, and a scoreboard (RFC 6675, or forward
 * acknowledgments as Linux 2.6.12 has them) with selective acknowledgments.
 */
final class Recovery {
    private static final int DUPLICATES = 3;
    private static final int UNLIMITED = Integer.MAX_VALUE / 2;
    private static final int LEAST_WINDOW = 2;

    /** How things go, with the kernel's numbers. */
    enum State {
        OPEN,
        DISORDER,
        REDUCED,
        RECOVERY,
        LOSS
    }

    private final Sender sender;
    private State state = State.OPEN;
    private int window;
    private int counter;
    private int threshold = UNLIMITED;

    /** Recovery ends when this is acknowledged. */
    private int recoveryEnd;

    /** Duplicate acknowledgments without selective ones, each of which tells that a segment has left. */
    private int duplicates;

    /** Segments up to and including the last selectively acknowledged one. */
    private int forward;

    Recovery(Sender sender) {
        this.sender = sender;
    }

    State state() {
        return state;
    }

    /** The congestion window, segments. */
    int window() {
        return window;
    }

    /** The slow-start threshold, segments. */
    int threshold() {
        return threshold;
    }

    int duplicates() {
        return duplicates;
    }

    void established() {
        window = connection().tcp.persona.initialWindow(sender.segmentBytes);
    }

    /** Segments in the network. */
    int inFlight() {
        SentQueue sent = sender.sent;
        int left = hasSelective() ? sent.sacked() : duplicates;
        return sent.size() - Math.min(left + sent.lost(), sent.size()) + sent.again();
    }

    /** How many segments may be sent now. */
    int quota() {
        return window - inFlight();
    }

    /** The connection was idle: the window shrinks by half a timeout's worth each (RFC 2861). */
    void restart(long idlePs) {
        int least = connection().tcp.persona.initialWindow(sender.segmentBytes);
        threshold = Math.max(threshold == UNLIMITED ? 0 : threshold, (window >> 1) + (window >> 2));
        if (threshold < LEAST_WINDOW) {
            threshold = UNLIMITED;
        }
        for (long left = idlePs; left > sender.roundTrip.timeoutPs() && window > least; ) {
            window = Math.max(window >> 1, least);
            left -= sender.roundTrip.timeoutPs();
        }
        counter = 0;
    }

    /** An acknowledgment that is neither old nor beyond what was sent. */
    void acknowledged(Segment segment, int ack, boolean data, boolean windowChanged, Work on) {
        int before = inFlight();
        boolean advances = ack != sender.unacknowledged;
        boolean newlySacked = segment.sackBlocks > 0 && selective(segment);
        int removed = advances ? removeAcknowledged(segment, ack, on) : 0;
        boolean duplicate = !advances && !data && !windowChanged && !sender.sent.isEmpty();
        if (advances) {
            sender.timers.restartRetransmit(on);
        }
        if (state == State.OPEN && !duplicate && !newlySacked && sender.sent.lost() == 0) {
            duplicates = 0;
            if (removed > 0) {
                grow(before);
            }
            return;
        }
        if (!hasSelective()) {
            countDuplicates(duplicate, advances, removed);
        }
        if (removed > 0 && (state == State.OPEN || state == State.DISORDER || state == State.LOSS)) {
            grow(before);
        }
        alert(advances, duplicate || newlySacked, on);
    }

    private void countDuplicates(boolean duplicate, boolean advances, int removed) {
        if (duplicate) {
            duplicates = Math.min(duplicates + 1, Math.max(sender.sent.size() - 1, 0));
        } else if (advances) {
            duplicates = state == State.RECOVERY ? Math.max(duplicates - (removed - 1), 0) : 0;
            duplicates = Math.min(duplicates, Math.max(sender.sent.size() - 1, 0));
        }
    }

    /** What a doubtful acknowledgment leads to ({@code tcp_fastretrans_alert}). */
    private void alert(boolean advances, boolean doubtful, Work on) {
        boolean over = SequenceNumber.afterOrEqual(sender.unacknowledged, recoveryEnd);
        if ((state == State.RECOVERY || state == State.LOSS) && over && advances) {
            leave();
        }
        switch (state) {
            case RECOVERY -> {
                markLost(advances);
                reduce(doubtful || advances);
                retransmitLost(on);
            }
            case LOSS -> retransmitLost(on);
            default -> {
                if (timeToRecover()) {
                    enter(on);
                } else {
                    boolean disorder = sender.sent.sacked() > 0 || duplicates > 0;
                    state = disorder ? State.DISORDER : State.OPEN;
                }
            }
        }
    }

    private void leave() {
        window = Math.min(window, Math.max(threshold, LEAST_WINDOW));
        if (state == State.RECOVERY) {
            window = Math.min(threshold, Math.max(inFlight() + 1, LEAST_WINDOW) + threshold);
        }
        counter = 0;
        duplicates = 0;
        state = State.OPEN;
    }

    private boolean timeToRecover() {
        if (sender.sent.lost() > 0) {
            return true;
        }
        if (!hasSelective()) {
            return duplicates >= DUPLICATES;
        }
        if (connection().tcp.persona.has(Persona.Habit.FORWARD_ACKNOWLEDGMENT)) {
            return forward > DUPLICATES;
        }
        return sender.sent.sacked() >= DUPLICATES;
    }

    private void enter(Work on) {
        TcpCounters counters = connection().tcp.counters;
        counters.increment(hasSelective() ? TcpCounter.SACK_RECOVERY : TcpCounter.RENO_RECOVERY);
        recoveryEnd = sender.next;
        threshold = Math.max(window >> 1, LEAST_WINDOW);
        counter = 0;
        state = State.RECOVERY;
        markLost(true);
        reduce(true);
        retransmitLost(on);
    }

    /** The window goes down by one segment for two acknowledgments until it is half (rate halving). */
    private void reduce(boolean counts) {
        if (!counts) {
            return;
        }
        int decrement = counter + 1;
        counter = decrement & 1;
        if (window > threshold) {
            window = Math.max(window - (decrement >> 1), threshold);
        }
        window = Math.max(Math.min(window, inFlight() + 1), 1);
    }

    /** Marks what must be lost by what has arrived beyond it. */
    private void markLost(boolean newHole) {
        SentQueue sent = sender.sent;
        if (sent.isEmpty()) {
            return;
        }
        if (!hasSelective()) {
            if (newHole && !sent.is(0, SentQueue.LOST)) {
                sent.mark(0, SentQueue.LOST);
            } else if (newHole && sent.is(0, SentQueue.AGAIN)) {
                sent.unmark(0, SentQueue.AGAIN);
            }
            return;
        }
        boolean ahead = connection().tcp.persona.has(Persona.Habit.FORWARD_ACKNOWLEDGMENT);
        int beyond = ahead ? forward - DUPLICATES : -1;
        int sackedAbove = sent.sacked();
        for (int i = 0; i < forward && i < sent.size(); i++) {
            if (sent.is(i, SentQueue.SACKED)) {
                sackedAbove--;
            } else if (ahead ? i < Math.max(beyond, 1) : sackedAbove >= DUPLICATES || i == 0) {
                sent.mark(i, SentQueue.LOST);
            }
        }
        if (forward == 0) {
            sent.mark(0, SentQueue.LOST);
        }
    }

    private void retransmitLost(Work on) {
        SentQueue sent = sender.sent;
        TcpCounters counters = connection().tcp.counters;
        for (int i = 0; i < sent.size() && sent.lost() > sent.again(); i++) {
            if (!sent.is(i, SentQueue.LOST) || sent.is(i, SentQueue.AGAIN | SentQueue.SACKED)) {
                continue;
            }
            if (quota() <= 0 && !(i == 0 && sent.again() == 0)) {
                return;
            }
            if (!sender.retransmit(i, on)) {
                return;
            }
            counters.increment(state == State.LOSS ? TcpCounter.SLOW_START_RETRANS : TcpCounter.FAST_RETRANS);
            if (i == 0) {
                sender.timers.restartRetransmit(on);
            }
        }
    }

    /** The retransmission timer has expired: everything that wasn't acknowledged is lost (RFC 5681, 3.1). */
    void timedOut() {
        if (state != State.LOSS || sender.unacknowledged == recoveryEnd) {
            if (state == State.OPEN || state == State.DISORDER) {
                threshold = Math.max(inFlight() >> 1, LEAST_WINDOW);
                threshold = Math.max(window >> 1, threshold);
            }
        }
        window = 1;
        counter = 0;
        duplicates = 0;
        SentQueue sent = sender.sent;
        for (int i = 0; i < sent.size(); i++) {
            sent.unmark(i, SentQueue.AGAIN);
            if (!sent.is(i, SentQueue.SACKED)) {
                sent.mark(i, SentQueue.LOST);
            }
        }
        recoveryEnd = sender.next;
        state = State.LOSS;
    }

    private void grow(int inFlightBefore) {
        if (inFlightBefore < window && window > threshold) {
            return;
        }
        if (window < threshold) {
            if (inFlightBefore >= window || state == State.LOSS) {
                window++;
            }
        } else if (inFlightBefore >= window && ++counter >= window) {
            counter = 0;
            window++;
        }
    }

    private int removeAcknowledged(Segment segment, int ack, Work on) {
        SentQueue sent = sender.sent;
        int removed = 0;
        long sampledPs = -1;
        boolean retransmitted = false;
        while (!sent.isEmpty() && SequenceNumber.beforeOrEqual(sent.end(0), ack)) {
            retransmitted |= sent.is(0, SentQueue.EVER);
            if (!sent.is(0, SentQueue.SACKED)) {
                sampledPs = sent.sentPs(0);
            }
            sent.removeOldest();
            removed++;
        }
        if (!sent.isEmpty() && SequenceNumber.after(ack, sent.start(0))) {
            sent.trim(ack);
        }
        forward = Math.max(forward - removed, 0);
        measure(segment, sampledPs, retransmitted, on);
        sender.advance(ack, on);
        return removed;
    }

    private void measure(Segment segment, long sampledPs, boolean retransmitted, Work on) {
        RoundTrip roundTrip = sender.roundTrip;
        if (connection().timestamps && segment.hasTimestamps && segment.timestampEcho != 0 && retransmitted) {
            roundTrip.measured(TimestampClock.elapsedPs(segment.timestampEcho, on.nowPs()));
        } else if (sampledPs >= 0 && !retransmitted) {
            roundTrip.measured(on.nowPs() - sampledPs);
        } else if (connection().timestamps && segment.hasTimestamps && segment.timestampEcho != 0) {
            roundTrip.measured(TimestampClock.elapsedPs(segment.timestampEcho, on.nowPs()));
        }
    }

    /** Takes over the other end's selective acknowledgments; whether any was new ({@code tcp_sacktag_write_queue}). */
    boolean selective(Segment segment) {
        SentQueue sent = sender.sent;
        boolean any = false;
        int first = 0;
        if (isDuplicateReport(segment)) {
            connection().tcp.counters.increment(TcpCounter.DSACK_RECV);
            first = 1;
        }
        for (int block = first; block < segment.sackBlocks; block++) {
            int left = segment.sackEdges[2 * block];
            int right = segment.sackEdges[2 * block + 1];
            if (SequenceNumber.after(right, sender.next) || SequenceNumber.afterOrEqual(left, right)) {
                continue;
            }
            for (int i = sent.indexBehind(left); i < sent.size(); i++) {
                if (SequenceNumber.after(sent.end(i), right)) {
                    break;
                }
                if (SequenceNumber.before(sent.start(i), left) || sent.is(i, SentQueue.SACKED)) {
                    continue;
                }
                sent.unmark(i, SentQueue.LOST);
                sent.unmark(i, SentQueue.AGAIN);
                sent.mark(i, SentQueue.SACKED);
                forward = Math.max(forward, i + 1);
                any = true;
            }
        }
        return any;
    }

    private boolean isDuplicateReport(Segment segment) {
        if (segment.sackBlocks == 0) {
            return false;
        }
        int left = segment.sackEdges[0];
        int right = segment.sackEdges[1];
        if (SequenceNumber.before(left, segment.acknowledgment)) {
            return true;
        }
        return segment.sackBlocks > 1
                && SequenceNumber.beforeOrEqual(right, segment.sackEdges[3])
                && SequenceNumber.afterOrEqual(left, segment.sackEdges[2]);
    }

    private boolean hasSelective() {
        return connection().selectiveAcks;
    }

    private TcpConnection connection() {
        return sender.connection;
    }

    void hashInto(StateHash hash) {
        hash.put(state.ordinal());
        hash.put((long) window << Integer.SIZE | counter);
        hash.put((long) threshold << Integer.SIZE | duplicates);
        hash.put((long) recoveryEnd << Integer.SIZE | forward);
    }
}
