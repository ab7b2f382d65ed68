package org.ioatlab.machine;

import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.jspecify.annotations.Nullable;

/**
 * A kernel function called from outside, in process context on one processor: it begins when that processor is free, spends its cycles,
 * and returns at the instant at which they end.
 *
 * @param <R> what it answers
 */
abstract class KernelCall<R> extends Task {
    private final Call<R> call = new Call<>();
    private @Nullable R answer;
    private @Nullable Refusal refusal;

    KernelCall(String function, Processor processor) {
        super(function, processor);
        setAffinity(CpuMask.of(processor.cpu().id()));
    }

    /** Starts it. */
    final Call<R> start() {
        wake();
        return call;
    }

    /** Ends the call with an answer when this slice's cycles are spent. */
    final Next answer(R result) {
        answer = result;
        return Next.EXIT;
    }

    /** Ends the call with a refusal. */
    final Next refuse(Refusal reason) {
        refusal = reason;
        return Next.EXIT;
    }

    /** What the caller gets; called at the instant of return, so that clocks and states in it are those of the return. */
    protected R finish(R result) {
        return result;
    }

    /** What the answer is about may have gone while the last cycles were spent. */
    private void finishWith(R result) {
        try {
            call.complete(finish(result));
        } catch (Refusal gone) {
            call.fail(gone);
        }
    }

    /** The call is over, well or not; called just before its caller learns of it. */
    protected void ended() {}

    /** The process is there before and after the call. */
    @Override
    protected final boolean endsThread() {
        return false;
    }

    @Override
    protected final String command() {
        return thread();
    }

    /** All kernel calls from outside on one processor come from one thread there. */
    @Override
    protected final String thread() {
        return "client";
    }

    @Override
    protected final void exited() {
        ended();
        if (refusal != null) {
            call.fail(refusal);
        } else if (answer != null) {
            finishWith(answer);
        } else {
            throw new IllegalStateException(name() + " returned nothing");
        }
        processor().loop().requestStop();
    }
}
