package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;

/**
 * The segments that were sent and not acknowledged, oldest first, with what is known of each: selectively acknowledged, thought lost, sent
 * again. A ring that doubles when it is full.
 */
final class SentQueue {
    static final int SYN = 1;
    static final int FIN = 2;
    static final int SACKED = 4;
    static final int LOST = 8;

    /** Sent again and not heard of since. */
    static final int AGAIN = 16;

    /** Sent again at some time, so that its acknowledgment tells no round trip. */
    static final int EVER = 32;

    static final int PUSH = 64;

    private static final int SMALLEST = 8;

    private int[] starts = new int[SMALLEST];
    private int[] ends = new int[SMALLEST];
    private byte[] marks = new byte[SMALLEST];
    private long[] sent = new long[SMALLEST];
    private int head;
    private int size;
    private int sacked;
    private int lost;
    private int again;

    /** Segments that are out (packets_out). */
    int size() {
        return size;
    }

    int sacked() {
        return sacked;
    }

    int lost() {
        return lost;
    }

    int again() {
        return again;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int start(int index) {
        return starts[at(index)];
    }

    int end(int index) {
        return ends[at(index)];
    }

    long sentPs(int index) {
        return sent[at(index)];
    }

    boolean is(int index, int mark) {
        return (marks[at(index)] & mark) != 0;
    }

    void add(int start, int end, int mark, long nowPs) {
        if (size == starts.length) {
            grow();
        }
        int at = at(size++);
        starts[at] = start;
        ends[at] = end;
        marks[at] = (byte) mark;
        sent[at] = nowPs;
    }

    /** Sets a mark. */
    void mark(int index, int mark) {
        int at = at(index);
        if ((marks[at] & mark) == 0) {
            marks[at] |= (byte) mark;
            count(mark, 1);
        }
    }

    void unmark(int index, int mark) {
        int at = at(index);
        if ((marks[at] & mark) != 0) {
            marks[at] &= (byte) ~mark;
            count(mark, -1);
        }
    }

    void sentAgain(int index, long nowPs) {
        mark(index, AGAIN);
        mark(index, EVER);
        sent[at(index)] = nowPs;
    }

    /** Cuts the front off the oldest one. */
    void trim(int start) {
        starts[head] = start;
    }

    /** Drops the oldest one, which was acknowledged. */
    void removeOldest() {
        int mark = marks[head];
        sacked -= (mark & SACKED) / SACKED;
        lost -= (mark & LOST) / LOST;
        again -= (mark & AGAIN) / AGAIN;
        head = head + 1 & starts.length - 1;
        size--;
    }

    /** The first segment that ends behind {@code sequence}. */
    int indexBehind(int sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (SequenceNumber.after(end(middle), sequence)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    void clear() {
        head = 0;
        size = 0;
        sacked = 0;
        lost = 0;
        again = 0;
    }

    private void count(int mark, int change) {
        switch (mark) {
            case SACKED -> sacked += change;
            case LOST -> lost += change;
            case AGAIN -> again += change;
            default -> {
                // the other marks aren't counted
            }
        }
    }

    private int at(int index) {
        return head + index & starts.length - 1;
    }

    private void grow() {
        int length = starts.length;
        int[] newStarts = new int[2 * length];
        int[] newEnds = new int[2 * length];
        byte[] newMarks = new byte[2 * length];
        long[] newSent = new long[2 * length];
        for (int i = 0; i < size; i++) {
            newStarts[i] = starts[at(i)];
            newEnds[i] = ends[at(i)];
            newMarks[i] = marks[at(i)];
            newSent[i] = sent[at(i)];
        }
        starts = newStarts;
        ends = newEnds;
        marks = newMarks;
        sent = newSent;
        head = 0;
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (int i = 0; i < size; i++) {
            hash.put((long) start(i) << Integer.SIZE | Integer.toUnsignedLong(end(i)));
            hash.put(marks[at(i)]);
            hash.put(sentPs(i));
        }
    }
}
