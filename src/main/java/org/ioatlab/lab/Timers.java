package org.ioatlab.lab;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The moments at which RUNNING machines have something to do next, one a machine: a binary heap that every writer sets its own moment in
 * and one pacer takes the due ones from.
 */
final class Timers {
    private static final int FIRST_CAPACITY = 16;
    static final int NOT_SET = -1;

    private @Nullable Writer[] heap = new @Nullable Writer[FIRST_CAPACITY];
    private int size;
    private final Runnable onEarlier;
    private long earliestKnown = Long.MIN_VALUE;

    /** @param onEarlier told when a moment is set that is earlier than the one last told by {@link #earliest} */
    Timers(Runnable onEarlier) {
        this.onEarlier = onEarlier;
    }

    /** Sets a writer's moment, whether or not it had one. */
    void set(Writer writer, long nanos) {
        boolean earlier;
        synchronized (this) {
            place(writer, nanos);
            earlier = nanos < earliestKnown;
            earliestKnown = Math.min(earliestKnown, nanos);
        }
        if (earlier) {
            onEarlier.run();
        }
    }

    /** Takes a writer's moment back, if it has one. */
    synchronized void cancel(Writer writer) {
        if (writer.timerSlot != NOT_SET) {
            removeAt(writer.timerSlot);
        }
    }

    /** Takes out a writer whose moment has come, or null. */
    synchronized @Nullable Writer pollDue(long nowNanos) {
        Writer first = heap[0];
        if (size == 0 || first == null || first.timerNanos > nowNanos) {
            return null;
        }
        removeAt(0);
        return first;
    }

    /** The earliest moment, {@link Long#MAX_VALUE} if none is set. */
    synchronized long earliest() {
        Writer first = heap[0];
        earliestKnown = size == 0 || first == null ? Long.MAX_VALUE : first.timerNanos;
        return earliestKnown;
    }

    synchronized int size() {
        return size;
    }

    private void place(Writer writer, long nanos) {
        if (writer.timerSlot == NOT_SET) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            writer.timerSlot = size++;
        }
        writer.timerNanos = nanos;
        heap[writer.timerSlot] = writer;
        siftUp(writer.timerSlot);
        siftDown(writer.timerSlot);
    }

    private void removeAt(int slot) {
        Writer gone = at(slot);
        Writer last = at(--size);
        heap[size] = null;
        gone.timerSlot = NOT_SET;
        if (last != gone) {
            put(slot, last);
            siftUp(slot);
            siftDown(last.timerSlot);
        }
    }

    private void siftUp(int from) {
        int slot = from;
        Writer writer = at(slot);
        while (slot > 0 && writer.timerNanos < at((slot - 1) / 2).timerNanos) {
            put(slot, at((slot - 1) / 2));
            slot = (slot - 1) / 2;
        }
        put(slot, writer);
    }

    private void siftDown(int from) {
        int slot = from;
        Writer writer = at(slot);
        int child;
        while ((child = 2 * slot + 1) < size) {
            if (child + 1 < size && at(child + 1).timerNanos < at(child).timerNanos) {
                child++;
            }
            if (writer.timerNanos <= at(child).timerNanos) {
                break;
            }
            put(slot, at(child));
            slot = child;
        }
        put(slot, writer);
    }

    private void put(int slot, Writer writer) {
        heap[slot] = writer;
        writer.timerSlot = slot;
    }

    private Writer at(int slot) {
        Writer writer = heap[slot];
        if (writer == null) {
            throw new IllegalStateException("empty slot " + slot);
        }
        return writer;
    }
}
