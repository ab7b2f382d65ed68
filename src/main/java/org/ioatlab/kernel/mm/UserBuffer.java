package org.ioatlab.kernel.mm;

import java.util.Arrays;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a program: consecutive to the program, but in pages that lie anywhere, high ones first. A page may be paged out, or shared with
 * a child that the program has forked until one of both writes.
 */
public final class UserBuffer {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final int length;
    private final int[] pages;
    private int backed;

    /** What paged-out pages held. */
    private byte @Nullable [] @Nullable [] swapped;

    /** One bit a page that is shared with a child. */
    private long @Nullable [] shared;

    /** A buffer without pages yet; see {@link #back}. */
    public UserBuffer(int length) {
        this.length = length;
        pages = new int[(length + PAGE_MASK) >> PhysicalMemory.PAGE_SHIFT];
    }

    /** Its length in bytes. */
    public int length() {
        return length;
    }

    /** Whether all of it has had pages. */
    public boolean isBacked() {
        return backed == pages.length;
    }

    /**
     * Gives it one page more.
     *
     * @return false when memory is exhausted
     */
    public boolean back(PageAllocator allocator, Processor on) {
        int page = allocator.allocate(ZoneKind.HIGH, on);
        if (page == PageAllocator.NO_PAGE) {
            return false;
        }
        pages[backed++] = page;
        return true;
    }

    /** Gives its last page back; false if it has none left. */
    public boolean release(PageAllocator allocator, Processor on) {
        if (backed == 0) {
            return false;
        }
        int page = pages[--backed];
        if (page != PageAllocator.NO_PAGE) {
            allocator.free(page, on);
        }
        return true;
    }

    /** Whether there is anything at {@code offset}, in memory or paged out. */
    public boolean isMapped(int offset) {
        return offset >> PhysicalMemory.PAGE_SHIFT < backed;
    }

    /** Whether the page of the byte at {@code offset} is in memory. */
    public boolean isPresent(int offset) {
        return frameAt(offset) != PageAllocator.NO_PAGE;
    }

    /**
     * Pages the page of the byte at {@code offset} out, unless it is pinned: its content is kept elsewhere, its frame is free.
     *
     * @return whether it went
     */
    public boolean pageOut(int offset, KernelMemory memory, Processor on) {
        int index = offset >> PhysicalMemory.PAGE_SHIFT;
        int page = frameAt(offset);
        if (page == PageAllocator.NO_PAGE || memory.pages().pins(page) > 0) {
            return false;
        }
        byte[] content = new byte[PhysicalMemory.PAGE_SIZE];
        memory.bytes().read(addressOf(page), content, 0, content.length);
        swapped()[index] = content;
        memory.pages().free(page, on);
        pages[index] = PageAllocator.NO_PAGE;
        return true;
    }

    /**
     * Brings the page of the byte at {@code offset} back into memory.
     *
     * @return false when memory is exhausted
     */
    public boolean pageIn(int offset, KernelMemory memory, Processor on) {
        int index = offset >> PhysicalMemory.PAGE_SHIFT;
        if (pages[index] != PageAllocator.NO_PAGE) {
            return true;
        }
        int page = memory.pages().allocate(ZoneKind.HIGH, on);
        if (page == PageAllocator.NO_PAGE) {
            return false;
        }
        byte[] content = swapped()[index];
        if (content != null) {
            memory.bytes().write(addressOf(page), content, 0, content.length);
            swapped()[index] = null;
        }
        pages[index] = page;
        return true;
    }

    /** The child's buffer after a fork: the same pages, until one of both writes. Pages that are paged out come as zeros to the child. */
    public UserBuffer fork(PageAllocator allocator) {
        UserBuffer child = new UserBuffer(length);
        for (int i = 0; i < backed; i++) {
            child.pages[i] = pages[i];
            if (pages[i] != PageAllocator.NO_PAGE) {
                allocator.get(pages[i]);
                shared()[i >> 6] |= 1L << i;
                child.shared()[i >> 6] |= 1L << i;
            }
        }
        child.backed = backed;
        return child;
    }

