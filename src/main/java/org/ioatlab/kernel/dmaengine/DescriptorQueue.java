package org.ioatlab.kernel.dmaengine;

import org.ioatlab.time.StateHash;

/** Descriptors in the order in which the engine gets them: a growing ring of numbers. */
final class DescriptorQueue {
    private static final int INITIAL = 16;

    private int[] ring = new int[INITIAL];
    private int head;
    private int size;
    private long removed;

    /** How many were in the queue before its first: the first's number, counted from the queue's beginning. */
    long firstNumber() {
        return removed;
    }

    int size() {
        return size;
    }

    int first() {
        return ring[head];
    }

    int get(int index) {
        return ring[(head + index) & (ring.length - 1)];
    }

    void addLast(int descriptor) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size++) & (ring.length - 1)] = descriptor;
    }

    int removeFirst() {
        int first = ring[head];
        head = (head + 1) & (ring.length - 1);
        size--;
        removed++;
        return first;
    }

    void clear() {
        removed += size;
        head = 0;
        size = 0;
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (int i = 0; i < size; i++) {
            hash.put(get(i));
        }
    }

    private void grow() {
        int[] larger = new int[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        ring = larger;
        head = 0;
    }
}
