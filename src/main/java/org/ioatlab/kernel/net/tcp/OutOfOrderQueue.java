package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.jspecify.annotations.Nullable;

/** Segments beyond a hole, sorted and without one that another covers ({@code out_of_order_queue}). */
final class OutOfOrderQueue {
    private final Receiver receiver;
    private @Nullable Segment first;
    private @Nullable Segment last;
    private int size;

    OutOfOrderQueue(Receiver receiver) {
        this.receiver = receiver;
    }

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    /** Takes a segment; false if all its bytes are there already. What overlaps is reported as a duplicate. */
    boolean add(Segment segment, SackBlocks sacks, boolean duplicates, Work on) {
        Segment before = placeBefore(segment);
        if (before != null && SequenceNumber.before(segment.first, before.end)) {
            if (SequenceNumber.beforeOrEqual(segment.end, before.end)) {
                duplicate(sacks, duplicates, segment.first, segment.end);
                return false;
            }
            duplicate(sacks, duplicates, segment.first, before.end);
        }
        insert(segment, before);
        removeCovered(segment, sacks, duplicates, on);
        return true;
    }

    /** The first segment, if it has become in order or known by now. */
    @Nullable
    Segment takeUpTo(int next) {
        Segment segment = first;
        if (segment == null || SequenceNumber.after(segment.first, next)) {
            return null;
        }
        first = segment.next;
        if (first == null) {
            last = null;
        }
        segment.next = null;
        size--;
        return segment;
    }

    void clear(Work on) {
        Segment segment = first;
        first = null;
        last = null;
        size = 0;
        while (segment != null) {
            Segment next = segment.next;
            receiver.release(segment, on);
            segment = next;
        }
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (Segment segment = first; segment != null; segment = segment.next) {
            segment.hashSegmentInto(hash);
        }
    }

    /** The last segment that begins at or before it; of those that begin together the longer one came to stay. */
    private @Nullable Segment placeBefore(Segment segment) {
        Segment tail = last;
        if (tail != null && SequenceNumber.afterOrEqual(segment.first, tail.first)) {
            return reaches(segment, tail) ? before(tail) : tail;
        }
        Segment before = null;
        for (Segment s = first; s != null; s = s.next) {
            if (SequenceNumber.after(s.first, segment.first) || reaches(segment, s)) {
                break;
            }
            before = s;
        }
        return before;
    }

    /** Whether {@code segment} begins where {@code other} does and reaches further, so that it stands before it and covers it. */
    private static boolean reaches(Segment segment, Segment other) {
        return segment.first == other.first && SequenceNumber.after(segment.end, other.end);
    }

    private @Nullable Segment before(Segment segment) {
        Segment before = null;
        for (Segment s = first; s != segment && s != null; s = s.next) {
            before = s;
        }
        return before;
    }

    private void insert(Segment segment, @Nullable Segment before) {
        if (before == null) {
            segment.next = first;
            first = segment;
        } else {
            segment.next = before.next;
            before.next = segment;
        }
        if (segment.next == null) {
            last = segment;
        }
        size++;
    }

    private void removeCovered(Segment segment, SackBlocks sacks, boolean duplicates, Work on) {
        for (Segment s = segment.next; s != null && SequenceNumber.after(segment.end, s.first); s = segment.next) {
            if (SequenceNumber.before(segment.end, s.end)) {
                duplicate(sacks, duplicates, s.first, segment.end);
                return;
            }
            duplicate(sacks, duplicates, s.first, s.end);
            segment.next = s.next;
            if (s.next == null) {
                last = segment;
            }
            size--;
            receiver.release(s, on);
        }
    }

    private void duplicate(SackBlocks sacks, boolean wanted, int left, int right) {
        if (wanted) {
            receiver.counters().increment(TcpCounter.DSACK_OFO_SENT);
            sacks.extendDuplicate(left, right);
        }
    }
}
