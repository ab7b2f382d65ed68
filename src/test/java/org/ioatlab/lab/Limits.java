package org.ioatlab.lab;

import java.time.Duration;

/** The usual limits, but for what a test is about. */
final class Limits {
    private int machines = 100;
    private long memoryBytesPerMachine = 1L << 30;
    private long backedMemoryBytes = 1L << 30;
    private int framesPerInjection = 1000;
    private int framesOnWiresPerMachine = 100_000;
    private long framesOnWires = 1_000_000;
    private long eventsPerAdvance = 100_000_000;
    private int advancesAtOnce = 100;
    private Duration wallBudget = Duration.ofMinutes(1);
    private int queuedCommandsPerMachine = 1000;
    private int callsInFlightPerMachine = 100;
    private int journalEntriesPerMachine = 100_000;
    private long journalBytesPerMachine = 1L << 30;
    private long journalBytes = 1L << 30;
    private Duration machineLifetime = Duration.ofDays(1);
    private int rememberedExpirations = 10;

    private Limits() {}

    static Limits with() {
        return new Limits();
    }

    Limits machines(int value) {
        machines = value;
        return this;
    }

    Limits memoryBytesPerMachine(long value) {
        memoryBytesPerMachine = value;
        return this;
    }

    Limits backedMemoryBytes(long value) {
        backedMemoryBytes = value;
        return this;
    }

    Limits framesPerInjection(int value) {
        framesPerInjection = value;
        return this;
    }

    Limits framesOnWiresPerMachine(int value) {
        framesOnWiresPerMachine = value;
        return this;
    }

    Limits framesOnWires(long value) {
        framesOnWires = value;
        return this;
    }

    Limits advancesAtOnce(int value) {
        advancesAtOnce = value;
        return this;
    }

    Limits eventsPerAdvance(long value) {
        eventsPerAdvance = value;
        return this;
    }

    Limits wallBudgetMillis(long value) {
        wallBudget = Duration.ofMillis(value);
        return this;
    }

    Limits queuedCommandsPerMachine(int value) {
        queuedCommandsPerMachine = value;
        return this;
    }

    Limits callsInFlightPerMachine(int value) {
        callsInFlightPerMachine = value;
        return this;
    }

    Limits journalEntriesPerMachine(int value) {
        journalEntriesPerMachine = value;
        return this;
    }

    Limits journalBytesPerMachine(long value) {
        journalBytesPerMachine = value;
        return this;
    }

    Limits journalBytes(long value) {
        journalBytes = value;
        return this;
    }

    Limits machineLifetimeDays(long value) {
        machineLifetime = Duration.ofDays(value);
        return this;
    }

    Limits machineLifetimeNanos(long value) {
        machineLifetime = Duration.ofNanos(value);
        return this;
    }

    Limits rememberedExpirations(int value) {
        rememberedExpirations = value;
        return this;
    }

    LabLimits make() {
        return new LabLimits(
                machines,
                memoryBytesPerMachine,
                backedMemoryBytes,
                framesPerInjection,
                framesOnWiresPerMachine,
                framesOnWires,
                1 << 20,
                eventsPerAdvance,
                advancesAtOnce,
                wallBudget,
                queuedCommandsPerMachine,
                callsInFlightPerMachine,
                journalEntriesPerMachine,
                journalBytesPerMachine,
                journalBytes,
                100,
                machineLifetime,
                Duration.ofSeconds(5),
                rememberedExpirations);
    }
}
