package org.ioatlab.lab;

import java.util.concurrent.atomic.AtomicLong;

/** What all machines of the fleet take together, kept up to date by their writers. */
final class Usage {
    private final AtomicLong backedBytes = new AtomicLong();
    private final AtomicLong journalBytes = new AtomicLong();

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
