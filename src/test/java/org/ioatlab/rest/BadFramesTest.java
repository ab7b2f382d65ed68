package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;

/** Frames and capture files that can't be used, and those that a port takes and counts as wrong. */
@QuarkusTest
class BadFramesTest {
    private static final String FRAMES = "/nics/eth0/frames";
    private static final String PCAP = "application/vnd.tcpdump.pcap";

    private static byte[] capture() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(BadFramesTest.class.getResourceAsStream("/captures/linux-tcp-transfer.pcap"))) {
            return file.readAllBytes();
        }
    }

    private static Response upload(String machine, byte[] file) {
        return given().contentType(PCAP).body(file).post(machine + FRAMES);
    }

    @Test
    void aCaptureIsWholeAndOfAKnownKind() throws IOException {
        Untouched machine = Untouched.of(paused("bad-captures"));
        byte[] file = capture();
        assertThat(machine.refused(400, "capture-truncated", upload(machine.machine(), Arrays.copyOf(file, 1000)))
                        .<Integer>path("position"))
                .isEqualTo(1000);
        machine.refused(400, "not-a-capture", upload(machine.machine(), new byte[100]));
        machine.refused(400, "not-a-capture", upload(machine.machine(), "GIF89a".getBytes(StandardCharsets.US_ASCII)));
        byte[] wlan = Arrays.copyOf(file, 24);
        wlan[20] = 105;
        machine.refused(422, "capture-link-type", upload(machine.machine(), wlan));
        machine.refused(400, "invalid-value", upload(machine.machine(), new byte[0]));
        machine.refused(
                415,
                "unsupported-media-type",
                given().contentType("image/png").body(file).post(machine.machine() + FRAMES));
        machine.refused(
                400,
                "invalid-value",
                given().contentType(PCAP).body(file).post(machine.machine() + FRAMES + "?timing=SLOW"));
        machine.refused(
                400,
                "invalid-value",
                given().contentType(PCAP).body(file).post(machine.machine() + FRAMES + "?mac=MINE"));
        machine.refused(
                404, "unknown-nic", given().contentType(PCAP).body(file).post(machine.machine() + "/nics/eth7/frames"));
    }

    @Test
    void framesAreBytesInOneForm() {
        Untouched machine = Untouched.of(paused("bad-frames"));
        machine.refused(400, "invalid-value", FRAMES, "{}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[{}]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[null]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[{\"hex\":\"0\"}]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[{\"hex\":\"xx\"}]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[{\"hex\":\"00\",\"base64\":\"AA==\"}]}");
        machine.refused(400, "invalid-value", FRAMES, "{\"frames\":[{\"hex\":\"00\",\"gap\":\"soon\"}]}");
    }

    @Test
    void moreThanTheLimitOfFramesIsTooLarge() {
        Untouched machine = Untouched.of(paused("many-frames"));
        String frames = "{\"hex\":\"00\"},".repeat(100_000) + "{\"hex\":\"00\"}";
        assertThat(machine.refused(413, "too-many-frames", FRAMES, "{\"frames\":[" + frames + "]}")
                        .<Integer>path("limitFrames"))
                .isEqualTo(100_000);
    }

    @Test
    void wrongFramesAreCountedAsAPortCountsThem() {
        String machine = paused("wrong-frames");
        String good =
                "0200000000010200000000fe08004500003401014000400625c10a0000020a0000019c41138900000101000000015018ffff3607000048656c6c6f2c20492f4f4154";
        String wrong = good.substring(0, good.length() - 2) + "55";
        String endless = "00".repeat(16_385);
        Response answer = ok(
                200,
                json("{\"frames\":[{\"hex\":\"%s\"},{\"hex\":\"%s\"},{\"hex\":\"0102\"},{\"hex\":\"%s\"},{\"hex\":\"\"}]}"
                                .formatted(good, wrong, endless))
                        .post(machine + FRAMES));
        assertThat(answer.<Integer>path("accepted")).isEqualTo(3);
        assertThat(answer.<List<Integer>>path("rejected.index")).containsExactly(3, 4);
        ok(200, json("{\"untilIdle\":true}").post(machine + "/clock/advance"));
        Response counters = given().get(machine + "/nics/eth0/statistics");
        // The third is a neighbour's answer: the machine has asked where to send its own to the first.
        assertThat(counters.<Integer>path("rx_packets")).isEqualTo(3);
        assertThat(counters.<Integer>path("rx_csum_offload_good")).isEqualTo(1);
        assertThat(counters.<Integer>path("rx_csum_offload_errors")).isEqualTo(1);
        assertThat(counters.<Integer>path("rx_short_length_errors")).isEqualTo(1);
    }

    @Test
    void settingsOfAPortAreWithinItsMeans() {
        Untouched machine = Untouched.of(paused("bad-settings"));
        String nic = machine.machine() + "/nics/eth0";
        machine.refused(400, "invalid-value", json("{\"receiveQueues\":9}").patch(nic));
        machine.refused(400, "unknown-field", json("{\"receiveQueue\":1}").patch(nic));
        machine.refused(400, "invalid-value", json("{\"key\":\"00\"}").put(nic + "/rss"));
        machine.refused(400, "invalid-value", json("{\"hashFields\":[\"UDP\"]}").put(nic + "/rss"));
        machine.refused(
                400, "invalid-value", json("{\"indirectionTable\":[-1]}").put(nic + "/rss"));
        machine.refused(
                400, "invalid-value", json("{\"indirectionTable\":[0,1]}").put(nic + "/rss"));
        String sevens = String.join(",", Collections.nCopies(128, "7"));
        machine.refused(
                422,
                "bad-setting",
                json("{\"indirectionTable\":[" + sevens + "]}").put(nic + "/rss"));
        machine.refused(
                400,
                "bad-address",
                json("{\"srcAddress\":\"a\",\"dstAddress\":\"b\"}").post(nic + "/rss/hash"));
        machine.refused(
                422,
                "mixed-families",
                json("{\"srcAddress\":\"10.0.0.1\",\"dstAddress\":\"::1\"}").post(nic + "/rss/hash"));
        machine.refused(
                422,
                "half-a-port-pair",
                json("{\"srcAddress\":\"10.0.0.1\",\"dstAddress\":\"10.0.0.2\",\"srcPort\":1}")
                        .post(nic + "/rss/hash"));
        machine.refused(400, "invalid-value", json("{\"direction\":\"UP\"}").put(nic + "/capture"));
        machine.refused(400, "invalid-value", json("{\"hold\":-1}").put(nic + "/tap"));
        machine.refused(404, "unknown-packet", given().get(nic + "/packets/1/content"));
        machine.refused(404, "unknown-queue", given().get(nic + "/queues/9"));
        machine.refused(404, "unknown-nic", given().get(machine.machine() + "/nics/eth1"));
    }
}
