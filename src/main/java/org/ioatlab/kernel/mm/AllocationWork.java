package org.ioatlab.kernel.mm;

/** What an allocation made the allocators do, so that its cost can be charged. Reused. */
final class AllocationWork {
    private static final int MOST = 16 * (PageAllocator.LARGEST_ORDER + 2);

    int blocks;
    int splits;

    /** Pages whose structures were changed. */
    final int[] pages = new int[MOST];

    int count;

    void clear() {
        blocks = 0;
        splits = 0;
        count = 0;
    }

    void change(int page) {
        pages[count++] = page;
    }
}