    /** Whether a write to the byte at {@code offset} has to copy its page first. */
    public boolean isSharedAt(int offset) {
        return isShared(offset >> PhysicalMemory.PAGE_SHIFT);
    }

    /**
     * A write to a shared page ({@code do_wp_page}): the program gets a copy of its own unless nobody else uses the page any more. A device that
     * was given the page's address goes on writing to the old one.
     *
     * @return false when memory is exhausted
     */
    public boolean breakSharing(int offset, KernelMemory memory, Processor on) {
        int index = offset >> PhysicalMemory.PAGE_SHIFT;
        int old = pages[index];
        if (memory.pages().users(old) > 1) {
            int page = memory.pages().allocate(ZoneKind.HIGH, on);
            if (page == PageAllocator.NO_PAGE) {
                return false;
            }
            on.copy(
                    Symbol.DO_WP_PAGE,
                    MemoryUse.USER,
                    addressOf(page),
                    MemoryUse.USER,
                    addressOf(old),
                    PhysicalMemory.PAGE_SIZE);
            memory.bytes().copy(addressOf(page), addressOf(old), PhysicalMemory.PAGE_SIZE);
            memory.pages().free(old, on);
            pages[index] = page;
        }
        shared()[index >> 6] &= ~(1L << index);
        return true;
    }

    /** The page frame of the byte at {@code offset}, or {@link PageAllocator#NO_PAGE} if that is paged out. */
    public int frameAt(int offset) {
        return isMapped(offset) ? pages[offset >> PhysicalMemory.PAGE_SHIFT] : PageAllocator.NO_PAGE;
    }

    /** Physical address of the byte at {@code offset}, which must be in memory. */
    public long addressAt(int offset) {
        return ((long) pages[offset >> PhysicalMemory.PAGE_SHIFT] << PhysicalMemory.PAGE_SHIFT) + (offset & PAGE_MASK);
    }

    /** How many bytes lie in one page from {@code offset} on. */
    public int runAt(int offset) {
        return Math.min(PhysicalMemory.PAGE_SIZE - (offset & PAGE_MASK), length - offset);
    }

    /** Copies bytes out for looking at them. */
    public void read(PhysicalMemory memory, int offset, byte[] target, int at, int bytes) {
        int done = 0;
        while (done < bytes) {
            int piece = Math.min(bytes - done, runAt(offset + done));
            memory.read(addressAt(offset + done), target, at + done, piece);
            done += piece;
        }
    }

    /** Puts bytes in, as the program's own stores do. */
    public void write(PhysicalMemory memory, int offset, byte[] source, int at, int bytes) {
        int done = 0;
        while (done < bytes) {
            int piece = Math.min(bytes - done, runAt(offset + done));
            memory.write(addressAt(offset + done), source, at + done, piece);
            done += piece;
        }
    }

    /** Feeds where it lies. */
    public void hashInto(StateHash hash) {
        hash.put((long) length << Integer.SIZE | backed);
        hash.put(Arrays.hashCode(Arrays.copyOf(pages, backed)));
        hash.put(shared == null ? 0 : Arrays.hashCode(shared));
        for (int i = 0; swapped != null && i < swapped.length; i++) {
            hash.put(swapped[i] == null ? 0 : Arrays.hashCode(swapped[i]));
        }
    }

    private static long addressOf(int page) {
        return (long) page << PhysicalMemory.PAGE_SHIFT;
    }

    private byte[] @Nullable [] swapped() {
        if (swapped == null) {
            swapped = new byte[pages.length] @Nullable [];
        }
        return swapped;
    }

    private long[] shared() {
        if (shared == null) {
            shared = new long[(pages.length + Long.SIZE - 1) >> 6];
        }
        return shared;
    }

    private boolean isShared(int index) {
        return shared != null && (shared[index >> 6] & 1L << index) != 0;
    }
}
