package org.ioatlab.lab;

import java.util.List;

/**
 * All that is needed to make the same machine again.
 *
 * @param creation what it was made from
 * @param entries what was done to it, in order
 * @param end where it stood then
 */
public record JournalFile(MachineCreation creation, List<JournalEntry> entries, JournalEnd end) {}
