package org.ioatlab.lab;

import java.time.Duration;

/**
 * Every limit of the laboratory, by the name that it has in the configuration ({@code lab.limits.*}).
 *
 * @param machines most machines at once
 * @param memoryBytesPerMachine most memory that one machine's spec may ask for
 * @param backedMemoryBytes most host memory that all machines' written pages may take together, checked before a command that adds some
 * @param framesPerInjection most frames in one command
 * @param framesOnWiresPerMachine most frames that wait on one machine's wires
 * @param framesOnWires most frames that wait on the wires of all machines together
 * @param bodyBytes most bytes of a request's body
 * @param eventsPerAdvance most events that one advance fires
 * @param advancesAtOnce most advances of all machines under way together, so that events asked for are bounded by both
 * @param wallBudget most wall time that one advance takes, checked between slices
 * @param queuedCommandsPerMachine most commands, and apart from them looks, that wait for their turn on one machine
 * @param callsInFlightPerMachine most calls parked on one RUNNING machine
 * @param journalEntriesPerMachine most entries of one journal
 * @param journalBytesPerMachine most bytes that one journal's commands take
 * @param journalBytes most bytes that all journals take together
 * @param operations most operations remembered at once
 * @param machineLifetime how long a machine lives after its last use
 * @param operationPatience how long a request waits before its work becomes an operation
 * @param rememberedExpirations how many ids of expired machines are remembered as gone
 */
public record LabLimits(
        int machines,
        long memoryBytesPerMachine,
        long backedMemoryBytes,
        int framesPerInjection,
        int framesOnWiresPerMachine,
        long framesOnWires,
        int bodyBytes,
        long eventsPerAdvance,
        int advancesAtOnce,
        Duration wallBudget,
        int queuedCommandsPerMachine,
        int callsInFlightPerMachine,
        int journalEntriesPerMachine,
        long journalBytesPerMachine,
        long journalBytes,
        int operations,
        Duration machineLifetime,
        Duration operationPatience,
        int rememberedExpirations) {
    private static final long MIB = 1L << 20;

    /** Values for a host with a few gigabytes of memory. */
    public static LabLimits defaults() {
        return new LabLimits(
                10_000,
                2048 * MIB,
                1024 * MIB,
                100_000,
                1_000_000,
                10_000_000,
                (int) (64 * MIB),
                1_000_000_000L,
                1_000,
                Duration.ofMinutes(5),
                1_000,
                1_000,
                1_000_000,
                256 * MIB,
                512 * MIB,
                1_000,
                Duration.ofHours(24),
                Duration.ofSeconds(5),
                10_000);
    }
}
