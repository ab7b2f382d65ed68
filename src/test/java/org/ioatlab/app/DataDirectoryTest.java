package org.ioatlab.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void isMadeWithItsParentsAndReady() {
        Path folder = temporary.resolve("var").resolve("lab");
        DataDirectory directory = at(folder);
        directory.create();
        assertThat(folder).isDirectory();
        assertThat(directory.call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isUnreadyOnceItIsGone() throws IOException {
        Path folder = temporary.resolve("lab");
        DataDirectory directory = at(folder);
        directory.create();
        Files.delete(folder);
        assertThat(directory.call().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void isRefusedWithTheNameOfTheSettingWhereAFileIsInTheWay() throws IOException {
        Path file = Files.createFile(temporary.resolve("lab"));
        assertThatThrownBy(at(file)::create)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("lab.data.directory");
    }

    private static DataDirectory at(Path folder) {
        return new DataDirectory(() -> folder);
    }
}
