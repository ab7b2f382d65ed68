package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.Errno;
import org.ioatlab.kernel.dmaengine.IoatChannel;
import org.ioatlab.kernel.dmaengine.PendingCopy;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Copies submitted one after the other, a descriptor a slice; or, where no channel takes them and the caller wants that, done by the
 * processor, a page a slice (a client's fall-back, OLS 2005 paper, section 4.2).
 */
final class SubmitCall extends KernelCall<DmaViews.Submitted> {
    private final DmaFace face;
    private final DmaCommand.SubmitCopies command;
    private final @Nullable IoatChannel channel;
    private final List<ResolvedCopy> copies;
    private final List<DmaViews.Copy> done = new ArrayList<>();

    private @Nullable PendingCopy submitting;
    private boolean usedEngine;
    private boolean onCpu;
    private int copiedByCpu;
    private long cycles;

    /** @param channel where, or null for the processor */
    SubmitCall(
            DmaFace face,
            DmaCommand.SubmitCopies command,
            @Nullable IoatChannel channel,
            List<ResolvedCopy> copies,
            Processor processor) {
        super("dma_memcpy", processor);
        this.face = face;
        this.command = command;
        this.channel = channel;
        this.copies = copies;
        onCpu = channel == null;
    }

    @Override
    protected Next resume() {
        ResolvedCopy copy = copies.get(done.size());
        long before = processor().cpu().cursorCycles();
        IoatChannel engine = onCpu ? null : channel;
        Next next = engine == null ? copyByCpu(copy, before) : submit(engine, copy, before);
        if (next == Next.CONTINUE && done.size() == copies.size()) {
            String taker = usedEngine && channel != null ? channel.name() : null;
            return answer(new DmaViews.Submitted(taker, List.copyOf(done), 0));
        }
        return next;
    }

    /** Whether any of its copies, done or not, reads or writes any of these bytes. */
    boolean names(long address, int length) {
        for (ResolvedCopy copy : copies) {
            if (overlap(copy.source(), copy.length(), address, length)
                    || overlap(copy.target(), copy.length(), address, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void ended() {
        face.ended(this);
    }

    @Override
    protected DmaViews.Submitted finish(DmaViews.Submitted result) {
        return new DmaViews.Submitted(
                result.channel(),
                result.copies(),
                Machine.done(processor().loop()).nowNs());
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(done.size());
        hash.put(submitting == null ? -1 : submitting.written());
        hash.put(onCpu);
        hash.put(copiedByCpu);
        hash.put(cycles);
    }

    private Next submit(IoatChannel engine, ResolvedCopy copy, long before) {
        PendingCopy now = submitting;
        if (now == null) {
            if (!DmaFace.isReady(engine, command.client())) {
                return turnedAway(DmaFace.notReady(engine, command.client()));
            }
            now = engine.begin(copy.kind(), copy.target(), copy.source(), copy.length(), processor());
            submitting = now;
        }
        int cookie = engine.addPiece(now, processor());
        cycles += processor().cpu().cursorCycles() - before;
        if (cookie < 0) {
            return turnedAway(failed(engine, cookie).with("errno", cookie));
        }
        if (cookie > 0) {
            usedEngine = true;
            DmaStatus status = engine.peekNewest();
            finishCopy(new DmaViews.Copy(cookie, copy.kind().name(), status.name(), "ENGINE", now.pieces(), cycles));
        }
        return Next.CONTINUE;
    }

    /** The channel doesn't take this copy: the processor does it, if the caller wants that. */
    private Next turnedAway(Refusal reason) {
        submitting = null;
        if (!command.fallbackToCpu()) {
            return refuse(reason.with("submitted", done.size()));
        }
        onCpu = true;
        return Next.CONTINUE;
    }

    private Next copyByCpu(ResolvedCopy copy, long before) {
        copiedByCpu += face.cpuCopy.copyPiece(
                copy.target() + copiedByCpu, copy.source() + copiedByCpu, copy.length() - copiedByCpu, processor());
        cycles += processor().cpu().cursorCycles() - before;
        if (copiedByCpu == copy.length()) {
            finishCopy(new DmaViews.Copy(null, copy.kind().name(), DmaStatus.DMA_SUCCESS.name(), "CPU", 0, cycles));
        }
        return Next.CONTINUE;
    }

    private void finishCopy(DmaViews.Copy result) {
        done.add(result);
        submitting = null;
        onCpu = channel == null;
        copiedByCpu = 0;
        cycles = 0;
    }

    private Refusal failed(IoatChannel engine, int error) {
        if (error == Errno.ENOMEM.returned() && engine.usedDescriptors() < IoatChannel.DESCRIPTOR_LIMIT / 2) {
            return face.places.outOfMemory(ZoneKind.LOW);
        }
        if (error == Errno.ENOMEM.returned()) {
            return Refusal.conflict(
                    "descriptor-limit",
                    engine.name() + " holds at most " + IoatChannel.DESCRIPTOR_LIMIT
                            + " descriptors; wait for some to be done.");
        }
        return DmaFace.isReady(engine, command.client())
                ? Refusal.conflict("copy-dropped", engine.name() + " was reset while the copy was being submitted.")
                : DmaFace.notReady(engine, command.client());
    }

    private static boolean overlap(long a, int lengthOfA, long b, int lengthOfB) {
        return a < b + lengthOfB && b < a + lengthOfA;
    }
}
