package org.ioatlab.machine;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;

/** What a machine's allocators have handed out. */
final class MemoryInUse {
    private MemoryInUse() {}

    /** Pages and objects that are handed out, by allocator. A ring keeps one buffer more or less, as the last frame was copied or not. */
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
        used.put("pages without slabs", free + slabPages);
        return used;
    }
}
