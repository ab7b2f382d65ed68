package org.ioatlab.kernel.mm;

import org.ioatlab.time.StateHash;

/**
 * One processor's list of single free pages of one zone, last freed first handed out. It is filled from and emptied into the buddy lists a
 * batch at a time.
 */
final class PageList {
    /** Pages moved at once (Linux 2.6.12 for a zone of this size). */
    static final int BATCH = 16;

    /** More pages than this are given back. */
    static final int HIGH = 6 * BATCH;

    private final int[] pages = new int[HIGH + 1];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isOverfull() {
        return size > HIGH;
    }

    void push(int frame) {
        pages[size++] = frame;
    }

    int pop() {
        return pages[--size];
    }

    /** Takes the page that was freed longest ago. */
    int popOldest() {
        int oldest = pages[0];
        System.arraycopy(pages, 1, pages, 0, --size);
        return oldest;
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (int i = 0; i < size; i++) {
            hash.put(pages[i]);
        }
    }
}
