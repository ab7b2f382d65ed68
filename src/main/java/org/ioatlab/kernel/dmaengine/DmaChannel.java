package org.ioatlab.kernel.dmaengine;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A channel as the DMA subsystem sees it: its name, its client, its per-processor counters, and what a driver must be able to do with it.
 */
public abstract class DmaChannel {
    private final String name;
    private final long[] memcpyCounts;
    private final long[] bytesTransferred;

    @Nullable
    DmaClient client;

    protected DmaChannel(String name, int cpus) {
        this.name = name;
        memcpyCounts = new long[cpus];
        bytesTransferred = new long[cpus];
    }

    /** {@code dma<device>chan<n>}. */
    public final String name() {
        return name;
    }

    /** Who owns it, or null. */
    public final @Nullable DmaClient client() {
        return client;
    }

    /** Copy calls so far, on all processors. */
    public final long memcpyCount() {
        return sum(memcpyCounts);
    }

    /** Bytes of those calls. */
    public final long bytesTransferred() {
        return sum(bytesTransferred);
    }

    /** Prepares the channel for a client ({@code device_alloc_chan_resources}): the number of descriptors, or a negative error number. */
    public abstract int allocateResources(Processor on);

    /** Takes the resources back ({@code device_free_chan_resources}). */
    public abstract void freeResources(Processor on);

    /** Tells the engine of copies that it doesn't know of yet ({@code device_memcpy_issue_pending}). */
    public abstract void issuePending(Processor on);

    /** Where a copy stands ({@code device_memcpy_complete}): runs the driver's cleanup if need be. */
    public abstract DmaStatus complete(int cookie, Processor on);

    /**
     * Submits a whole copy in one go ({@code dma_memcpy_*}): for lengths of a page at most, so that it stays a short piece of work.
     *
     * @param target physical address
     * @param source physical address
     * @param length bytes, at least 1
     * @return its cookie, or a negative error number
     */
    public abstract int memcpy(MemcpyKind kind, long target, long source, int length, Processor on);

    /** Has the engine interrupt when all that is queued now is done. */
    public abstract void armInterrupt(Processor on);

    /** A task that sleeps for an interrupt or spins for a completion of this channel. */
    public abstract void addWaiter(Task task);

    /** The task has stopped waiting. */
    public abstract void removeWaiter(Task task);

    /** Changes whenever what was queued is dropped: by RESET, by a new owner, or by removal. */
    public abstract int generation();

    /** Whether it was pulled out or has halted, so that nothing that is queued will be done. */
    public abstract boolean hasFailed();

    /** Whether it does nothing until it is resumed. */
    public abstract boolean isSuspended();

    /** Drops all that is queued and starts the channel anew, if its engine is still there. */
    public abstract void restart(Processor on);

    /** Counts one copy call, before the driver runs. */
    protected final void count(Processor on, long bytes) {
        memcpyCounts[on.cpu().id()]++;
        bytesTransferred[on.cpu().id()] += bytes;
    }

    /** Feeds owner and driver state; the counters are for observation. */
    protected void hashInto(StateHash hash) {
        hash.put(name);
        hash.put(client == null ? "" : client.name());
    }

    private static long sum(long[] counters) {
        long sum = 0;
        for (long counter : counters) {
            sum += counter;
        }
        return sum;
    }
}
