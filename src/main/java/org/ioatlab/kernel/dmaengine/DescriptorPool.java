package org.ioatlab.kernel.dmaengine;

import java.util.Arrays;
import org.ioatlab.hardware.dma.Descriptor;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/**
 * The descriptors of one channel: 64-byte blocks cut from pages, and for each what the driver keeps beside it (its cookie). A descriptor is
 * named by a number.
 */
final class DescriptorPool {
    private static final int PER_PAGE = PhysicalMemory.PAGE_SIZE / Descriptor.BYTES;

    private final KernelMemory memory;
    private int[] pages = {};
    private int pageCount;
    private int[] cookies = {};
    private int[] free = {};
    private int freeCount;

    DescriptorPool(KernelMemory memory) {
        this.memory = memory;
    }

    int size() {
        return pageCount * PER_PAGE;
    }

    int available() {
        return freeCount;
    }

    /** Makes at least {@code wanted} descriptors available; false when memory is exhausted. */
    boolean reserve(int wanted, Processor on) {
        while (freeCount < wanted) {
            int page = memory.pages().allocate(ZoneKind.LOW, on);
            if (page == PageAllocator.NO_PAGE) {
                return false;
            }
            addPage(page);
        }
        return true;
    }

    int take() {
        return free[--freeCount];
    }

    void give(int descriptor) {
        free[freeCount++] = descriptor;
    }

    /** Takes every descriptor back, those of copies that were just being written too. */
    void takeBackAll() {
        freeCount = 0;
        for (int i = size(); i-- > 0; ) {
            free[freeCount++] = i;
        }
    }

    long address(int descriptor) {
        return ((long) pages[descriptor / PER_PAGE] << PhysicalMemory.PAGE_SHIFT)
                + (long) (descriptor % PER_PAGE) * Descriptor.BYTES;
    }

    int cookie(int descriptor) {
        return cookies[descriptor];
    }

    void setCookie(int descriptor, int cookie) {
        cookies[descriptor] = cookie;
    }

    void freePages(Processor on) {
        for (int i = 0; i < pageCount; i++) {
            memory.pages().free(pages[i], on);
        }
        pageCount = 0;
        freeCount = 0;
    }

    void hashInto(StateHash hash) {
        hash.put(pageCount);
        for (int i = 0; i < pageCount; i++) {
            hash.put(pages[i]);
        }
        hash.put(freeCount);
        for (int i = 0; i < freeCount; i++) {
            hash.put(free[i]);
        }
    }

    private void addPage(int page) {
        int first = size();
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, Math.max(2, pageCount * 2));
            cookies = Arrays.copyOf(cookies, pages.length * PER_PAGE);
            free = Arrays.copyOf(free, pages.length * PER_PAGE);
        }
        pages[pageCount++] = page;
        for (int i = PER_PAGE; i-- > 0; ) {
            free[freeCount++] = first + i;
        }
    }
}
