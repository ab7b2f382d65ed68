package org.ioatlab.lab;

import org.ioatlab.machine.Command;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.WireCommand;

/** What the limits say to another command for one machine. */
final class Admission {
    private Admission() {}

    /** @param onWires frames that wait on the machine's own wires */
    static void requireFrames(Workshop workshop, Command<?> command, long onWires) {
        int frames = frames(command);
        if (frames == 0) {
            return;
        }
        LabLimits limits = workshop.limits();
        int most = limits.framesPerInjection();
        if (frames > most) {
            throw Refusals.limit(
                    "too-many-frames", "framesPerInjection", most, "One command injects at most " + most + " frames.");
        }
        int mostOnWires = limits.framesOnWiresPerMachine();
        if (onWires + frames > mostOnWires) {
            throw Refusals.limit(
                    "wire-full",
                    "framesOnWiresPerMachine",
                    mostOnWires,
                    "At most " + mostOnWires + " frames wait on a machine's wires.");
        }
        if (workshop.usage().framesOnWires() + frames > limits.framesOnWires()) {
            throw Refusals.overloaded(
                    "service-frames",
                    "framesOnWires",
                    limits.framesOnWires(),
                    "At most " + limits.framesOnWires() + " frames wait on the wires of all machines.");
        }
    }

    private static int frames(Command<?> command) {
        return switch (command) {
            case NicCommand.InjectFrames c -> c.lengths().length;
            case WireCommand.InjectPackets c -> c.lengths().length;
            default -> 0;
        };
    }

    /** Takes a place for an advance, to be given back by {@link Usage#endAdvance}. */
    static void takeAdvance(Workshop workshop) {
        int most = workshop.limits().advancesAtOnce();
        if (!workshop.usage().beginAdvance(most)) {
            throw Refusals.overloaded(
                    "too-many-advances", "advancesAtOnce", most, "At most " + most + " machines are advanced at once.");
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
