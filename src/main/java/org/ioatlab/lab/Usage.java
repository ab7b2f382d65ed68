package org.ioatlab.lab;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all machines of the fleet take together, kept up to date by their writers. */
final class Usage {
    private final AtomicLong backedBytes = new AtomicLong();
    private final AtomicLong journalBytes = new AtomicLong();

    private final AtomicLong framesOnWires = new AtomicLong();
    private final AtomicInteger advances = new AtomicInteger();

    long framesOnWires() {
        return framesOnWires.get();
    }

    void addFrames(long frames) {
        framesOnWires.addAndGet(frames);
    }

    /** Takes one of {@code most} places for an advance; false when none is left. */
    boolean beginAdvance(int most) {
        if (advances.incrementAndGet() <= most) {
            return true;
        }
        advances.decrementAndGet();
        return false;
    }

    void endAdvance() {
        advances.decrementAndGet();
    }

    long backedBytes() {
        return backedBytes.get();
    }

    long journalBytes() {
        return journalBytes.get();
    }

    void addBacked(long bytes) {
        backedBytes.addAndGet(bytes);
    }

    void addJournal(long bytes) {
        journalBytes.addAndGet(bytes);
    }
}
