package org.ioatlab.kernel.mm;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Slabs of one cache that are in the same state, newest first. */
final class SlabList {
    private @Nullable Slab head;
    private int size;

    @Nullable
    Slab head() {
        return head;
    }

    int size() {
        return size;
    }

    void push(Slab slab) {
        slab.previous = null;
        slab.next = head;
        if (head != null) {
            head.previous = slab;
        }
        head = slab;
        size++;
    }

    void remove(Slab slab) {
        if (slab.previous == null) {
            head = slab.next;
        } else {
            slab.previous.next = slab.next;
        }
        if (slab.next != null) {
            slab.next.previous = slab.previous;
        }
        size--;
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (Slab slab = head; slab != null; slab = slab.next) {
            slab.hashInto(hash);
        }
    }
}
