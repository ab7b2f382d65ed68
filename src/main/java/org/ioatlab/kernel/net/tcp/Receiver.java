package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** The receiving direction of a connection: what has come, in order and beyond holes, and what room there is for more. */
final class Receiver {
    final TcpConnection connection;
    final ReceiveWindow windows;
    final SackBlocks sacks = new SackBlocks();
    final OutOfOrderQueue outOfOrder = new OutOfOrderQueue(this);
    final Urgent urgent = new Urgent(this);
    boolean urgentInline;

    /** The next byte awaited (RCV.NXT). */
    int next;

    /** The next byte that the user reads. */
    int copied;

    /** What {@link #next} was when the window was last told. */
    int told;

    /** The window that was last told, bytes from {@link #told} on. */
    int window;

    /** Truesizes of all that is queued. */
    int charged;

    private @Nullable Segment first;
    private @Nullable Segment last;
    private int readable;

    Receiver(TcpConnection connection) {
        this.connection = connection;
        windows = ReceiveWindow.of(this);
    }

    TcpCounters counters() {
        return connection.tcp.counters;
    }

    @Nullable
    Segment first() {
        return first;
    }

    /** In-order bytes that nobody has read. */
    int readable() {
        return readable;
    }

    boolean isFull() {
        return charged + connection.user.heldBytes() > windows.memoryLimit();
    }

    /** How much may still be sent to here under the window last told. */
    int windowLeft() {
        return Math.max(told + window - next, 0);
    }

    /** Whether any part of the segment lies in the window ({@code tcp_sequence}). */
    boolean accepts(Segment segment) {
        return !SequenceNumber.before(segment.end, told)
                && !SequenceNumber.after(segment.sequence, next + windowLeft());
    }

    /** In-order payload on the fast path. */
    void inOrder(Segment segment, Work on) {
        int taken = takeExpected(segment, on);
        if (taken < segment.payloadLength) {
            enqueue(segment);
        }
        next = segment.end;
        connection.acks.dataArrived(segment, on);
        if (taken == segment.payloadLength) {
            counters().increment(TcpCounter.HP_HITS_TO_USER);
            finish(segment, on);
        } else {
            counters().increment(TcpCounter.HP_HITS);
        }
    }

    /** Lets the user take all of an expected segment before anything else is done; false if it doesn't. */
    boolean takeEarly(Segment segment, Work on) {
        if (takeExpected(segment, on) == 0) {
            return false;
        }
        next = segment.end;
        segment.copiedEarly = true;
        return true;
    }

    /** A segment of the slow path, in the window or not; owns it ({@code tcp_data_queue}). */
    void data(Segment segment, Work on) {
        on.spend(Symbol.TCP_DATA_QUEUE, connection.tcp.costs.slowPath());
        if (segment.sequence == segment.end) {
            connection.tcp.host.free(segment, on);
            return;
        }
        dropDuplicateReport();
        if (segment.sequence == next) {
            if (windowLeft() == 0) {
                outOfWindow(segment, on);
            } else {
                queueInOrder(segment, on);
            }
        } else if (SequenceNumber.beforeOrEqual(segment.end, next)) {
            counters().increment(TcpCounter.DELAYED_ACK_LOST);
            duplicate(segment.sequence, segment.end);
            outOfWindow(segment, on);
        } else if (!SequenceNumber.before(segment.sequence, next + windowLeft())) {
            outOfWindow(segment, on);
        } else if (SequenceNumber.before(segment.sequence, next)) {
            partlyKnown(segment, on);
        } else {
            beyondHole(segment, on);
        }
    }

    /** Reports a duplicate that came with a segment, if both ends want that. */
    void duplicate(int left, int right) {
        if (connection.selectiveAcks && connection.tcp.settings.dsack) {
            boolean old = SequenceNumber.before(left, next);
            counters().increment(old ? TcpCounter.DSACK_OLD_SENT : TcpCounter.DSACK_OFO_SENT);
            sacks.setDuplicate(left, right);
        }
    }

    /** The user has read {@code bytes} of the first segment. */
    void consume(int bytes, Work on) {
        Segment segment = first;
        if (segment == null) {
            return;
        }
        segment.first += bytes;
        copied += bytes;
        readable -= bytes;
        urgent.readUpTo(copied);
        if (segment.wantedBytes() == 0) {
            dequeue(segment, on);
        }
    }

    /** Goes over the urgent byte without reading it. */
    void skipUrgent(Work on) {
        consume(1, on);
    }

    /** Frees everything that is queued. */
    void clear(Work on) {
        while (first != null) {
            Segment segment = first;
            first = segment.next;
            release(segment, on);
        }
        last = null;
        readable = 0;
        outOfOrder.clear(on);
        sacks.clear();
    }

    /** Gives back a segment that was queued. */
    void release(Segment segment, Work on) {
        segment.next = null;
        if (!connection.user.keeps(connection, segment, on)) {
            discharge(segment);
            connection.tcp.host.free(segment, on);
        }
    }

    /** The receive buffer isn't charged with the segment any more. */
    void discharge(Segment segment) {
        if (segment.charged) {
            segment.charged = false;
            charged -= segment.truesize();
        }
    }

