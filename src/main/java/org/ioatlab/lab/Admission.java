package org.ioatlab.lab;

import org.ioatlab.machine.Command;
import org.ioatlab.machine.NicCommand;

/** What the limits say to another command for one machine. */
final class Admission {
    private Admission() {}

    static void requireFrames(LabLimits limits, Command<?> command) {
        int most = limits.framesPerInjection();
        if (command instanceof NicCommand.InjectFrames c && c.lengths().length > most) {
            throw Refusals.limit(
                    "too-many-frames", "framesPerInjection", most, "One command injects at most " + most + " frames.");
        }
    }

    /** @param parked calls that are in flight on a RUNNING machine */
    static void requireCalls(LabLimits limits, int parked) {
        if (parked >= limits.callsInFlightPerMachine()) {
            throw Refusals.limit(
                    "too-many-calls",
                    "callsInFlightPerMachine",
                    limits.callsInFlightPerMachine(),
                    "Already " + parked + " calls on this machine have not returned.");
        }
    }

    /** @param bytes that one more entry takes */
    static void requireJournalRoom(Workshop workshop, Journal journal, long bytes) {
        LabLimits limits = workshop.limits();
        requireBelow(journal.size() + 1L, limits.journalEntriesPerMachine(), "journalEntriesPerMachine", "entries");
        requireBelow(
                journal.bytes() + bytes, limits.journalBytesPerMachine(), "journalBytesPerMachine", "bytes of entries");
        requireBelow(
                workshop.usage().journalBytes() + bytes,
                limits.journalBytes(),
                "journalBytes",
                "bytes of all machines' entries");
    }

    private static void requireBelow(long wanted, long limit, String name, String noun) {
        if (wanted > limit) {
            throw Refusals.limit("journal-full", name, limit, "The journal holds at most " + limit + " " + noun + ".");
        }
    }
}
