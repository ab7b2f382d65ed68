package org.ioatlab.kernel.mm;

import java.util.Arrays;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The pages that the parts of a user's buffer lie in, kept where they are while an engine writes to them (the {@code locked_list} of the OLS
 * 2005 paper, section 4.3, step 1). Pinned and let go a few pages a slice of work. It names page frames: what the program's own pages become
 * meanwhile, by a fork and a write, it doesn't learn of.
 */
public final class LockedList {
    /** Pages pinned or let go in one slice of work. */
    public static final int PAGES_A_SLICE = 8;

    private static final int PART_BYTES = 16;
    private static final int HEADER_BYTES = 16;
    private static final int POINTER_BYTES = 4;

    /** What a slice of pinning came to. */
    public enum Progress {
        MORE,
        DONE,
        /** The next page is paged out: to be brought in first, see {@link #missingOffset}. */
        PAGE_MISSING,
        /** There is no such page. */
        BAD_ADDRESS,
        /** There is no memory for the list. */
        NO_MEMORY
    }

    private final KernelMemory memory;
    private final long pinCallCycles;
    private final long pinPageCycles;
    private final long unpinCallCycles;
    private final long unpinPageCycles;
    private @Nullable UserBuffer[] buffers = new @Nullable UserBuffer[1];
    private int[] offsets = new int[1];
    private int[] firstPages = new int[1];
    private int[] frames = new int[32];
    private int parts;
    private int pages;
    private int pinned;
    private int part;
    private long list = SlabCache.NO_OBJECT;

    /** An empty list; it is used again and again. */
    public LockedList(KernelMemory memory, Platform platform) {
        this.memory = memory;
        pinCallCycles = platform.get(Parameter.PIN_CALL_CYCLES);
        pinPageCycles = platform.get(Parameter.PIN_PAGE_CYCLES);
        unpinCallCycles = platform.get(Parameter.UNPIN_CALL_CYCLES);
        unpinPageCycles = platform.get(Parameter.UNPIN_PAGE_CYCLES);
    }

    /** Forgets all parts; nothing may be pinned. */
    public void clear() {
        Arrays.fill(buffers, 0, parts, null);
        parts = 0;
        pages = 0;
        part = 0;
    }

    /** Adds {@code length} bytes of {@code buffer} from {@code offset} on. */
    public void add(UserBuffer buffer, int offset, int length) {
        if (parts == offsets.length) {
            grow();
        }
        buffers[parts] = buffer;
        offsets[parts] = offset;
        firstPages[parts++] = pages;
        pages += pagesOf(offset, length);
    }

    /** How many pages the parts lie in. */
    public int pages() {
        return pages;
    }

    /** How many of them are pinned. */
    public int pinned() {
        return pinned;
    }

    /** Pins the next pages, at most {@link #PAGES_A_SLICE} ({@code get_user_pages}). */
    public Progress pinSome(Processor on) {
        if (list == SlabCache.NO_OBJECT) {
            on.spend(Symbol.DMA_PIN_IOVEC_PAGES, pinCallCycles);
            list = memory.allocate(HEADER_BYTES + parts * PART_BYTES + pages * POINTER_BYTES, on);
            if (list == SlabCache.NO_OBJECT) {
                return Progress.NO_MEMORY;
            }
            if (frames.length < pages) {
                frames = new int[Math.max(pages, 2 * frames.length)];
            }
        }
        int most = Math.min(pages, pinned + PAGES_A_SLICE);
        while (pinned < most) {
            int frame = nextBuffer().frameAt(missingOffset());
            if (frame == PageAllocator.NO_PAGE) {
                return nextBuffer().isMapped(missingOffset()) ? Progress.PAGE_MISSING : Progress.BAD_ADDRESS;
            }
            on.spend(Symbol.GET_USER_PAGES, pinPageCycles);
            memory.pages().get(frame);
            memory.pages().pin(frame);
            frames[pinned++] = frame;
        }
        return pinned < pages ? Progress.MORE : Progress.DONE;
    }

    /** The buffer of the next page to be pinned. */
    public UserBuffer nextBuffer() {
        while (part < parts - 1 && pinned >= firstPages[part + 1]) {
            part++;
        }
        UserBuffer next = buffers[part];
        if (next == null) {
            throw new IllegalStateException("nothing left to be pinned");
        }
        return next;
    }

    /** Where the next page to be pinned begins in {@link #nextBuffer}. */
    public int missingOffset() {
        int page = (offsets[part] >> PhysicalMemory.PAGE_SHIFT) + pinned - firstPages[part];
        return page << PhysicalMemory.PAGE_SHIFT;
    }

    /**
     * Where the byte at {@code offset} of the buffer of part {@code index} was when it was pinned: a physical address.
     *
     * @param offset within the part's bytes of its buffer
     */
    public long addressAt(int index, int offset) {
        int page = firstPages[index]
                + (offset >> PhysicalMemory.PAGE_SHIFT)
                - (offsets[index] >> PhysicalMemory.PAGE_SHIFT);
        return ((long) frames[page] << PhysicalMemory.PAGE_SHIFT) + (offset & PhysicalMemory.PAGE_SIZE - 1);
    }

    /**
     * Lets the last pages go, at most {@link #PAGES_A_SLICE}, and marks them dirty ({@code set_page_dirty_lock}).
     *
     * @param written whether anything was written to them
     * @return whether all have gone
     */
    public boolean unpinSome(boolean written, Processor on) {
        int least = Math.max(0, pinned - PAGES_A_SLICE);
        while (pinned > least) {
            int frame = frames[--pinned];
            on.spend(Symbol.SET_PAGE_DIRTY_LOCK, unpinPageCycles);
            memory.pages().unpin(frame, written);
            memory.pages().free(frame, on);
        }
        if (pinned > 0) {
            return false;
        }
        on.spend(Symbol.DMA_UNPIN_IOVEC_PAGES, unpinCallCycles);
        if (list != SlabCache.NO_OBJECT) {
            memory.free(list, on);
            list = SlabCache.NO_OBJECT;
        }
        clear();
        return true;
    }

    /** Forgets the pages of the part that couldn't be pinned as a whole: they stay pinned, and nobody knows of them. */
    public void leakUnfinishedPart() {
        pinned = Math.min(pinned, firstPages[part]);
    }

    /** Feeds what is pinned. */
    public void hashInto(StateHash hash) {
        hash.put((long) parts << Integer.SIZE | pages);
        hash.put(list);
        for (int i = 0; i < pinned; i++) {
            hash.put(frames[i]);
        }
    }

    private static int pagesOf(int offset, int length) {
        int last = (offset + length - 1) >> PhysicalMemory.PAGE_SHIFT;
        return length == 0 ? 0 : last - (offset >> PhysicalMemory.PAGE_SHIFT) + 1;
    }

    private void grow() {
        buffers = Arrays.copyOf(buffers, 2 * parts);
        offsets = Arrays.copyOf(offsets, 2 * parts);
        firstPages = Arrays.copyOf(firstPages, 2 * parts);
    }
}
