package org.ioatlab.kernel.mm;

import java.util.Arrays;
import java.util.BitSet;
import org.ioatlab.hardware.memory.PhysicalMemory;

/**
 * Overwrites memory that has been given back, so that whoever still reads it gets wrong bytes and whoever still writes to it is found out: pages
 * that were handed out when it looked last, and all free objects of slab caches. Nothing that a machine does may depend on such bytes.
 */
public final class FreeMemory {
    private static final byte GARBAGE = (byte) 0xdb;
    private static final long ALL_GARBAGE = 0xdbdb_dbdb_dbdb_dbdbL;

    /** In how many looks all pages are found that have been handed out since the beginning. */
    private static final int LOOKS = 16;

    private final KernelMemory memory;
    private final BitSet known = new BitSet();
    private final boolean[] wasFree;
    private int looks;

    public FreeMemory(KernelMemory memory) {
        this.memory = memory;
        wasFree = new boolean[memory.pages().frames()];
        Arrays.fill(wasFree, true);
    }

    public void overwrite() {
        for (int page = looks++ % LOOKS; page < wasFree.length; page += LOOKS) {
            if (!memory.pages().isFree(page)) {
                known.set(page);
            }
        }
        for (int page = known.nextSetBit(0); page >= 0; page = known.nextSetBit(page + 1)) {
            boolean free = memory.pages().isFree(page);
            if (free && !wasFree[page]) {
                memory.bytes().fill((long) page << PhysicalMemory.PAGE_SHIFT, PhysicalMemory.PAGE_SIZE, GARBAGE);
            }
            wasFree[page] = free;
        }
        memory.caches.forEach(this::overwrite);
    }

    private void overwrite(SlabCache cache) {
        for (SlabCache.ObjectArray array : cache.arrays) {
            for (int i = 0; i < array.size; i++) {
                overwrite(array.objects[i], cache);
            }
        }
        overwrite(cache.partial, cache);
        overwrite(cache.empty, cache);
    }

    private void overwrite(SlabList slabs, SlabCache cache) {
        for (Slab slab = slabs.head(); slab != null; slab = slab.next) {
            for (int i = 0; i < slab.freeCount; i++) {
                overwrite(cache.addressOf(slab, slab.free[i]), cache);
            }
        }
    }

    /** An object that begins and goes on with garbage has most likely been free since the last look. */
    private void overwrite(long address, SlabCache cache) {
        if (!isGarbage(address) || !isGarbage(address + (cache.objectBytes() / 4 & -Long.BYTES))) {
            memory.bytes().fill(address, cache.objectBytes(), GARBAGE);
        }
    }

    private boolean isGarbage(long address) {
        return memory.bytes().readLong(address) == ALL_GARBAGE;
    }
}
