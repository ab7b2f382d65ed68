package org.ioatlab.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.junit.jupiter.api.Test;

/** The tutorial's script, run as a reader would, finds the SHA-256 of what was transferred. */
@QuarkusTest
class TutorialTest {
    @TestHTTPResource("/")
    URI service;

    @Test
    void theScriptFindsEachFilesHash() throws Exception {
        assumeTrue(isInstalled("jq"), "jq is not installed: the tutorial's script can't run");
        List<LinuxTransfer.Connection> connections = LinuxTransfer.connections();
        for (LinuxTransfer.Connection connection : List.of(connections.getFirst(), connections.getLast())) {
            String client = connection.data().toString().split(" > ", -1)[0];
            String output = run(client);
            assertThat(output)
                    .contains("frames on the wire: 869")
                    .contains("engine: DMA_SUCCESS")
                    .contains(connection.data() + ": " + connection.bytes() + " bytes")
                    .contains(connection.sha256());
        }
    }

    private String run(String client) throws Exception {
        Process bash = new ProcessBuilder(
                        "bash",
                        "src/docs/tutorial/receive-a-capture.sh",
                        "src/test/resources/captures/linux-tcp-transfer.pcap",
                        client,
                        service.toString().replaceAll("/$", ""))
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }

    private static boolean isInstalled(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
