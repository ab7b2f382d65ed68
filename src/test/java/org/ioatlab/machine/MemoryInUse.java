package org.ioatlab.machine;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;

/** What a machine's allocators have handed out. */
final class MemoryInUse {
    private static final int DESCRIPTORS_OF_A_PAGE = 64;

    private MemoryInUse() {}

    /**
     * Pages and objects that are handed out, by allocator. A ring keeps one buffer more or less, as the last frame was copied or not. Channels keep the
     * pages of as many descriptors as they ever had in use, and slab caches some of theirs.
     */
    static Map<String, Long> of(Machine machine) {
        Map<String, Long> used = new TreeMap<>();
        MemoryViews.State state = machine.memory().state();
        long slabPages = 0;
        for (SlabCacheState cache : state.slabCaches()) {
            used.put(cache.name(), (long) cache.activeObjects());
            slabPages += (long) cache.slabs() * cache.pagesPerSlab();
        }
        long free = 0;
        for (ZoneState zone : state.zones()) {
            free += zone.freePages();
        }
        long descriptors = machine.dma().channels().stream()
                .mapToLong(DmaViews.Channel::allocatedDescriptors)
                .sum();
        used.put("pages without slabs and descriptors", free + slabPages + descriptors / DESCRIPTORS_OF_A_PAGE);
        return used;
    }
}
