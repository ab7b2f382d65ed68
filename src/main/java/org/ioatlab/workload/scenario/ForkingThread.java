package org.ioatlab.workload.scenario;

import java.util.Arrays;
import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/** A thread beside {@link CowRace}'s reader, in the same memory: forks at a given instant and then writes to its own bytes of each page. */
final class ForkingThread extends Task {
    private static final byte STAMP = 0x5a;

    private final CowRace program;
    private final UserBuffer buffer;
    private final long forksAtPs;
    private final long forkCycles;
    private final long faultCycles;
    private final byte[] own = new byte[CowRace.OWN_BYTES];
    private boolean forked;
    private int nextPage;
    private int copiedPages;

    ForkingThread(CowRace program, UserBuffer buffer, long forksAtPs) {
        super(program.name() + "-forks", program.processor());
        this.program = program;
        this.buffer = buffer;
        this.forksAtPs = forksAtPs;
        Platform platform = program.place.platform();
        forkCycles = platform.get(Parameter.FORK_CYCLES);
        faultCycles = platform.get(Parameter.PAGE_FAULT_CYCLES);
        Arrays.fill(own, STAMP);
        setAffinity(CpuMask.of(processor().cpu().id()));
    }

    int copiedPages() {
        return copiedPages;
    }

    @Override
    protected Next resume() {
        Processor on = processor();
        if (on.nowPs() < forksAtPs) {
            wakeAt(forksAtPs);
            return Next.SLEEP;
        }
        if (!forked) {
            fork(on);
            return Next.CONTINUE;
        }
        boolean stored = store(nextPage * PhysicalMemory.PAGE_SIZE + PhysicalMemory.PAGE_SIZE - own.length, on);
        nextPage++;
        boolean last = nextPage * PhysicalMemory.PAGE_SIZE == buffer.length();
        return stored && !last ? Next.CONTINUE : Next.EXIT;
    }

    private void fork(Processor on) {
        forked = true;
        on.spend(Symbol.DO_FORK, forkCycles);
        ForkedChild child =
                new ForkedChild(program, buffer.fork(program.memory().pages()));
        program.forked(child);
        child.wake(on);
    }

    /** The program's own bytes of a page; false if there is no memory for a copy of it. */
    private boolean store(int offset, Processor on) {
        if (buffer.isSharedAt(offset)) {
            on.spend(Symbol.DO_PAGE_FAULT, faultCycles);
            int before = buffer.frameAt(offset);
            if (!buffer.breakSharing(offset, program.memory(), on)) {
                return false;
            }
            copiedPages += buffer.frameAt(offset) == before ? 0 : 1;
        }
        on.write(Symbol.APPLICATION, MemoryUse.USER, buffer.addressAt(offset), own.length);
        buffer.write(program.memory().bytes(), offset, own, 0, own.length);
        return true;
    }

    @Override
    protected void exited() {
        program.wake();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put((long) nextPage << Integer.SIZE | copiedPages);
        hash.put(forked);
    }
}
