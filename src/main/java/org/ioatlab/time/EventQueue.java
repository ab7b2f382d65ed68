package org.ioatlab.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pending events, totally ordered by instant and then by the order in which they were scheduled.
 *
 * <p>A four-ary heap of primitive keys: node {@code i} holds an instant, a sequence number and the slot of its event; a slot keeps the
 * node's position so that an event can be cancelled. Scheduling and polling allocate nothing once the arrays have grown.
 */
final class EventQueue {
    private static final int ARITY_SHIFT = 2;
    private static final int INITIAL_CAPACITY = 16;

    private long[] instants = new long[INITIAL_CAPACITY];
    private long[] sequences = new long[INITIAL_CAPACITY];
    private int[] slots = new int[INITIAL_CAPACITY];

    private @Nullable Event[] events = new @Nullable Event[INITIAL_CAPACITY];
    private int[] positions = new int[INITIAL_CAPACITY];
    private int[] freeSlots = new int[INITIAL_CAPACITY];

    private int size;
    private int freeSlotCount;
    private int usedSlots;
    private int foreground;
    private long nextSequence;

    int size() {
        return size;
    }

    int foreground() {
        return foreground;
    }

    /** The instant of the first event, {@link Long#MAX_VALUE} when none is pending. */
    long firstInstant() {
        return size == 0 ? Long.MAX_VALUE : instants[0];
    }

    void add(Event event, long instantPs) {
        if (event.slot != Event.NOT_PENDING) {
            throw new IllegalStateException("already pending: " + event);
        }
        if (size == instants.length) {
            grow();
        }
        int slot = takeSlot();
        event.slot = slot;
        events[slot] = event;
        if (!event.background) {
            foreground++;
        }
        siftUp(size++, instantPs, nextSequence++, slot);
    }

    /** Removes and returns the first event; the queue must not be empty. */
    Event poll() {
        Event first = release(slots[0]);
        int last = --size;
        if (last > 0) {
            siftDown(0, instants[last], sequences[last], slots[last]);
        }
        return first;
    }

    void remove(Event event) {
        int slot = event.slot;
        int position = positions[slot];
        release(slot);
        int last = --size;
        if (position == last) {
            return;
        }
        long instant = instants[last];
        long sequence = sequences[last];
        if (position > 0 && isBefore(instant, sequence, (position - 1) >> ARITY_SHIFT)) {
            siftUp(position, instant, sequence, slots[last]);
        } else {
            siftDown(position, instant, sequence, slots[last]);
        }
    }

    long instantOf(Event event) {
        return instants[positions[event.slot]];
    }

    /** Feeds all pending events in their order. */
    void hashInto(StateHash hash) {
        long[][] order = new long[size][];
        for (int i = 0; i < size; i++) {
            order[i] = new long[] {instants[i], sequences[i], slots[i]};
        }
        Arrays.sort(order, (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
        hash.put(size);
        for (long[] node : order) {
            hash.put(node[0]);
            eventIn((int) node[2]).hashInto(hash);
        }
    }

    private Event eventIn(int slot) {
        Event event = events[slot];
        if (event == null) {
            throw new IllegalStateException("empty slot " + slot);
        }
        return event;
    }

    private int takeSlot() {
        return freeSlotCount > 0 ? freeSlots[--freeSlotCount] : usedSlots++;
    }

    private Event release(int slot) {
        Event event = eventIn(slot);
        events[slot] = null;
        freeSlots[freeSlotCount++] = slot;
        event.slot = Event.NOT_PENDING;
        if (!event.background) {
            foreground--;
        }
        return event;
    }

    private boolean isBefore(long instant, long sequence, int position) {
        long other = instants[position];
        return instant < other || (instant == other && sequence < sequences[position]);
    }

    private void siftUp(int from, long instant, long sequence, int slot) {
        int position = from;
        while (position > 0) {
            int parent = (position - 1) >> ARITY_SHIFT;
            if (!isBefore(instant, sequence, parent)) {
                break;
            }
            place(position, instants[parent], sequences[parent], slots[parent]);
            position = parent;
        }
        place(position, instant, sequence, slot);
    }

    private void siftDown(int from, long instant, long sequence, int slot) {
        int position = from;
        int child;
        while ((child = (position << ARITY_SHIFT) + 1) < size) {
            int smallest = smallestOf(child, Math.min(child + (1 << ARITY_SHIFT), size));
            if (isBefore(instant, sequence, smallest)) {
                break;
            }
            place(position, instants[smallest], sequences[smallest], slots[smallest]);
            position = smallest;
        }
        place(position, instant, sequence, slot);
    }

    private int smallestOf(int first, int end) {
        int smallest = first;
        for (int i = first + 1; i < end; i++) {
            if (isBefore(instants[i], sequences[i], smallest)) {
                smallest = i;
            }
        }
        return smallest;
    }

    private void place(int position, long instant, long sequence, int slot) {
        instants[position] = instant;
        sequences[position] = sequence;
        slots[position] = slot;
        positions[slot] = position;
    }

    private void grow() {
        int capacity = size * 2;
        instants = Arrays.copyOf(instants, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        slots = Arrays.copyOf(slots, capacity);
        events = Arrays.copyOf(events, capacity);
        positions = Arrays.copyOf(positions, capacity);
        freeSlots = Arrays.copyOf(freeSlots, capacity);
    }
}
