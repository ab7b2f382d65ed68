package org.ioatlab.kernel.mm;

/** What an allocation made the allocators do, so that its cost can be charged. Reused. */
final class AllocationWork {
    int blocks;
    int splits;

    void clear() {
        blocks = 0;
        splits = 0;
    }
}
