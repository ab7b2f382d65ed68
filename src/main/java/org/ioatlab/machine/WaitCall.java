package org.ioatlab.machine;

import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * {@code dma_wait_for_completion()} (OLS 2005 paper, section 4.2): sleeps until the engine interrupts, or, where the kernel had no such
 * sleep, looks again and again and lets others run in between.
 */
final class WaitCall extends KernelCall<DmaViews.Cookie> {
    private final DmaFace face;
    private final DmaCommand.WaitForCookie command;
    private final IoatChannel channel;
    private final int generation;
    private final long calledPs;
    private final long deadlinePs;
    private boolean armed;
    private boolean waiting;
    private long cycles;

    WaitCall(DmaFace face, DmaCommand.WaitForCookie command, IoatChannel channel, Processor processor) {
        super("dma_wait_for_completion", processor);
        this.face = face;
        this.command = command;
        this.channel = channel;
        generation = channel.generation();
        calledPs = processor.loop().nowPs();
        deadlinePs = calledPs + Math.min(command.timeoutPs(), EventLoop.HORIZON_PS);
    }

    @Override
    protected Next resume() {
        if (channel.generation() != generation) {
            return end(refuse(dropped()));
        }
        long before = processor().cpu().cursorCycles();
        DmaStatus status = channel.complete(command.cookie(), processor());
        boolean overdue = processor().loop().nowPs() >= deadlinePs;
        Next next = status == DmaStatus.DMA_IN_PROGRESS && !overdue ? keepWaiting() : Next.EXIT;
        cycles += processor().cpu().cursorCycles() - before;
        if (next != Next.EXIT) {
            return next;
        }
        boolean timedOut = status == DmaStatus.DMA_IN_PROGRESS;
        return end(answer(face.cookieView(channel, command.cookie(), status, 0L, timedOut, cycles)));
    }

    @Override
    protected DmaViews.Cookie finish(DmaViews.Cookie result) {
        long nowPs = processor().loop().nowPs();
        return new DmaViews.Cookie(
                result.cookie(),
                result.status(),
                result.lastCompletedCookie(),
                result.lastUsedCookie(),
                Picoseconds.toNanoseconds(nowPs - calledPs),
                result.timedOut(),
                result.cycles(),
                Picoseconds.toNanoseconds(nowPs));
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(command.cookie());
        hash.put(calledPs);
        hash.put(deadlinePs);
        hash.put(armed);
        hash.put(waiting);
        hash.put(cycles);
    }

    private Next keepWaiting() {
        if (!waiting) {
            waiting = true;
            channel.addWaiter(this);
        }
        wakeAt(deadlinePs);
        if (!face.sleepsForCompletion) {
            return Next.SPIN;
        }
        if (!armed) {
            armed = true;
            channel.armInterrupt(processor());
        }
        return Next.SLEEP;
    }

    private Next end(Next next) {
        if (waiting) {
            channel.removeWaiter(this);
        }
        return next;
    }

    private Refusal dropped() {
        return channel.isGone()
                ? DmaFace.notReady(channel, null)
                : Refusal.conflict(
                        "copy-dropped",
                        "Copy " + command.cookie() + " was dropped: " + channel.name() + " was reset or handed on.");
    }
}
