package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to processors and their interrupts.
 *
 * @param <R> what it answers
 */
public sealed interface CpuCommand<R> extends Command<R> {
    /** The most cycles that a called function may take. */
    int MOST_FUNCTION_CYCLES = 1_000_000;

    /** The ways to have other processors run a function (OLS 2005 paper, section 3). */
    enum CrossCallType {
        /** {@code smp_call_async_mask()}: reaches the processors named and doesn't wait. */
        ASYNC_MASK,
        /** {@code smp_call_function()}: reaches all others and waits until they have done it. */
        CALL_FUNCTION
    }

    /** Steers an interrupt to a processor, at once; the choice outlives resets of the device. */
    record SetInterruptAffinity(int irq, int cpu) implements CpuCommand<CpuViews.Interrupt> {}

    /**
     * Has other processors run a function of so many cycles; answers when all have.
     *
     * @param cpuMask the numbers of the called; with {@link CrossCallType#CALL_FUNCTION} all but {@code cpu}, or null
     * @param functionCycles 0 to {@link #MOST_FUNCTION_CYCLES}
     */
    record CallOthers(CrossCallType type, @Nullable List<Integer> cpuMask, int functionCycles, int cpu)
            implements CpuCommand<CpuViews.CrossCalled> {}
}
