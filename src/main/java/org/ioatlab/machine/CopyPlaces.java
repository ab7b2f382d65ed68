package org.ioatlab.machine;

import org.ioatlab.kernel.dmaengine.MemcpyKind;
import org.ioatlab.kernel.mm.ZoneKind;

/** Finds the physical addresses of what a copy names, and the function for it. */
final class CopyPlaces {
    private final MemoryFace memory;

    CopyPlaces(MemoryFace memory) {
        this.memory = memory;
    }

    /**
     * Resolves a copy. From page to buffer there is no function of its own: the buffer is taken by its pages.
     *
     * @throws Refusal if a place doesn't exist, is too small, or has no kernel address
     */
    ResolvedCopy resolve(DmaCommand.Copy copy) {
        if (copy.len() < 1) {
            throw Refusal.meaningless("bad-length", "A copy's len must be at least 1.");
        }
        long target = address(copy.dest(), copy.len(), true);
        long source = address(copy.src(), copy.len(), false);
        return new ResolvedCopy(kind(copy), target, source, copy.len());
    }

    /** What a copy is refused with when a zone is exhausted. */
    Refusal outOfMemory(ZoneKind zone) {
        return memory.outOfMemory(zone);
    }

    private static MemcpyKind kind(DmaCommand.Copy copy) {
        if (copy.src().page() != null) {
            return MemcpyKind.PG_TO_PG;
        }
        return copy.dest().page() != null ? MemcpyKind.BUF_TO_PG : MemcpyKind.BUF_TO_BUF;
    }

    private long address(DmaCommand.Place place, int length, boolean written) {
        String buffer = place.buffer();
        String page = place.page();
        if (buffer != null && page == null) {
            return memory.bufferAddress(buffer, place.offset(), length, written);
        }
        if (page != null && buffer == null) {
            return memory.pageAddress(page, place.offset(), length, written);
        }
        throw Refusal.meaningless("bad-place", "A place names either a buffer or a page.");
    }
}
