package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;
import org.jspecify.annotations.Nullable;

/** What can be seen of memory. */
public interface MemoryViews {
    /**
     * A kernel buffer.
     *
     * @param id its name
     * @param address its kernel address, {@code 0x…}
     * @param size bytes that were asked for
     * @param allocatedBytes bytes that it really takes
     * @param sha256 of its content
     */
    record Buffer(String id, String address, int size, int allocatedBytes, String sha256) {}

    /**
     * A page frame.
     *
     * @param page its name
     * @param frame its number
     * @param address its kernel address; high pages have none
     * @param zone where it lies
     * @param pins how often it is pinned
     * @param dirty whether a device wrote it while it was pinned
     * @param sha256 of its content
     */
    record Page(
            String page, int frame, @Nullable String address, String zone, int pins, boolean dirty, String sha256) {}

    /** Several pages. */
    record Pages(List<Page> pages) {}

    /**
     * The allocators.
     *
     * @param totalBytes of the machine
     * @param backedBytes that have been written so far
     * @param pinnedPages pinned at least once
     * @param zones low and high
     * @param slabCaches by name
     */
    record State(
            long totalBytes,
            long backedBytes,
            int pinnedPages,
            int buffers,
            int pages,
            List<ZoneState> zones,
            List<SlabCacheState> slabCaches) {}
}
