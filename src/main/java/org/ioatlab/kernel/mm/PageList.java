package org.ioatlab.kernel.mm;

import java.util.Arrays;
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

    private static final int[] NOTHING = {};

    private int[] pages = NOTHING;
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
        if (size == pages.length) {
            pages = Arrays.copyOf(pages, size == 0 ? BATCH : HIGH + 1);
        }
        pages[size++] = frame;
    }

    int pop() {
        return pages[--size];
    }

    /** The page that was freed as the {@code index}-th of those on the list, from 0. */
    int get(int index) {
        return pages[index];
    }

    /** Forgets the {@code count} pages that were freed longest ago. */
    void removeOldest(int count) {
        size -= count;
        System.arraycopy(pages, count, pages, 0, size);
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (int i = 0; i < size; i++) {
            hash.put(pages[i]);
        }
    }
}
