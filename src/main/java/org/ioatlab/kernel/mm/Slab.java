package org.ioatlab.kernel.mm;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Consecutive pages cut into objects of one size, and which of them are free: last freed first handed out. */
final class Slab {
    final SlabCache cache;
    int firstPage;

    /** Where its list of free objects lies. */
    long management;

    final short[] free;
    int freeCount;

    @Nullable
    Slab next;

    @Nullable
    Slab previous;

    Slab(SlabCache cache, int firstPage, int objects, long management) {
        this.cache = cache;
        free = new short[objects];
        place(firstPage, management);
    }

    /** Lies in other pages from now on, with all objects free. */
    void place(int page, long managementAt) {
        firstPage = page;
        management = managementAt;
        freeCount = 0;
        for (int i = free.length; i-- > 0; ) {
            free[freeCount++] = (short) i;
        }
    }

    boolean isFull() {
        return freeCount == 0;
    }

    boolean isEmpty() {
        return freeCount == free.length;
    }

    int take() {
        return free[--freeCount];
    }

    void give(int index) {
        free[freeCount++] = (short) index;
    }

    void hashInto(StateHash hash) {
        hash.put(firstPage);
        hash.put(management);
        hash.put(freeCount);
        for (int i = 0; i < freeCount; i++) {
            hash.put(free[i]);
        }
    }
}
