package org.ioatlab.app;

import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The data folder: made at the start, and a reason to be unready while it cannot be written. */
@Readiness
@Startup
@Singleton
public class DataDirectory implements HealthCheck {

    private final Path directory;

    @Inject
    DataDirectory(LabConfiguration configuration) {
        this(configuration.data());
    }

    DataDirectory(LabConfiguration.Data data) {
        directory = data.directory();
    }

    @PostConstruct
    void create() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("lab.data.directory cannot be made: " + directory.toAbsolutePath(), e);
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("data directory is writable")
                .status(Files.isWritable(directory))
                .build();
    }
}
