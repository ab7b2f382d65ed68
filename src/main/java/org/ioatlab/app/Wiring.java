package org.ioatlab.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.ioatlab.lab.Fleet;
import org.ioatlab.lab.LabLimits;
import org.ioatlab.lab.WallClock;

/** Puts the laboratory together: one fleet under the configured limits, on the host's clock. */
@Singleton
public class Wiring {
    @Produces
    @Singleton
    WallClock clock() {
        return WallClock.SYSTEM;
    }

    @Produces
    @Singleton
    LabLimits limits(LabConfiguration configuration) {
        LabConfiguration.Limits limits = configuration.limits();
        return new LabLimits(
                limits.machines(),
                bytes(limits.memoryPerMachine()),
                bytes(limits.backedMemory()),
                limits.framesPerInjection(),
                limits.framesOnWiresPerMachine(),
                limits.framesOnWires(),
                Math.toIntExact(bytes(limits.body())),
                limits.eventsPerAdvance(),
                limits.advancesAtOnce(),
                limits.wallBudget(),
                limits.queuedCommandsPerMachine(),
                limits.callsInFlightPerMachine(),
                limits.journalEntriesPerMachine(),
                bytes(limits.journalPerMachine()),
                bytes(limits.journals()),
                configuration.operations().remembered(),
                limits.machineLifetime(),
                configuration.operations().patience(),
                limits.rememberedExpirations());
    }

    @Produces
    @Singleton
    Fleet fleet(WallClock clock, LabLimits limits) {
        return Fleet.open(clock, limits, Runtime.getRuntime().availableProcessors());
    }

    void close(@Disposes Fleet fleet) {
        fleet.close();
    }

    void measure(@Observes StartupEvent start, Fleet fleet, MeterRegistry metrics) {
        metrics.gauge("lab.machines", fleet, f -> f.figures().machines());
        metrics.gauge("lab.machines.running", fleet, f -> f.figures().running());
        metrics.gauge("lab.memory.backed.bytes", fleet, f -> f.figures().backedBytes());
        metrics.gauge("lab.journal.bytes", fleet, f -> f.figures().journalBytes());
    }

    private static long bytes(MemorySize size) {
        return size.asLongValue();
    }
}
