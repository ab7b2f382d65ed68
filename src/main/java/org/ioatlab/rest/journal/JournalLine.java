package org.ioatlab.rest.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.ioatlab.lab.ClockState;
import org.ioatlab.lab.StoppedBy;
import org.ioatlab.machine.MachineSpec;
import org.jspecify.annotations.Nullable;

/**
 * A line of a journal: the first tells what the machine was made from, the last where it stood, those between what was done to it.
 *
 * @param type CREATION, COMMAND, ADVANCE, CLOCK or END
 * @param version of the format, on the first line
 * @param sequence counted up from 1, for what was done
 * @param atPs the instant at which it was done
 * @param firedBefore how many events had fired by then
 * @param command the command's name
 * @param arguments the command's values
 * @param reachedPs where an advance ended
 * @param reachedFired how many events had fired then
 * @param stoppedBy why it ended
 * @param state of the clock
 * @param rateMillionths of the clock
 * @param nowPs virtual time at the end
 * @param fired events fired at the end
 * @param digest of the machine's whole state at the end
 */
public record JournalLine(
        Type type,
        @Nullable Integer version,
        @Nullable String name,
        @Nullable Map<String, String> labels,
        @Nullable String preset,
        @Nullable MachineSpec spec,
        @Nullable Long sequence,
        @Nullable Long atPs,
        @Nullable Long firedBefore,
        @Nullable String command,
        @Nullable JsonNode arguments,
        @Nullable Long reachedPs,
        @Nullable Long reachedFired,
        @Nullable StoppedBy stoppedBy,
        @Nullable ClockState state,
        @Nullable Long rateMillionths,
        @Nullable Long nowPs,
        @Nullable Long fired,
        @Nullable String digest) {
    /** What a line tells. */
    public enum Type {
        /** What the machine was made from. */
        CREATION,
        /** A command. */
        COMMAND,
        /** A move of a PAUSED machine. */
        ADVANCE,
        /** Another setting of its clock. */
        CLOCK,
        /** Where the machine stood. */
        END
    }
}
