package org.ioatlab.lab;

import org.ioatlab.machine.Refusal;

/** Somebody who is told what is recorded of a machine, as it happens. Called by whoever works on the machine: it must be short. */
public interface JournalWatcher {
    /** Another entry, in order and without gaps. */
    void recorded(JournalEntry entry);

    /** The machine is gone; nothing follows. */
    void ended(Refusal reason);
}
