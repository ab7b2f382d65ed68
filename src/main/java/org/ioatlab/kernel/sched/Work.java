package org.ioatlab.kernel.sched;

import org.ioatlab.observe.Symbol;

/**
 * Whoever does a piece of kernel work: a {@link Processor}, which pays for it in cycles, or a host outside of the machine, whose work costs
 * nothing.
 */
public interface Work {
    /** Charges {@code cycles} to {@code symbol}. */
    void spend(Symbol symbol, long cycles);

    /** The instant that this work has reached, picoseconds. What leaves it is stamped so. */
    long nowPs();
}
