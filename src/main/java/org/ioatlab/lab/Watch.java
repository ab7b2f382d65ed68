package org.ioatlab.lab;

import java.util.List;

/** A watcher at work, from {@link MachineHandle#watch}. */
public final class Watch implements AutoCloseable {
    private final JournalWatcher watcher;
    private int told;
    private volatile boolean closed;

    Watch(JournalWatcher watcher, int told) {
        this.watcher = watcher;
        this.told = told;
    }

    /** Tells nothing more, but for what is being told at this moment. */
    @Override
    public void close() {
        closed = true;
    }

    JournalWatcher watcher() {
        return watcher;
    }

    /** Tells what is new in the journal; whether it is to be told more. */
    boolean tell(Journal journal) {
        if (told < journal.size()) {
            List<JournalEntry> entries = journal.entries();
            while (told < entries.size() && !closed) {
                watcher.recorded(entries.get(told++));
            }
        }
        return !closed;
    }
}