    /** Gives back a segment that was taken without being queued. */
    void finish(Segment segment, Work on) {
        if (!connection.user.keeps(connection, segment, on)) {
            connection.tcp.host.free(segment, on);
        }
    }

    private void charge(Segment segment) {
        segment.charged = true;
        charged += segment.truesize();
    }

    private void dropDuplicateReport() {
        sacks.sent();
    }

    private int take(Segment segment, Work on) {
        int index = segment.first - segment.sequence;
        int length = segment.payloadLength - index;
        return mayTake(length) ? taken(segment, connection.user.take(segment, index, length, on)) : 0;
    }

    private int takeExpected(Segment segment, Work on) {
        int length = segment.payloadLength;
        return mayTake(length) ? taken(segment, connection.user.takeExpected(segment, 0, length, on)) : 0;
    }

    private boolean mayTake(int length) {
        return readable == 0 && length > 0 && !urgent.isPending();
    }

    private int taken(Segment segment, int bytes) {
        segment.first += bytes;
        copied += bytes;
        return bytes;
    }

    private void queueInOrder(Segment segment, Work on) {
        boolean fin = segment.has(Tcp.FIN);
        int taken = take(segment, on);
        boolean keeps = segment.wantedBytes() > 0;
        if (keeps && isFull() && !windows.makeRoom(on)) {
            if (taken > 0) {
                // The bytes taken are acknowledged, the others have to come again.
                next = segment.first;
            }
            connection.tcp.host.free(segment, on);
            return;
        }
        int payload = segment.payloadEnd() - next;
        if (keeps) {
            enqueue(segment);
        }
        next = segment.end;
        if (payload > 0) {
            connection.acks.dataArrived(segment, on);
        }
        if (!keeps) {
            finish(segment, on);
        }
        if (fin) {
            connection.finArrived(on);
        }
        takeFromOutOfOrder(on);
        if (sacks.hasBlocks()) {
            forgetSacked();
        }
        connection.checkFastPath();
        connection.user.readable(connection, on);
    }

    /** Everything that a filled hole makes in-order ({@code tcp_ofo_queue}). */
    private void takeFromOutOfOrder(Work on) {
        if (outOfOrder.isEmpty()) {
            return;
        }
        for (Segment s = outOfOrder.takeUpTo(next); s != null; s = outOfOrder.takeUpTo(next)) {
            if (SequenceNumber.beforeOrEqual(s.end, next)) {
                duplicateBehindHole(s.first, s.end);
                release(s, on);
                continue;
            }
            if (SequenceNumber.before(s.first, next)) {
                duplicateBehindHole(s.first, next);
                s.first = next;
            }
            boolean fin = s.has(Tcp.FIN);
            discharge(s);
            next = s.end;
            if (s.wantedBytes() > 0) {
                enqueue(s);
            } else {
                connection.tcp.host.free(s, on);
            }
            if (fin) {
                connection.finArrived(on);
            }
        }
        if (outOfOrder.isEmpty()) {
            connection.acks.holeFilled();
        }
    }

    private void duplicateBehindHole(int left, int right) {
        if (connection.selectiveAcks && connection.tcp.settings.dsack) {
            sacks.extendDuplicate(left, right);
        }
    }

    private void forgetSacked() {
        if (outOfOrder.isEmpty()) {
            sacks.clearBlocks();
        } else {
            sacks.removeBefore(next);
        }
    }

    private void outOfWindow(Segment segment, Work on) {
        connection.acks.beQuick();
        connection.acks.schedule();
        connection.tcp.host.free(segment, on);
    }

    private void partlyKnown(Segment segment, Work on) {
        connection.acks.beQuick();
        duplicate(segment.sequence, next);
        if (windowLeft() == 0) {
            outOfWindow(segment, on);
            return;
        }
        segment.first = next;
        queueInOrder(segment, on);
    }

    private void beyondHole(Segment segment, Work on) {
        connection.acks.beQuick();
        if (isFull() && !windows.makeRoom(on)) {
            connection.tcp.host.free(segment, on);
            return;
        }
        connection.leaveFastPath();
        connection.acks.schedule();
        int left = segment.first;
        int right = segment.end;
        charge(segment);
        boolean kept = outOfOrder.add(segment, sacks, connection.selectiveAcks && connection.tcp.settings.dsack, on);
        if (connection.selectiveAcks) {
            sacks.add(left, right);
        }
        if (!kept) {
            release(segment, on);
        }
    }

    private void enqueue(Segment segment) {
        segment.next = null;
        charge(segment);
        readable += segment.wantedBytes();
        if (last == null) {
            first = segment;
        } else {
            last.next = segment;
        }
        last = segment;
    }

    private void dequeue(Segment segment, Work on) {
        first = segment.next;
        if (first == null) {
            last = null;
        }
        release(segment, on);
    }

    void hashInto(StateHash hash) {
        hash.put((long) next << Integer.SIZE | Integer.toUnsignedLong(copied));
        hash.put((long) told << Integer.SIZE | window);
        hash.put((long) charged << Integer.SIZE | readable);
        for (Segment segment = first; segment != null; segment = segment.next) {
            segment.hashSegmentInto(hash);
        }
        outOfOrder.hashInto(hash);
        sacks.hashInto(hash);
        urgent.hashInto(hash);
        windows.hashInto(hash);
    }
}
