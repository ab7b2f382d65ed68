package org.ioatlab.kernel.mm;

import java.util.Arrays;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** Memory of a program: consecutive to the program, but in pages that lie anywhere, high ones first. */
public final class UserBuffer {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final int length;
    private final int[] pages;
    private int backed;

    /** A buffer without pages yet; see {@link #back}. */
    public UserBuffer(int length) {
        this.length = length;
        pages = new int[(length + PAGE_MASK) >> PhysicalMemory.PAGE_SHIFT];
    }

    /** Its length in bytes. */
    public int length() {
        return length;
    }

    /** Whether all of it has pages. */
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
        allocator.free(pages[--backed], on);
        return true;
    }

    /** Physical address of the byte at {@code offset}. */
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
    }
}
