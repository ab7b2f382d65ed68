package org.ioatlab.workload.program;

import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;

/** A busy loop, in slices that are short enough for interrupts. */
final class ComputingTask extends ProgramTask {
    private static final long SLICE_PS = 10 * Picoseconds.PER_MICROSECOND;

    private final long sliceCycles;
    private final long mostCycles;

    ComputingTask(ProgramProcess process, Processor on) {
        super(process.name(), process, on);
        long megahertz = on.cpu().frequency().megahertz();
        sliceCycles = megahertz * SLICE_PS / Picoseconds.PER_MICROSECOND;
        long microseconds = process.spec().durationPs() / Picoseconds.PER_MICROSECOND;
        mostCycles = process.spec().durationPs() == Long.MAX_VALUE ? Long.MAX_VALUE : microseconds * megahertz;
    }

    @Override
    protected Next run() {
        if (isKilled() || cycles() >= mostCycles) {
            return Next.EXIT;
        }
        processor().spend(Symbol.APPLICATION, Math.min(sliceCycles, mostCycles - cycles()));
        return Next.CONTINUE;
    }

    @Override
    protected Next returned(SystemCall finished) {
        throw new IllegalStateException("makes no system calls");
    }

    @Override
    protected Processor.Account account() {
        return Processor.Account.USER;
    }

    @Override
    protected void exited() {
        process.ended(this);
    }
}
