package org.ioatlab.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Hands out page frames: single ones from the processor's list, larger blocks from the buddy lists, and charges what that took. A frame is
 * named by its number; {@link #NO_PAGE} says that the zone is exhausted.
 */
public final class PageAllocator {
    /** No memory left. */
    public static final int NO_PAGE = PageFrames.NONE;

    /** The largest block is 2 to the power of this many pages (4 MiB). */
    public static final int LARGEST_ORDER = PageFrames.BLOCK_ORDER;

    /** {@code struct page} of Linux 2.6.12 for i386. */
    private static final int STRUCT_PAGE_BYTES = 32;

    /** {@code struct slab} with its list of free objects, in an object of size-64. */
    private static final int SLAB_MANAGEMENT_BYTES = 64;

    private final PageFrames frames;
    private final Zone low;
    private final @Nullable Zone high;
    private final AllocationWork work = new AllocationWork();
    private final int[] batch = new int[PageList.BATCH];
    private final long listCycles;
    private final long blockCycles;
    private final long splitCycles;
    private int pinnedPages;

    /**
     * @param reservedMib low memory that the kernel's image and static data take, from address 0; a multiple of 4 and at least 4
     * @param lowMib size of the low zone, a multiple of 4
     * @param totalMib all memory, a multiple of 4
     */
    public PageAllocator(int reservedMib, int lowMib, int totalMib, int cpus, Platform platform) {
        if (reservedMib < 4
                || lowMib < reservedMib
                || totalMib < lowMib
                || (reservedMib | lowMib | totalMib) % 4 != 0) {
            throw new IllegalArgumentException(
                    "reserved " + reservedMib + ", low " + lowMib + ", total " + totalMib + " MiB");
        }
        frames = new PageFrames(pages(totalMib));
        low = new Zone(ZoneKind.LOW, frames, pages(reservedMib), pages(lowMib), cpus);
        high = totalMib == lowMib ? null : new Zone(ZoneKind.HIGH, frames, pages(lowMib), pages(totalMib), cpus);
        listCycles = platform.get(Parameter.PAGE_LIST_CYCLES);
        blockCycles = platform.get(Parameter.BUDDY_BLOCK_CYCLES);
        splitCycles = platform.get(Parameter.BUDDY_SPLIT_CYCLES);
    }

    /** One page of {@code kind}, or {@link #NO_PAGE}. A high page is taken from the low zone when the high one is exhausted or absent. */
    public int allocate(ZoneKind kind, Processor on) {
        Zone first = kind == ZoneKind.HIGH && high != null ? high : low;
        int page = fromList(first, on);
        return page == NO_PAGE && first != low ? fromList(low, on) : page;
    }

    /** One page of {@code kind} and no other, or {@link #NO_PAGE}. */
    public int allocateOnly(ZoneKind kind, Processor on) {
        Zone zone = kind == ZoneKind.LOW ? low : high;
        return zone == null ? NO_PAGE : fromList(zone, on);
    }

    /** Whether the machine has pages of that kind. */
    public boolean has(ZoneKind kind) {
        return kind == ZoneKind.LOW || high != null;
    }

    /**
     * A block of 2^{@code order} consecutive low pages, or {@link #NO_PAGE}.
     *
     * @param order 0 to {@link #LARGEST_ORDER}
     */
    public int allocateBlock(int order, Processor on) {
        if (order == 0) {
            return allocate(ZoneKind.LOW, on);
        }
        work.clear();
        int page = low.take(order, work);
        charge(on, Symbol.ALLOC_PAGES);
        return page;
    }

    /**
     * Adds a user to a page or block that was allocated, named by its first page ({@code get_page}); each of them has to free it.
     *
     * @throws IllegalStateException if it isn't allocated
     */
    public void get(int page) {
        requireAllocated(page);
        frames.addSharers(page, 1);
    }

    /** How many users a page or block has, named by its first page ({@code page_count}); 0 for what isn't allocated. */
    public int users(int page) {
        return isAllocated(page) ? 1 + frames.sharers(page) : 0;
    }

    /**
     * Takes a user off a page or block that was allocated, named by its first page ({@code put_page}); the last one gives it back.
     *
     * @throws IllegalStateException if it isn't allocated, or for the last user if one of its pages is pinned or it holds a slab
     */
    public void free(int page, Processor on) {
        if (frames.isPlain(page)) {
            toList(page, on);
            return;
        }
        requireAllocated(page);
        if (frames.sharers(page) > 0) {
            frames.addSharers(page, -1);
            return;
        }
        int order = frames.order(page);
        for (int i = page; i < page + (1 << order); i++) {
            requireUnused(i);
        }
        for (int i = page; i < page + (1 << order); i++) {
            frames.clear(i, PageFrames.DIRTY);
        }
        on.read(Symbol.FREE_PAGES_BULK, MemoryUse.OTHER, structPage(page), STRUCT_PAGE_BYTES << order);
        work.clear();
        zoneOf(page).give(page, order, work);
        charge(on, Symbol.FREE_PAGES_BULK);
    }

    /**
     * Keeps a page where it is while a device names it.
     *
     * @throws IllegalStateException if it lies in nothing that is allocated
     */
    public void pin(int page) {
        if (frames.firstOf(page) == NO_PAGE) {
            throw new IllegalStateException("page " + page + " is not allocated");
        }
        if (frames.pins(page) == 0) {
            pinnedPages++;
        }
        frames.addPins(page, 1);
    }

    /** Takes one pin back; a device that wrote the page leaves it dirty. */
    public void unpin(int page, boolean dirty) {
        int pins = frames.pins(page);
        if (pins == 0) {
            throw new IllegalStateException("page " + page + " is not pinned");
        }
        frames.addPins(page, -1);
        if (pins == 1) {
            pinnedPages--;
        }
        if (dirty) {
            frames.mark(page, PageFrames.DIRTY);
        }
    }

    /** How often the page is pinned. */
    public int pins(int page) {
        return frames.pins(page);
    }

    /** Whether the page is the first of something that is allocated. */
    public boolean isAllocated(int page) {
        return frames.is(page, PageFrames.ALLOCATED);
    }

    /** Whether the page lies in nothing that is allocated. */
    public boolean isFree(int page) {
        return frames.firstOf(page) == NO_PAGE;
    }

    /** Number of page frames of the machine. */
    public int frames() {
        return frames.frames();
    }

    /**
     * Where a page's {@code struct page} lies. The map of pages lies behind the last frame, where only caches know of it: its contents are {@link PageFrames}.
     */
    public long structPage(int page) {
        return ((long) frames.frames() << PhysicalMemory.PAGE_SHIFT) + (long) page * STRUCT_PAGE_BYTES;
    }

    /**
     * Where the management of a slab of large objects lies that begins with {@code page}: behind the map of pages. Linux allocates it from a
     * small cache; that is part of what growing costs here.
     */
    long slabManagement(int page) {
        return structPage(frames.frames()) + (long) page * SLAB_MANAGEMENT_BYTES;
    }

    /** Looks into a page's structure. */
    void readStruct(int page, Symbol symbol, Processor on) {
        on.read(symbol, MemoryUse.OTHER, structPage(page), STRUCT_PAGE_BYTES);
    }

    /** Changes the structures of consecutive pages. */
    void writeStructs(int page, int count, Symbol symbol, Processor on) {
        on.write(symbol, MemoryUse.OTHER, structPage(page), count * STRUCT_PAGE_BYTES);
    }

    /** How many frames the map of pages takes, and what stands behind it. */
    public int mapFrames() {
        long bytes = (long) frames.frames() * (STRUCT_PAGE_BYTES + SLAB_MANAGEMENT_BYTES);
        return (int) ((bytes + PhysicalMemory.PAGE_SIZE - 1) >> PhysicalMemory.PAGE_SHIFT);
    }

    /** How many pages are pinned at least once. */
    public int pinnedPages() {
        return pinnedPages;
    }

    /** Whether a device wrote the page while it was pinned. */
    public boolean isDirty(int page) {
        return frames.is(page, PageFrames.DIRTY);
    }

    /** The zone that the page lies in. */
    public ZoneKind kindOf(int page) {
        return zoneOf(page).kind();
    }

    /** The zones' state as {@code /proc/buddyinfo} and {@code /proc/zoneinfo} tell it. */
    public List<ZoneState> zones() {
        List<ZoneState> states = new ArrayList<>();
        states.add(state(low));
        if (high != null) {
            states.add(state(high));
        }
        return states;
    }

    /** Feeds the map and all lists. */
    public void hashInto(StateHash hash) {
        frames.hashInto(hash);
        low.hashInto(hash);
        if (high != null) {
            high.hashInto(hash);
        }
        hash.put(pinnedPages);
    }

    @Nullable
    Slab slabOf(int page) {
        return frames.slab(page);
    }

    void setSlab(int page, @Nullable Slab slab) {
        frames.setSlab(page, slab);
    }

    private static int pages(int mib) {
        return mib * 256;
    }

    private int fromList(Zone zone, Processor on) {
        PageList list = zone.lists[on.cpu().id()];
        if (list.isEmpty()) {
            refill(zone, list, on);
        }
        on.spend(Symbol.BUFFERED_RMQUEUE, listCycles);
        if (list.isEmpty()) {
            return NO_PAGE;
        }
        int page = list.pop();
        writeStructs(page, 1, Symbol.BUFFERED_RMQUEUE, on);
        frames.become(page, PageFrames.ALLOCATED, 0);
        return page;
    }

    private void refill(Zone zone, PageList list, Processor on) {
        work.clear();
        int taken = 0;
        while (taken < PageList.BATCH) {
            int page = zone.take(0, work);
            if (page == NO_PAGE) {
                break;
            }
            batch[taken++] = page;
        }
        while (taken > 0) {
            int page = batch[--taken];
            frames.become(page, PageFrames.HOT, 0);
            list.push(page);
        }
        charge(on, Symbol.RMQUEUE_BULK);
    }

    private void toList(int page, Processor on) {
        Zone zone = zoneOf(page);
        PageList list = zone.lists[on.cpu().id()];
        frames.become(page, PageFrames.HOT, 0);
        list.push(page);
        on.spend(Symbol.FREE_HOT_COLD_PAGE, listCycles);
        writeStructs(page, 1, Symbol.FREE_HOT_COLD_PAGE, on);
        if (list.isOverfull()) {
            work.clear();
            for (int i = 0; i < PageList.BATCH; i++) {
                zone.give(list.get(i), 0, work);
            }
            list.removeOldest(PageList.BATCH);
            charge(on, Symbol.FREE_PAGES_BULK);
        }
    }

    private void charge(Processor on, Symbol symbol) {
        on.spend(symbol, work.blocks * blockCycles + work.splits * splitCycles);
        for (int i = 0; i < work.count; i++) {
            writeStructs(work.pages[i], 1, symbol, on);
        }
    }

    private Zone zoneOf(int page) {
        return high != null && high.contains(page) ? high : low;
    }

    private void requireAllocated(int page) {
        if (!isAllocated(page)) {
            throw new IllegalStateException("page " + page + " is not allocated");
        }
    }

    private void requireUnused(int page) {
        if (frames.pins(page) != 0) {
            throw new IllegalStateException("page " + page + " is pinned");
        }
        if (frames.slab(page) != null) {
            throw new IllegalStateException("page " + page + " holds a slab");
        }
    }

    private ZoneState state(Zone zone) {
        List<Integer> blocks = new ArrayList<>();
        for (int order = 0; order < Zone.ORDERS; order++) {
            blocks.add(zone.freeBlocks(order));
        }
        int listed = 0;
        for (PageList list : zone.lists) {
            listed += list.size();
        }
        return new ZoneState(zone.kind(), zone.pages(), zone.freePages() + listed, listed, blocks);
    }
}
