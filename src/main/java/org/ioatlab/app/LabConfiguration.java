package org.ioatlab.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import org.ioatlab.lab.LabLimits;

/** What {@code lab.*} in the configuration says. */
@ConfigMapping(prefix = "lab")
public interface LabConfiguration {

    /** Where and how data are kept. */
    Data data();

    /** What nobody can have more of. */
    Limits limits();

    /** Work that outlasts its request. */
    Operations operations();

    /** Whether the service starts with the machines that the examples of its documentation use. */
    @WithDefault("true")
    boolean demo();

    /** {@code lab.data.*}. */
    interface Data {

        /** The folder for everything that the service writes, made at the start when it is missing. */
        Path directory();
    }

    /** {@code lab.operations.*}. */
    interface Operations {
        /** How long a request waits for its work before it is answered with an operation. */
        Duration patience();

        /** Most operations remembered at once. */
        int remembered();
    }

    /** {@code lab.limits.*}; see {@link LabLimits} for what each means. */
    interface Limits {
        int machines();

        MemorySize memoryPerMachine();

        MemorySize backedMemory();

        int framesPerInjection();

        int framesOnWiresPerMachine();

        long framesOnWires();

        MemorySize body();

        long eventsPerAdvance();

        int advancesAtOnce();

        Duration wallBudget();

        int queuedCommandsPerMachine();

        int callsInFlightPerMachine();

        int journalEntriesPerMachine();

        MemorySize journalPerMachine();

        MemorySize journals();

        Duration machineLifetime();

        int rememberedExpirations();
    }
}
