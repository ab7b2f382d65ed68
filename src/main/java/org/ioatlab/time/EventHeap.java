package org.ioatlab.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events by instant. Equal instants are told apart by sequence numbers, which are given out upwards and downwards.
 *
 * <p>A four-ary heap of primitive keys: node {@code i} is an instant and a tag, which holds a sequence number and, in its low bits, the slot
 * of the event; a slot keeps the node's position so that an event can be taken out. Allocates nothing once the arrays have grown.
 */
final class EventHeap {
    /** Sequence numbers are below this, and above its negative. */
    static final long SEQUENCES = 1L << 42;

    private static final int ARITY_SHIFT = 2;
    private static final int INITIAL_CAPACITY = 16;
    private static final int SLOT_BITS = 20;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

    /** Instant of node {@code i} at {@code 2 * i}, its tag behind it. */
    private long[] nodes = new long[2 * INITIAL_CAPACITY];

    private @Nullable Event[] events = new @Nullable Event[INITIAL_CAPACITY];
    private int[] positions = new int[INITIAL_CAPACITY];
    private int[] freeSlots = new int[INITIAL_CAPACITY];

    private int size;
    private int freeSlotCount;
    private int usedSlots;
    private long nextSequence;
    private long previousSequence;

    /** @param firstSequence where counting begins */
    EventHeap(long firstSequence) {
        nextSequence = firstSequence;
        previousSequence = firstSequence - 1;
    }

    int size() {
        return size;
    }

    /** The instant of the first event, {@link Long#MAX_VALUE} when there is none. */
    long firstInstant() {
        return size == 0 ? Long.MAX_VALUE : nodes[0];
    }

    /** Adds an event that comes after those of the same instant. */
    void addBehindEquals(Event event, long instantPs) {
        if (nextSequence == SEQUENCES) {
            renumber();
        }
        add(event, instantPs, nextSequence);
        nextSequence++;
    }

    /** Adds an event that comes before those of the same instant. */
    void addBeforeEquals(Event event, long instantPs) {
        if (previousSequence == -SEQUENCES) {
            renumber();
        }
        add(event, instantPs, previousSequence);
        previousSequence--;
    }

    /** Removes and returns the first event; the heap must not be empty. */
    Event poll() {
        Event first = eventIn(slotOf(nodes[1]));
        remove(first);
        return first;
    }

    void remove(Event event) {
        int position = positions[event.slot];
        events[event.slot] = null;
        freeSlots[freeSlotCount++] = event.slot;
        int last = --size;
        if (position == last) {
            return;
        }
        long instant = nodes[2 * last];
        long tag = nodes[2 * last + 1];
        if (position > 0 && isBefore(instant, tag, (position - 1) >> ARITY_SHIFT)) {
            siftUp(position, instant, tag);
        } else {
            siftDown(position, instant, tag);
        }
    }

    long instantOf(Event event) {
        return nodes[2 * positions[event.slot]];
    }

    /** Feeds all events in their order. */
    void hashInto(StateHash hash) {
        for (long[] node : inOrder()) {
            hash.put(node[0]);
            eventIn(slotOf(node[1])).hashInto(hash);
        }
    }

    private long[][] inOrder() {
        long[][] order = new long[size][];
        for (int i = 0; i < size; i++) {
            order[i] = new long[] {nodes[2 * i], nodes[2 * i + 1]};
        }
        Arrays.sort(order, (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
        return order;
    }

    private void add(Event event, long instantPs, long sequence) {
        if (size == events.length) {
            grow();
        }
        int slot = freeSlotCount > 0 ? freeSlots[--freeSlotCount] : usedSlots++;
        event.slot = slot;
        events[slot] = event;
        siftUp(size++, instantPs, sequence << SLOT_BITS | slot);
    }

    /** Counts anew from the events that are there, which keep their order. */
    private void renumber() {
        long[][] order = inOrder();
        for (int i = 0; i < size; i++) {
            place(i, order[i][0], (long) i << SLOT_BITS | slotOf(order[i][1]));
        }
        nextSequence = size;
        previousSequence = -1;
    }

    private static int slotOf(long tag) {
        return (int) tag & SLOT_MASK;
    }

    private Event eventIn(int slot) {
        Event event = events[slot];
        if (event == null) {
            throw new IllegalStateException("empty slot " + slot);
        }
        return event;
    }

    private boolean isBefore(long instant, long tag, int position) {
        long other = nodes[2 * position];
        return instant < other || (instant == other && tag < nodes[2 * position + 1]);
    }

    private void siftUp(int from, long instant, long tag) {
        int position = from;
        while (position > 0) {
            int parent = (position - 1) >> ARITY_SHIFT;
            if (!isBefore(instant, tag, parent)) {
                break;
            }
            place(position, nodes[2 * parent], nodes[2 * parent + 1]);
            position = parent;
        }
        place(position, instant, tag);
    }

    private void siftDown(int from, long instant, long tag) {
        int position = from;
        int child;
        while ((child = (position << ARITY_SHIFT) + 1) < size) {
            int smallest = smallestOf(child, Math.min(child + (1 << ARITY_SHIFT), size));
            if (isBefore(instant, tag, smallest)) {
                break;
            }
            place(position, nodes[2 * smallest], nodes[2 * smallest + 1]);
            position = smallest;
        }
        place(position, instant, tag);
    }

    private int smallestOf(int first, int end) {
        if (end - first == 1 << ARITY_SHIFT) {
            return smaller(smaller(first, first + 1), smaller(first + 2, first + 3));
        }
        int smallest = first;
        for (int i = first + 1; i < end; i++) {
            smallest = smaller(smallest, i);
        }
        return smallest;
    }

    /** The one of two nodes that comes first, without a branch that depends on their order: it can't be predicted. */
    private int smaller(int a, int b) {
        long difference = nodes[2 * a] - nodes[2 * b];
        if (difference == 0) {
            difference = nodes[2 * a + 1] - nodes[2 * b + 1];
        }
        return b + (int) (difference >> (Long.SIZE - 1)) * (b - a);
    }

    private void place(int position, long instant, long tag) {
        nodes[2 * position] = instant;
        nodes[2 * position + 1] = tag;
        positions[slotOf(tag)] = position;
    }

    private void grow() {
        int capacity = size * 2;
        if (capacity > SLOT_MASK + 1) {
            throw new IllegalStateException(size + " events are pending");
        }
        nodes = Arrays.copyOf(nodes, 2 * capacity);
        events = Arrays.copyOf(events, capacity);
        positions = Arrays.copyOf(positions, capacity);
        freeSlots = Arrays.copyOf(freeSlots, capacity);
    }
}
