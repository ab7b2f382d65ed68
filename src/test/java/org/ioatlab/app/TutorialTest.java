package org.ioatlab.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.junit.jupiter.api.Test;

/** The tutorial's scripts, run as a reader would, find the SHA-256 of what was transferred. */
@QuarkusTest
class TutorialTest {
    private static final Pattern HASH = Pattern.compile("(?:sent|received): +([0-9a-f]{64})");
    private static final Pattern GOODPUT = Pattern.compile("at ([0-9.]+) Mb/s");

    @TestHTTPResource("/")
    URI service;

    @Test
    void theScriptFindsEachFilesHash() throws Exception {
        assumeTrue(isInstalled("jq"), "jq is not installed: the tutorial's script can't run");
        List<LinuxTransfer.Connection> connections = LinuxTransfer.connections();
        for (LinuxTransfer.Connection connection : List.of(connections.getFirst(), connections.getLast())) {
            String client = connection.data().toString().split(" > ", -1)[0];
            String output = run("receive-a-capture.sh", "src/test/resources/captures/linux-tcp-transfer.pcap", client);
            assertThat(output)
                    .contains("frames on the wire: 869")
                    .contains("engine: DMA_SUCCESS")
                    .contains(connection.data() + ": " + connection.bytes() + " bytes")
                    .contains(connection.sha256());
        }
    }

    @Test
    void aStreamArrivesAtTheRateOfItsFrames() throws Exception {
        assumeTrue(isInstalled("jq"), "jq is not installed: the tutorial's script can't run");
        assertThat(stream("1")).isCloseTo(941.5, within(2.0));
        assertThat(stream("0")).isCloseTo(949.3, within(2.0));
    }

    /** The goodput that the script shows. */
    private double stream(String timestamps) throws Exception {
        String output = run("receive-a-stream.sh", "50000000", timestamps);
        assertThat(output)
                .contains("net.ipv4.tcp_timestamps = " + timestamps)
                .contains("received: 50000000 bytes")
                .contains("tcp_v4_rcv");
        List<String> hashes =
                HASH.matcher(output).results().map(hash -> hash.group(1)).toList();
        assertThat(hashes).hasSize(2);
        assertThat(hashes.getFirst()).isEqualTo(hashes.getLast());
        Matcher goodput = GOODPUT.matcher(output);
        assertThat(goodput.find()).as(output).isTrue();
        return Double.parseDouble(goodput.group(1));
    }

    private String run(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "src/docs/tutorial/" + script));
        command.addAll(List.of(arguments));
        command.add(service.toString().replaceAll("/$", ""));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }

    private static boolean isInstalled(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
