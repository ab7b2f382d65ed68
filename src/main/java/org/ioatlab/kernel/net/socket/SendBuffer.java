package org.ioatlab.kernel.net.socket;

import java.util.Arrays;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/**
 * What a connection has yet to send or to have acknowledged: parts of pages in stream order. Packets refer to the same pages, so that nothing is
 * copied on the way to the wire.
 */
final class SendBuffer {
    private static final int FEWEST = 8;

    private final KernelMemory memory;
    private int[] pages = new int[FEWEST];
    private int[] offsets = new int[FEWEST];
    private int[] lengths = new int[FEWEST];
    private long[] starts = new long[FEWEST];
    private int first;
    private int size;
    private long end;
    private boolean tailIsOwn;

    SendBuffer(KernelMemory memory) {
        this.memory = memory;
    }

    /** Bytes held, from the first page that isn't given back on. */
    int bytes() {
        return size == 0 ? 0 : (int) (end - starts[first]);
    }

    /** Room behind the last byte in a page of its own, bytes. */
    int tailRoom() {
        if (size == 0 || !tailIsOwn) {
            return 0;
        }
        int last = slot(size - 1);
        return PhysicalMemory.PAGE_SIZE - offsets[last] - lengths[last];
    }

    /** Where the room behind the last byte begins. */
    long tailAddress() {
        int last = slot(size - 1);
        return ((long) pages[last] << PhysicalMemory.PAGE_SHIFT) + offsets[last] + lengths[last];
    }

    /** Counts bytes that were written at {@link #tailAddress}. */
    void grow(int bytes) {
        lengths[slot(size - 1)] += bytes;
        end += bytes;
    }

    /** Adds an empty page of its own; false when memory is exhausted. */
    boolean addPage(Processor on) {
        int page = memory.pages().allocate(ZoneKind.LOW, on);
        if (page == PageAllocator.NO_PAGE) {
            return false;
        }
        append(page, 0, 0);
        tailIsOwn = true;
        return true;
    }

    /** Adds part of somebody else's page, which gets one user more. */
    void addShared(int page, int offset, int length) {
        memory.pages().get(page);
        append(page, offset, length);
        tailIsOwn = false;
        end += length;
    }

    /** Gives back pages of which everything up to {@code offset} of the stream has been acknowledged. */
    void acknowledged(long offset, Processor on) {
        while (size > 0 && starts[first] + lengths[first] <= offset && (lengths[first] > 0 || size > 1)) {
            removeFirst(on);
        }
    }

    /** Gives everything back. */
    void clear(Processor on) {
        while (size > 0) {
            removeFirst(on);
        }
    }

    /** Adds {@code length} bytes of the stream from {@code offset} on to a packet, which then uses their pages too; false without memory. */
    boolean attach(SocketBuffer packet, long offset, int length, Processor on) {
        int index = indexOf(offset);
        if (piecesOf(index, offset, length) > SocketBuffer.LARGEST_FRAGMENTS) {
            return attachCopies(packet, index, offset, length, on);
        }
        long at = offset;
        int left = length;
        for (int i = index; left > 0; i++) {
            int slot = slot(i);
            int within = (int) (at - starts[slot]);
            int piece = Math.min(left, lengths[slot] - within);
            memory.pages().get(pages[slot]);
            packet.addFragment(pages[slot], offsets[slot] + within, piece);
            at += piece;
            left -= piece;
        }
        return true;
    }

    /** So many small parts that a packet can't refer to all of them. */
    private boolean attachCopies(SocketBuffer packet, int index, long offset, int length, Processor on) {
        int done = 0;
        int i = index;
        while (done < length) {
            int page = memory.pages().allocate(ZoneKind.LOW, on);
            if (page == PageAllocator.NO_PAGE) {
                return false;
            }
            int filled = Math.min(PhysicalMemory.PAGE_SIZE, length - done);
            i = fill((long) page << PhysicalMemory.PAGE_SHIFT, i, offset + done, filled);
            packet.addFragment(page, 0, filled);
            done += filled;
        }
        return true;
    }

    private int fill(long target, int index, long offset, int length) {
        int done = 0;
        int i = index;
        while (done < length) {
            int slot = slot(i);
            int within = (int) (offset + done - starts[slot]);
            int piece = Math.min(length - done, lengths[slot] - within);
            long source = ((long) pages[slot] << PhysicalMemory.PAGE_SHIFT) + offsets[slot] + within;
            memory.bytes().copy(target + done, source, piece);
            done += piece;
            i += within + piece == lengths[slot] ? 1 : 0;
        }
        return i;
    }

    private int piecesOf(int index, long offset, int length) {
        int count = 0;
        long stop = offset + length;
        for (int i = index; i < size && starts[slot(i)] < stop; i++) {
            count++;
        }
        return count;
    }

    /** The part that the byte at {@code offset} lies in. */
    private int indexOf(long offset) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[slot(middle)] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (size == 0 || offset < starts[slot(low)]) {
            throw new IllegalStateException("byte " + offset + " of the stream has been given back");
        }
        return low;
    }

    private void append(int page, int offset, int length) {
        if (size == pages.length) {
            enlarge();
        }
        int slot = slot(size++);
        pages[slot] = page;
        offsets[slot] = offset;
        lengths[slot] = length;
        starts[slot] = end;
    }

    private void removeFirst(Processor on) {
        memory.pages().free(pages[first], on);
        first = (first + 1) % pages.length;
        size--;
    }

    private int slot(int index) {
        int slot = first + index;
        return slot < pages.length ? slot : slot - pages.length;
    }

    private void enlarge() {
        int old = pages.length;
        pages = Arrays.copyOf(pages, 2 * old);
        offsets = Arrays.copyOf(offsets, 2 * old);
        lengths = Arrays.copyOf(lengths, 2 * old);
        starts = Arrays.copyOf(starts, 2 * old);
        for (int i = 0; i < first; i++) {
            pages[old + i] = pages[i];
            offsets[old + i] = offsets[i];
            lengths[old + i] = lengths[i];
            starts[old + i] = starts[i];
        }
    }

    void hashInto(StateHash hash) {
        hash.put(end);
        hash.put(size);
        hash.put(tailIsOwn);
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            hash.put(pages[slot]);
            hash.put((long) offsets[slot] << Integer.SIZE | lengths[slot]);
        }
    }
}
