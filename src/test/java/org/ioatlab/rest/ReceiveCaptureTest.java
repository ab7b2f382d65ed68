package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.ioatlab.wire.capture.LinuxTransfer;
import org.junit.jupiter.api.Test;

/**
 * The main job over HTTP: a capture of a real transfer by the Linux TCP stack goes through split headers and four queues, and the copy
 * engine gathers each connection's payload into a buffer whose SHA-256 is that of the file that was sent.
 */
@QuarkusTest
class ReceiveCaptureTest {
    private static final String MACHINE = "/api/v1/machines/receiver";
    private static final String ETH0 = MACHINE + "/nics/eth0";
    private static final String CHANNEL = MACHINE + "/dma/channels/dma0chan0";

    private static final int HEADER_BUFFER_BYTES = 128;

    @Test
    void everyConnectionsFileArrivesWhole() throws Exception {
        put(MACHINE, "{\"clock\":{\"state\":\"PAUSED\"},\"nic\":{\"receiveQueues\":4,\"splitHeaders\":true}}");
        put(ETH0 + "/tap", "{\"hold\":1000}");
        given().contentType("application/vnd.tcpdump.pcap")
                .body(LinuxTransfer.file())
                .post(ETH0 + "/frames?timing=CAPTURED")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(869));
        advance();

        Map<String, List<Map<String, Object>>> flows = flows();
        assertThat(flows).hasSize(2 * LinuxTransfer.connections().size());
        checkQueues(flows);
        checkSplit(flows);

        post(MACHINE + "/dma/clients", "{\"name\":\"gather\"}", 201);
        post(MACHINE + "/dma/clients/gather/channel-requests", "{\"number\":1}", 200);
        for (LinuxTransfer.Connection connection : LinuxTransfer.connections()) {
            byte[] file = gather(flows.get(connection.data().toString()), connection.bytes());
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(file));
            assertThat(sha256).as(connection.toString()).isEqualTo(connection.sha256());
        }
        given().delete(MACHINE).then().statusCode(204);
    }

    private static void checkQueues(Map<String, List<Map<String, Object>>> flows) {
        TreeSet<Object> used = new TreeSet<>();
        flows.forEach((flow, packets) -> {
            TreeSet<Object> queues = new TreeSet<>();
            packets.forEach(packet -> queues.add(packet.get("queue")));
            assertThat(queues).as("queues of " + flow).hasSize(1);
            used.addAll(queues);
        });
        assertThat(used).hasSize(4);
    }

    /** Headers lie in header buffers, payload in pages; what fits beside its header into the buffer was copied there. */
    private static void checkSplit(Map<String, List<Map<String, Object>>> flows) {
        flows.values()
                .forEach(packets -> packets.forEach(packet -> {
                    assertThat(packet.get("split")).isEqualTo(true);
                    int payload = number(packet, "segment", "payloadLength");
                    int payloadOffset = number(packet, "segment", "payloadOffset");
                    boolean copied = payloadOffset + payload <= HEADER_BUFFER_BYTES;
                    assertThat(number(packet, "header", "length"))
                            .isEqualTo(copied ? payloadOffset + payload : payloadOffset);
                    assertThat(fragments(packet)).hasSize(copied ? 0 : 1);
                }));
    }

    /** Submits a copy for each part of a segment's payload and waits for the last. */
    private static byte[] gather(List<Map<String, Object>> packets, int size) {
        String buffer = post(MACHINE + "/memory/buffers", "{\"size\":" + size + "}", 201)
                .getString("id");
        long first = sequence(packets.getFirst()) + 1;
        List<String> copies = new ArrayList<>();
        for (Map<String, Object> packet : packets) {
            int payload = number(packet, "segment", "payloadLength");
            int offset = number(packet, "segment", "payloadOffset");
            int inHeader = Math.min(payload, number(packet, "header", "length") - offset);
            long to = sequence(packet) - first;
            if (inHeader > 0) {
                String header =
                        "{\"buffer\":\"" + inner(packet, "header").get("buffer") + "\",\"offset\":" + offset + "}";
                copies.add(copy(buffer, to, header, inHeader));
            }
            for (Map<?, ?> part : fragments(packet)) {
                String page = "{\"page\":\"" + part.get("page") + "\",\"offset\":" + part.get("offset") + "}";
                copies.add(copy(buffer, to + inHeader, page, (Integer) part.get("length")));
            }
        }
        JsonPath submitted = post(CHANNEL + "/copies", "{\"copies\":[" + String.join(",", copies) + "]}", 202);
        post(CHANNEL + "/cookies/" + submitted.getInt("lastCookie") + "/wait", "{\"timeout\":\"1s\"}", 200);
        return given().get(MACHINE + "/memory/buffers/" + buffer + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static String copy(String buffer, long offset, String source, int length) {
        return "{\"dest\":{\"buffer\":\"" + buffer + "\",\"offset\":" + offset + "},\"src\":" + source + ",\"len\":"
                + length + "}";
    }

    private static Map<String, List<Map<String, Object>>> flows() {
        Map<String, List<Map<String, Object>>> flows = new LinkedHashMap<>();
        String token = "";
        do {
            JsonPath page = given().get(ETH0 + "/packets?pageSize=500" + token)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            List<Map<String, Object>> packets = page.getList("items");
            for (Map<String, Object> packet : packets) {
                if (packet.get("segment") instanceof Map<?, ?> segment) {
                    flows.computeIfAbsent(String.valueOf(segment.get("flow")), flow -> new ArrayList<>())
                            .add(packet);
                }
            }
            token = page.get("nextPageToken") == null ? null : "&pageToken=" + page.get("nextPageToken");
        } while (token != null);
        return flows;
    }

    private static Map<?, ?> inner(Map<String, Object> packet, String name) {
        return (Map<?, ?>) packet.get(name);
    }

    private static int number(Map<String, Object> packet, String part, String name) {
        return ((Number) inner(packet, part).get(name)).intValue();
    }

    private static long sequence(Map<String, Object> packet) {
        return ((Number) inner(packet, "segment").get("sequence")).longValue();
    }

    private static List<Map<?, ?>> fragments(Map<String, Object> packet) {
        List<Map<?, ?>> parts = new ArrayList<>();
        ((List<?>) packet.get("fragments")).forEach(part -> parts.add((Map<?, ?>) part));
        return parts;
    }

    private static void advance() {
        post(MACHINE + "/clock/advance", "{\"untilIdle\":true,\"limit\":\"10s\"}", 200);
    }

    private static void put(String path, String body) {
        given().contentType("application/json")
                .body(body)
                .put(path)
                .then()
                .statusCode(path.equals(MACHINE) ? 201 : 200);
    }

    private static JsonPath post(String path, String body, int status) {
        return given().contentType("application/json")
                .body(body)
                .post(path)
                .then()
                .statusCode(status)
                .extract()
                .jsonPath();
    }
}
