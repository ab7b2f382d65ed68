package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/**
 * Whoever does a piece of kernel work: a {@link Processor}, which pays for it in cycles, or a host outside of the machine, whose work costs
 * nothing.
 */
public interface Work {
    /** Charges {@code cycles} to {@code symbol}. */
    void spend(Symbol symbol, long cycles);

    /** Charges functions that run together. */
    void spend(CostList costs);

    /** The instant that this work has reached, picoseconds. What leaves it is stamped so. */
    long nowPs();

    /** Reads all of {@code [address, address + bytes)} and charges {@code symbol} with what that takes beyond hits of the first-level cache. */
    default void read(Symbol symbol, MemoryUse use, long address, int bytes) {}

    /** The same for writing. */
    default void write(Symbol symbol, MemoryUse use, long address, int bytes) {}

    /** Charges a sequential read: first to last byte, at the rate of the cache or of memory. */
    default void scan(Symbol symbol, MemoryUse use, long address, int bytes) {}

    /** Charges a sequential copy; whoever asks moves the bytes. */
    default void copy(Symbol symbol, MemoryUse to, long target, MemoryUse from, long source, int bytes) {}
}
