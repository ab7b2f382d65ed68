package org.ioatlab.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * The kernel's memory: the bytes, the page allocator, and {@code kmalloc} over slab caches of sizes 32 to 131 072. Addresses here are
 * physical; the kernel sees low memory at {@link #PAGE_OFFSET} above that.
 */
public final class KernelMemory {
    /** Where a 32-bit kernel maps low memory. */
    public static final long PAGE_OFFSET = 0xc000_0000L;

    /** The largest object of a slab cache. */
    public static final int LARGEST_SLAB_BYTES = 131_072;

    /** The largest run of consecutive pages. */
    public static final int LARGEST_BYTES = PhysicalMemory.PAGE_SIZE << PageAllocator.LARGEST_ORDER;

    private static final int SMALLEST_SHIFT = 5;
    private static final long FIRST_ARRAY = 1 << 20;

    private final PhysicalMemory bytes;
    private final PageAllocator pages;
    final List<SlabCache> caches = new ArrayList<>();
    private final int cpus;

    /** Where the next cache's arrays lie, in the low memory that is the kernel's own; only caches know what is there. */
    private long nextArray = FIRST_ARRAY;

    private final Platform platform;
    private final long allocateCycles;
    private final long freeCycles;

    /** @param cpus number of logical processors, each with lists of its own */
    public KernelMemory(PhysicalMemory bytes, PageAllocator pages, int cpus, Platform platform) {
        this.bytes = bytes;
        this.pages = pages;
        this.cpus = cpus;
        this.platform = platform;
        allocateCycles = platform.get(Parameter.KMALLOC_CYCLES);
        freeCycles = platform.get(Parameter.KFREE_CYCLES);
        for (int size = 1 << SMALLEST_SHIFT; size <= LARGEST_SLAB_BYTES; size <<= 1) {
            createCache("size-" + size, size);
        }
    }

    /** The bytes by physical address. */
    public PhysicalMemory bytes() {
        return bytes;
    }

    /** The page frames. */
    public PageAllocator pages() {
        return pages;
    }

    /** Page frames whose lines are accessed: those that exist, and those of the page map behind them. */
    public int frames() {
        return pages.frames() + pages.mapFrames();
    }

    /** A new slab cache ({@code kmem_cache_create}). */
    public SlabCache createCache(String name, int objectBytes) {
        SlabCache cache = new SlabCache(name, objectBytes, pages, cpus, platform, nextArray);
        nextArray += (long) cache.arrayBytes() * cpus;
        caches.add(cache);
        return cache;
    }

    /**
     * Low memory of at least {@code size} consecutive bytes: from a slab cache up to 128 KiB, pages beyond.
     *
     * @param size 1 to {@link #LARGEST_BYTES}
     * @return its physical address, or {@link SlabCache#NO_OBJECT} when memory is exhausted
     */
    public long allocate(int size, Processor on) {
        if (size <= LARGEST_SLAB_BYTES) {
            on.spend(Symbol.KMALLOC, allocateCycles);
            return caches.get(classOf(size)).take(on);
        }
        int page = pages.allocateBlock(orderOf(size), on);
        return page == PageAllocator.NO_PAGE ? SlabCache.NO_OBJECT : (long) page << PhysicalMemory.PAGE_SHIFT;
    }

    /** Gives back what {@link #allocate} handed out. */
    public void free(long address, Processor on) {
        int page = (int) (address >> PhysicalMemory.PAGE_SHIFT);
        Slab slab = pages.slabOf(page);
        pages.readStruct(page, Symbol.KMEM_CACHE_FREE, on);
        if (slab == null) {
            pages.free(page, on);
        } else {
            on.spend(Symbol.KFREE, freeCycles);
            slab.cache.put(slab, address, on);
        }
    }

    /** The number of bytes that an allocation of {@code size} really takes. */
    public static int allocatedBytes(int size) {
        return size <= LARGEST_SLAB_BYTES
                ? 1 << (SMALLEST_SHIFT + classOf(size))
                : PhysicalMemory.PAGE_SIZE << orderOf(size);
    }

    /** All slab caches, in the order of their creation. */
    public List<SlabCacheState> slabCaches() {
        return caches.stream().map(SlabCache::state).toList();
    }

    /** Feeds bytes, page map and caches. */
    public void hashInto(StateHash hash) {
        bytes.hashInto(hash);
        pages.hashInto(hash);
        for (int i = 0; i < caches.size(); i++) {
            caches.get(i).hashInto(hash);
        }
    }

    private static int classOf(int size) {
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(size - 1) - SMALLEST_SHIFT);
    }

    private static int orderOf(int size) {
        int count = (size + PhysicalMemory.PAGE_SIZE - 1) >> PhysicalMemory.PAGE_SHIFT;
        return count == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    }
}
