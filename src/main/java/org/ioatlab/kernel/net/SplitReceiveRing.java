package org.ioatlab.kernel.net;

import java.util.Arrays;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.nic.ReceiveDescriptor;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * A ring of packet-split descriptors: a small slab buffer for the header and pages for the data (OLS 2005 paper, section 2). What fits the
 * header buffer altogether is copied there and the page used again, because allocating and freeing it takes longer.
 */
final class SplitReceiveRing extends ReceiveRing {
    /** Size of the header buffer: the largest that keeps a full frame's truesize low. */
    static final int HEADER_BYTES = 128;

    private static final int LENGTH_MASK = 0xffff;

    private final int pagesPerSlot;
    private final int[] pages;

    SplitReceiveRing(E1000Driver driver, int queue, Processor processor, long ring) {
        super(driver, queue, processor, ring, ReceiveDescriptor.SPLIT_BYTES, HEADER_BYTES + DATA_OFFSET);
        pagesPerSlot = pages(driver.settings().mtu());
        pages = new int[count() * pagesPerSlot];
        Arrays.fill(pages, PageAllocator.NO_PAGE);
    }

    /** Pages of a descriptor for that MTU. */
    static int pages(int mtu) {
        return (mtu + PhysicalMemory.PAGE_SIZE - 1) >> PhysicalMemory.PAGE_SHIFT;
    }

    @Override
    long doneBit() {
        return ReceiveDescriptor.DONE;
    }

    @Override
    Symbol cleanSymbol() {
        return Symbol.E1000_CLEAN_RX_IRQ_PS;
    }

    @Override
    Symbol fillSymbol() {
        return Symbol.E1000_ALLOC_RX_BUFFERS_PS;
    }

    @Override
    SocketBuffer clean(int slot, byte[] page, int at, Processor on) {
        long second = ReceiveDescriptor.word(page, at + 8);
        long lengths = ReceiveDescriptor.word(page, at + 16);
        int header = extendedLength(second);
        SocketBuffer packet = take(slot, header);
        describe(packet, ReceiveDescriptor.word(page, at), second);
        int inPage = (int) (lengths >>> 16) & LENGTH_MASK;
        if (inPage > 0 && header + inPage <= HEADER_BYTES) {
            copyFromPage(packet, slot, inPage, on);
        } else {
            attachPages(packet, slot, lengths);
        }
        driver.counters().judge(packet, (int) second, (lengths & ReceiveDescriptor.HEADER_SPLIT) != 0);
        return packet;
    }

    @Override
    boolean fill(int slot, byte[] page, int at, Processor on) {
        for (int i = 0; i < ReceiveDescriptor.PAGE_BUFFERS; i++) {
            long address = ReceiveDescriptor.NO_BUFFER;
            if (i < pagesPerSlot) {
                int frame = ensurePage(slot * pagesPerSlot + i, on);
                if (frame == PageAllocator.NO_PAGE) {
                    return false;
                }
                address = (long) frame << PhysicalMemory.PAGE_SHIFT;
            }
            ReceiveDescriptor.setWord(page, at + 8 + Long.BYTES * i, address);
        }
        if (!ensureBuffer(slot, on)) {
            return false;
        }
        ReceiveDescriptor.setWord(page, at, buffersAt[slot] + DATA_OFFSET);
        return true;
    }

    @Override
    void freeExtra(int slot, Processor on) {
        for (int i = slot * pagesPerSlot; i < (slot + 1) * pagesPerSlot; i++) {
            if (pages[i] != PageAllocator.NO_PAGE) {
                buffers.memory().pages().free(pages[i], on);
                pages[i] = PageAllocator.NO_PAGE;
            }
        }
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        for (int page : pages) {
            hash.put(page);
        }
    }

    private int ensurePage(int index, Processor on) {
        if (pages[index] == PageAllocator.NO_PAGE) {
            pages[index] = buffers.memory().pages().allocate(ZoneKind.LOW, on);
        }
        return pages[index];
    }

    private void copyFromPage(SocketBuffer packet, int slot, int length, Processor on) {
        long source = (long) pages[slot * pagesPerSlot] << PhysicalMemory.PAGE_SHIFT;
        long target = packet.dataAddress() + packet.linear;
        on.copy(Symbol.MEMCPY, MemoryUse.PAYLOAD, target, MemoryUse.PAYLOAD, source, length);
        memory.copy(target, source, length);
        packet.linear += length;
    }

    private void attachPages(SocketBuffer packet, int slot, long lengths) {
        for (int i = 0; i < pagesPerSlot; i++) {
            int length = (int) (lengths >>> (16 * (i + 1))) & LENGTH_MASK;
            if (length == 0) {
                return;
            }
            packet.addFragment(pages[slot * pagesPerSlot + i], 0, length);
            pages[slot * pagesPerSlot + i] = PageAllocator.NO_PAGE;
        }
    }
}
