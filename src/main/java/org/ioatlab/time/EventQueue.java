package org.ioatlab.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pending events, totally ordered by instant and then by the order in which they were scheduled.
 *
 * <p>A four-ary heap of primitive keys: node {@code i} is an instant and a tag, which holds a sequence number and, in its low bits, the slot
 * of the event; a slot keeps the node's position so that an event can be cancelled. Scheduling and polling allocate nothing once the
 * arrays have grown.
 *
 * <p>Polling leaves a hole at the root. What is scheduled next, most often by the event that was polled, sinks from there, which saves
 * moving the last node up and down again.
 */
final class EventQueue {
    private static final int ARITY_SHIFT = 2;
    private static final int INITIAL_CAPACITY = 16;
    private static final int SLOT_BITS = 20;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final long SEQUENCES = 1L << (Long.SIZE - 1 - SLOT_BITS);

    /** Instant of node {@code i} at {@code 2 * i}, its tag behind it. */
    private long[] nodes = new long[2 * INITIAL_CAPACITY];

    private @Nullable Event[] events = new @Nullable Event[INITIAL_CAPACITY];
    private int[] positions = new int[INITIAL_CAPACITY];
    private int[] freeSlots = new int[INITIAL_CAPACITY];

    /** Nodes without the hole. */
    private int size;

    private boolean hole;
    private int freeSlotCount;
    private int usedSlots;
    private int foreground;
    private long nextSequence;

    EventQueue() {
        this(0);
    }

    /** @param firstSequence where counting begins, below 2^43 */
    EventQueue(long firstSequence) {
        nextSequence = firstSequence;
    }

    int size() {
        return size;
    }

    int foreground() {
        return foreground;
    }

    /** The instant of the first event, {@link Long#MAX_VALUE} when none is pending. */
    long firstInstant() {
        closeHole();
        return size == 0 ? Long.MAX_VALUE : nodes[0];
    }

    void add(Event event, long instantPs) {
        if (event.slot != Event.NOT_PENDING) {
            throw new IllegalStateException("already pending: " + event);
        }
        if (size == events.length) {
            grow();
        }
        if (nextSequence == SEQUENCES) {
            renumber();
        }
        int slot = takeSlot();
        event.slot = slot;
        events[slot] = event;
        if (!event.background) {
            foreground++;
        }
        long tag = nextSequence++ << SLOT_BITS | slot;
        int last = size++;
        if (hole) {
            hole = false;
            siftDown(0, instantPs, tag);
        } else {
            siftUp(last, instantPs, tag);
        }
    }

    /** Removes and returns the first event; the queue must not be empty. */
    Event poll() {
        closeHole();
        Event first = release(slotOf(nodes[1]));
        size--;
        hole = true;
        return first;
    }

    void remove(Event event) {
        closeHole();
        int position = positions[event.slot];
        release(event.slot);
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

    /** Feeds all pending events in their order. */
    void hashInto(StateHash hash) {
        hash.put(size);
        for (long[] node : inOrder()) {
            hash.put(node[0]);
            eventIn(slotOf(node[1])).hashInto(hash);
        }
    }

    private long[][] inOrder() {
        closeHole();
        long[][] order = new long[size][];
        for (int i = 0; i < size; i++) {
            order[i] = new long[] {nodes[2 * i], nodes[2 * i + 1]};
        }
        Arrays.sort(order, (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
        return order;
    }

    /** Counts anew from the pending events, which keep their order. */
    private void renumber() {
        long[][] order = inOrder();
        for (int i = 0; i < size; i++) {
            place(i, order[i][0], (long) i << SLOT_BITS | slotOf(order[i][1]));
        }
        nextSequence = size;
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

    /** Moves the last node to the root if that is empty. */
    private void closeHole() {
        if (hole) {
            hole = false;
            if (size > 0) {
                siftDown(0, nodes[2 * size], nodes[2 * size + 1]);
            }
        }
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
