package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.mm.PageAllocator;
import org.ioatlab.kernel.mm.ZoneKind;

/** What holds of engines, memory and readers between any two events. */
final class OffloadRulesCheck {
    private final Machine machine;
    private final PageAllocator pages;
    private final Map<String, Completed> completed = new TreeMap<>();

    private record Completed(IoatChannel channel, int generation, int cookie) {}

    OffloadRulesCheck(Machine machine) {
        this.machine = machine;
        pages = machine.sockets().layer.memory().pages();
    }

    void check() {
        checkCookies();
        checkNamedPages();
        for (ProcessViews.Program program : machine.processes().processes()) {
            assertEquals(
                    program.receivedBytes(),
                    program.offload().engineBytes() + program.offload().cpuBytes(),
                    program::toString);
        }
    }

    /** Whether any descriptor is still to be worked off. */
    boolean isEngineBusy() {
        return machine.dma().names(0, pages.frames() << PhysicalMemory.PAGE_SHIFT);
    }

    /** Cookies complete in order, and descriptors don't get lost. */
    private void checkCookies() {
        for (DmaViews.Channel view : machine.dma().channels()) {
            IoatChannel channel = machine.dma().find(view.id());
            Completed before = completed.get(view.id());
            int cookie = channel.lastCompletedCookie();
            if (before != null && before.channel == channel && before.generation == channel.generation()) {
                assertTrue(cookie >= before.cookie, () -> view + " went back from " + before.cookie);
            }
            completed.put(view.id(), new Completed(channel, channel.generation(), cookie));
            assertTrue(cookie <= channel.lastUsedCookie(), view::toString);
            int held = channel.usedDescriptors() + channel.freeDescriptors();
            assertTrue(held <= channel.allocatedDescriptors(), () -> view + " has descriptors twice");
        }
    }

    /** No engine may touch a page that is free, nor one of a user's (they lie in high memory) that isn't pinned. */
    private void checkNamedPages() {
        if (!isEngineBusy()) {
            return;
        }
        int begin = -1;
        for (int frame = 0; frame <= pages.frames(); frame++) {
            boolean untouchable = frame < pages.frames() && (pages.isFree(frame) || isUnpinned(frame));
            if (untouchable && begin < 0) {
                begin = frame;
            } else if (!untouchable && begin >= 0) {
                requireUnnamed(begin, frame);
                begin = -1;
            }
        }
    }

    private boolean isUnpinned(int frame) {
        return pages.pins(frame) == 0 && pages.kindOf(frame) == ZoneKind.HIGH;
    }

    private void requireUnnamed(int from, int to) {
        long address = (long) from << PhysicalMemory.PAGE_SHIFT;
        int length = (to - from) << PhysicalMemory.PAGE_SHIFT;
        assertFalse(
                machine.dma().names(address, length),
                () -> "a descriptor names a page that is free or not pinned, of " + from + " to " + to);
    }
}
