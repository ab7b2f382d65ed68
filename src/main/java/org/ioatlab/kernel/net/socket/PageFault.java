package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.SystemCall.Step;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A system call has come upon a page of its user's that it can't write to: one that is paged out, which the call sleeps for, or one that is shared
 * with a child. Only in process context (OLS 2005 paper, section 4.3, reason 1).
 */
final class PageFault {
    private final SocketLayer layer;
    private final long faultCycles;
    private final long pageInPs;
    private @Nullable UserBuffer buffer;
    private int offset;
    private long endsPs;
    private int pagesIn;

    PageFault(SocketLayer layer, Platform platform) {
        this.layer = layer;
        faultCycles = platform.get(Parameter.PAGE_FAULT_CYCLES);
        pageInPs = platform.get(Parameter.PAGE_IN_NS) * Picoseconds.PER_NANOSECOND;
    }

    /**
     * Takes the fault at {@code at} of {@code faulting}.
     *
     * @return {@link Step#MORE} if the page can be written now, {@link Step#SLEEP} if it is on its way, see {@link #goOn}, {@link Step#DONE} if
     *     there is no such page
     */
    Step take(UserBuffer faulting, int at, Task task, Processor on) {
        on.spend(Symbol.DO_PAGE_FAULT, faultCycles);
        if (!faulting.isMapped(at)) {
            return Step.DONE;
        }
        if (faulting.isPresent(at)) {
            return faulting.breakSharing(at, layer.memory, on) ? Step.MORE : Step.DONE;
        }
        buffer = faulting;
        offset = at;
        endsPs = on.nowPs() + pageInPs;
        task.wakeAt(endsPs);
        return Step.SLEEP;
    }

    /** Whether a page is on its way. */
    boolean isPending() {
        return buffer != null;
    }

    /** Goes on with a page that was on its way: {@link Step#MORE} when it is there, {@link Step#DONE} if memory is exhausted. */
    Step goOn(Task task, Processor on) {
        UserBuffer faulting = buffer;
        if (faulting == null) {
            return Step.MORE;
        }
        if (on.nowPs() < endsPs) {
            task.wakeAt(endsPs);
            return Step.SLEEP;
        }
        buffer = null;
        if (!faulting.pageIn(offset, layer.memory, on)) {
            return Step.DONE;
        }
        pagesIn++;
        return Step.MORE;
    }

    /** Begins counting anew. */
    void reset() {
        pagesIn = 0;
    }

    /** Pages that it has brought in. */
    int pagesIn() {
        return pagesIn;
    }

    void hashInto(StateHash hash) {
        hash.put(buffer == null ? 0 : endsPs);
        hash.put(offset);
    }
}
