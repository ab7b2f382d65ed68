package org.ioatlab.workload.scenario;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.MessageFlags;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/**
 * Reads into two buffers, the second of which ends before the program says so. {@code dma_pin_iovec_pages} pins the first pages of the
 * second, meets the one that isn't there, and forgets them (R. Gushchin, linux-kernel, September 2014).
 */
public final class PinLeak extends ScenarioProgram {
    /** How often it reads. */
    public static final int READS = 4;

    private static final int FIRST_PAGES = 2;
    private static final int SECOND_PAGES = 4;
    private static final int SECOND_MAPPED = 2;
    private static final int MAPPED_BYTES = (FIRST_PAGES + SECOND_MAPPED) * PhysicalMemory.PAGE_SIZE;

    private final UserBuffer first = buffer(FIRST_PAGES * PhysicalMemory.PAGE_SIZE, FIRST_PAGES);
    private final UserBuffer second = buffer(SECOND_PAGES * PhysicalMemory.PAGE_SIZE, SECOND_MAPPED);
    private int reads;
    private int failedReads;
    private int pinnedBefore;
    private int pinnedAfter;
    private int leakedPins;
    private int lostPages;

    /** A program that doesn't run yet. */
    public PinLeak(ScenarioPlace place, long timeoutPs, Processor on, Listener listener) {
        super("pin-leak", place, timeoutPs, on, listener);
    }

    /** Bytes that each read asks for. */
    public int askedBytes() {
        return first.length() + second.length();
    }

    /** Reads that have returned. */
    public int reads() {
        return reads;
    }

    /** Those that returned an error. */
    public int failedReads() {
        return failedReads;
    }

    /** Pages of the machine that were pinned when the first read began. */
    public int pinnedBefore() {
        return pinnedBefore;
    }

    /** The same after the last one. */
    public int pinnedAfter() {
        return pinnedAfter;
    }

    /** How often the program's pages were pinned by nobody any more when it gave them back. */
    public int leakedPins() {
        return leakedPins;
    }

    /** Pages that stay allocated for good, as nobody lets them go. */
    public int lostPages() {
        return lostPages;
    }

    @Override
    int bytesToSend() {
        return READS * MAPPED_BYTES;
    }

    @Override
    Next prepare() {
        pinnedBefore = memory().pages().pinnedPages();
        return read();
    }

    @Override
    int aim() {
        receive.into().add(first, 0, first.length()).add(second, 0, second.length());
        return MessageFlags.MSG_WAITALL;
    }

    @Override
    Next readReturned(long result) {
        reads++;
        failedReads += result < 0 ? 1 : 0;
        boolean inTime = processor().nowPs() < deadlinePs();
        return reads < READS && inTime ? read() : leave();
    }

    @Override
    void beforeFreeing() {
        pinnedAfter = memory().pages().pinnedPages();
        count(first, FIRST_PAGES);
        count(second, SECOND_MAPPED);
    }

    private void count(UserBuffer buffer, int pages) {
        for (int i = 0; i < pages; i++) {
            int frame = buffer.frameAt(i * PhysicalMemory.PAGE_SIZE);
            int pins = memory().pages().pins(frame);
            leakedPins += pins;
            lostPages += pins > 0 ? 1 : 0;
        }
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(reads);
    }
}
