package org.ioatlab.workload.wire;

import java.util.Arrays;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;

/** Frames on a way that takes time: each comes out at its instant, equal instants in the order of going in. */
final class DelayLine {
    private static final int INITIAL = 16;

    /** The end of the way. */
    interface Exit {
        /** A frame has come out. */
        void cameOut(int slot);
    }

    private final EventLoop loop;
    private final FrameSlots slots;
    private final Exit exit;
    private final Due due = new Due();
    private long[] atPs = new long[INITIAL];
    private long[] order = new long[INITIAL];
    private int[] heap = new int[INITIAL];
    private int count;
    private long added;

    private final class Due extends Event {
        @Override
        protected void fire() {
            letOut();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("delay line");
        }
    }

    DelayLine(EventLoop loop, FrameSlots slots, Exit exit) {
        this.loop = loop;
        this.slots = slots;
        this.exit = exit;
    }

    /** Takes a frame over until {@code instantPs}. */
    void add(int slot, long instantPs) {
        if (count == heap.length) {
            atPs = Arrays.copyOf(atPs, 2 * count);
            order = Arrays.copyOf(order, 2 * count);
            heap = Arrays.copyOf(heap, 2 * count);
        }
        place(count++, slot, instantPs, added++);
        siftUp(count - 1);
        schedule();
    }

    /** How many frames are on their way. */
    int size() {
        return count;
    }

    void hashInto(StateHash hash) {
        hash.put(count);
        for (int i = 0; i < count; i++) {
            hash.put(atPs[i]);
            slots.hashInto(heap[i], hash);
        }
    }

    private void schedule() {
        if (due.isPending() && loop.instantOf(due) == atPs[0]) {
            return;
        }
        loop.cancel(due);
        loop.schedule(due, atPs[0]);
    }

    private void letOut() {
        while (count > 0 && atPs[0] <= loop.nowPs()) {
            int slot = heap[0];
            count--;
            move(count, 0);
            siftDown();
            exit.cameOut(slot);
        }
        if (count > 0) {
            schedule();
        }
    }

    private void place(int index, int slot, long instantPs, long sequence) {
        heap[index] = slot;
        atPs[index] = instantPs;
        order[index] = sequence;
    }

    private void move(int from, int to) {
        place(to, heap[from], atPs[from], order[from]);
    }

    private boolean isBefore(int a, int b) {
        return atPs[a] < atPs[b] || (atPs[a] == atPs[b] && order[a] < order[b]);
    }

    private void swap(int a, int b) {
        int slot = heap[a];
        long instant = atPs[a];
        long sequence = order[a];
        move(b, a);
        place(b, slot, instant, sequence);
    }

    private void siftUp(int start) {
        int index = start;
        while (index > 0 && isBefore(index, (index - 1) / 2)) {
            swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }
    }

    private void siftDown() {
        int index = 0;
        while (true) {
            int least = index;
            int left = 2 * index + 1;
            if (left < count && isBefore(left, least)) {
                least = left;
            }
            if (left + 1 < count && isBefore(left + 1, least)) {
                least = left + 1;
            }
            if (least == index) {
                return;
            }
            swap(index, least);
            index = least;
        }
    }
}
