package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.MACHINES;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;
import static org.ioatlab.rest.Http.refused;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;

/** What all resources have in common: lists in parts, entity tags, ranges, idempotency keys, patience, limits of bodies. */
@QuarkusTest
class ConventionsTest {
    private static final String BUFFERS = "/memory/buffers";

    @TestHTTPResource("/")
    URI service;

    @Test
    void listsComeInParts() {
        String machine = paused("parts");
        for (int i = 0; i < 5; i++) {
            ok(201, json("{\"size\":8}").post(machine + BUFFERS));
        }
        Response first = given().get(machine + BUFFERS + "?pageSize=2&pageToken=");
        assertThat(first.<List<String>>path("items.id")).containsExactly("b1", "b2");
        assertThat(given().get(machine + BUFFERS + "?pageSize=2").asString()).isEqualTo(first.asString());
        ok(204, given().delete(machine + BUFFERS + "/b1"));
        Response second = given().get(machine + BUFFERS + "?pageSize=2&pageToken=" + first.path("nextPageToken"));
        assertThat(second.<List<String>>path("items.id")).containsExactly("b3", "b4");
        Response last = given().get(machine + BUFFERS + "?pageSize=2&pageToken=" + second.path("nextPageToken"));
        assertThat(last.<List<String>>path("items.id")).containsExactly("b5");
        assertThat(last.<String>path("nextPageToken")).isNull();
        for (String wrong : List.of("pageSize=0", "pageSize=501", "pageSize=x", "pageToken=x", "pageToken=!!")) {
            refused(400, "invalid-value", given().get(machine + BUFFERS + "?" + wrong));
        }
    }

    @Test
    void numberedListsComeInPartsToo() {
        String machine = paused("numbered");
        ok(201, json("{\"name\":\"c\"}").post(machine + "/dma/clients"));
        ok(200, json("{\"number\":3}").post(machine + "/dma/clients/c/channel-requests"));
        String events = machine + "/dma/clients/c/events";
        Response first = given().get(events + "?pageSize=2");
        assertThat(first.<List<Integer>>path("items.sequence")).containsExactly(1, 2);
        Response rest = given().get(events + "?pageSize=2&pageToken=" + first.path("nextPageToken"));
        assertThat(rest.<List<Integer>>path("items.sequence")).containsExactly(3);
        assertThat(given().get(events + "?after=2").<List<Integer>>path("items.sequence"))
                .containsExactly(3);
        refused(400, "invalid-value", given().get(events + "?after=-1"));
    }

    @Test
    void settingsHaveEntityTags() {
        String machine = paused("tagged");
        String clock = machine + "/clock";
        String tag = given().get(clock).header("ETag");
        ok(304, given().header("If-None-Match", tag).get(clock));
        ok(304, given().header("If-None-Match", tag).get(machine));
        Response changed = ok(200, json("{\"rate\":2}").header("If-Match", tag).patch(clock));
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        Untouched untouched = Untouched.of(machine);
        untouched.refused(
                412,
                "precondition-failed",
                json("{\"rate\":3}").header("If-Match", tag).patch(clock));
        untouched.refused(
                412,
                "precondition-failed",
                json("{\"rate\":3}").header("If-Match", "\"x\"").patch(clock));
        ok(200, json("{\"rate\":3}").header("If-Match", "*").patch(clock));

        String nic = machine + "/nics/eth0";
        String nicTag = given().get(nic).header("ETag");
        ok(200, json("{\"promiscuous\":true}").header("If-Match", nicTag).patch(nic));
        Response stale = refused(
                412,
                "precondition-failed",
                json("{\"promiscuous\":false}").header("If-Match", nicTag).patch(nic));
        assertThat(stale.header("ETag")).isEqualTo(given().get(nic).header("ETag"));
        String rss = nic + "/rss";
        String rssTag = given().get(rss).header("ETag");
        ok(304, given().header("If-None-Match", rssTag).get(rss));
        ok(200, json("{\"hashFields\":[\"IPV4\"]}").header("If-Match", rssTag).put(rss));
        refused(
                412,
                "precondition-failed",
                json("{\"hashFields\":[]}").header("If-Match", rssTag).put(rss));
    }

    @Test
    void contentsComeAndGoInParts() {
        String machine = paused("ranges");
        ok(201, json("{\"size\":100,\"fill\":\"INCREMENTING\"}").post(machine + BUFFERS));
        String content = machine + BUFFERS + "/b1/content";
        assertThat(ok(200, given().get(content)).asByteArray()).hasSize(100);
        Response part = ok(206, given().header("Range", "bytes=10-19").get(content));
        assertThat(part.asByteArray()).containsExactly(10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(part.header("Content-Range")).isEqualTo("bytes 10-19/100");
        assertThat(ok(206, given().header("Range", "bytes=98-").get(content)).asByteArray())
                .containsExactly(98, 99);
        assertThat(ok(206, given().header("Range", "bytes=-1").get(content)).asByteArray())
                .containsExactly(99);
        assertThat(ok(200, given().header("Range", "bytes=0-1,5-6").get(content))
                        .asByteArray())
                .hasSize(100);
        assertThat(refused(
                                416,
                                "range-not-satisfiable",
                                given().header("Range", "bytes=100-").get(content))
                        .header("Content-Range"))
                .isEqualTo("bytes */100");

        ok(200, bytes(1, 2).put(content + "?offset=98"));
        ok(200, bytes(3, 4).header("Content-Range", "bytes 0-1/*").put(content));
        byte[] written = given().get(content).asByteArray();
        assertThat(written[0]).isEqualTo((byte) 3);
        assertThat(written[99]).isEqualTo((byte) 2);
        Untouched untouched = Untouched.of(machine);
        untouched.refused(422, "out-of-bounds", bytes(1, 2).put(content + "?offset=99"));
        untouched.refused(400, "invalid-value", bytes(1, 2).put(content + "?offset=-1"));
        untouched.refused(
                400,
                "invalid-value",
                bytes(1, 2).header("Content-Range", "bytes 0-5/*").put(content));
        untouched.refused(400, "invalid-value", bytes().put(content));
        untouched.refused(415, "unsupported-media-type", json("{}").put(content));
    }

    private static io.restassured.specification.RequestSpecification bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return given().contentType("application/octet-stream").body(bytes);
    }

    @Test
    void aKeyMakesARequestHappenOnce() {
        String machine = paused("keyed");
        String key =
                UUID.nameUUIDFromBytes("once".getBytes(StandardCharsets.UTF_8)).toString();
        Response first =
                ok(201, json("{\"size\":8}").header("Idempotency-Key", key).post(machine + BUFFERS));
        Response again =
                ok(201, json("{\"size\":8}").header("Idempotency-Key", key).post(machine + BUFFERS));
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(given().get(machine + BUFFERS).<List<String>>path("items.id"))
                .containsExactly("b1");
        Untouched untouched = Untouched.of(machine);
        untouched.refused(
                422,
                "idempotency-key-reused",
                json("{\"size\":9}").header("Idempotency-Key", key).post(machine + BUFFERS));
        untouched.refused(
                422,
                "idempotency-key-reused",
                json("{\"size\":8}").header("Idempotency-Key", key).post(machine + "/memory/pages"));
        untouched.refused(
                400,
                "invalid-value",
                json("{\"size\":8}").header("Idempotency-Key", "k".repeat(256)).post(machine + BUFFERS));
        String refusedKey = key + "-refused";
        untouched.refused(
                400,
                "invalid-value",
                json("{}").header("Idempotency-Key", refusedKey).post(machine + BUFFERS));
        untouched.refused(
                400,
                "invalid-value",
                json("{}").header("Idempotency-Key", refusedKey).post(machine + BUFFERS));
    }

    @Test
    void whoDoesNotWaitGetsAnOperation() {
        String machine = paused("patient");
        Response accepted = ok(
                202, json("{\"by\":\"1ms\"}").header("Prefer", "respond-async").post(machine + "/clock/advance"));
        assertThat(accepted.header("Preference-Applied")).isEqualTo("respond-async");
        String operation = accepted.header("Location");
        assertThat(operation).contains("/api/v1/operations/op");
        Response done = given().get(operation);
        while (done.<String>path("state").equals("RUNNING")) {
            done = given().get(operation);
        }
        assertThat(done.<String>path("state")).isEqualTo("DONE");
        assertThat(done.<Integer>path("status")).isEqualTo(200);
        assertThat(done.<Integer>path("result.nowNs")).isEqualTo(1_000_000);
        ok(204, given().delete(operation));
        refused(404, "unknown-operation", given().get(operation));
        Response waited =
                ok(200, json("{\"by\":\"1ms\"}").header("Prefer", "wait=10").post(machine + "/clock/advance"));
        assertThat(waited.header("Preference-Applied")).isEqualTo("wait=10");
    }

    @Test
    void aRunningOperationIsCancelledBetweenTwoEvents() {
        String machine = paused("endless");
        Response accepted = ok(
                202,
                json("{\"iterations\":1000000,\"test_buf_size\":131072}")
                        .header("Prefer", "respond-async")
                        .post(machine + "/dma/selftest"));
        String operation = accepted.header("Location");
        assertThat(given().get(operation).<String>path("state")).isEqualTo("RUNNING");
        ok(202, given().delete(operation));
        Response ended = given().get(operation);
        while (ended.<String>path("state").equals("RUNNING")) {
            ended = given().get(operation);
        }
        assertThat(ended.<String>path("state")).isEqualTo("CANCELLED");
        ok(200, given().get(machine + "/clock"));
    }

    @Test
    void aRefusedOperationTellsItsProblem() {
        String machine = MACHINES + "/hasty";
        ok(201, json("{}").put(machine));
        Response accepted = ok(
                202, json("{\"by\":\"1s\"}").header("Prefer", "respond-async").post(machine + "/clock/advance"));
        Response failed = given().get(accepted.header("Location"));
        assertThat(failed.<String>path("state")).isEqualTo("FAILED");
        assertThat(failed.<String>path("problem.type")).isEqualTo("/problems/clock-running");
    }

    @Test
    void bodiesAreLimited() throws Exception {
        byte[] body = new byte[9 << 20];
        refused(
                413,
                "body-too-large",
                given().contentType("application/json").body(body).post(MACHINES));
        HttpResponse<String> unmeasured = send(HttpRequest.newBuilder(service.resolve(MACHINES))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .version(HttpClient.Version.HTTP_1_1)
                .build());
        assertThat(unmeasured.statusCode()).isEqualTo(413);
        assertThat(unmeasured.body()).contains("/problems/body-too-large");
    }

    /** Many clients send a type with everything; some even a body (RFC 9110, 9.3.1: it has no meaning). */
    @Test
    void requestsThatTakeNoBodyMayHaveATypeOrOneAllTheSame() throws Exception {
        String machine = paused("typed");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            for (String path : List.of("", "/statistics", "/profile", "/clock", "/dma/channels", "/nics/eth0")) {
                HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(machine + path))
                        .version(version)
                        .header("Idempotency-Key", "of no use here");
                HttpRequest.BodyPublisher body =
                        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[] {'{', '}'}));
                for (String type : List.of("application/json", "text/weird")) {
                    HttpRequest.Builder typed = request.copy().header("Content-Type", type);
                    assertThat(send(typed.copy().GET().build()).statusCode()).isEqualTo(200);
                    assertThat(send(typed.copy().HEAD().build()).statusCode()).isEqualTo(200);
                    assertThat(send(typed.copy().method("GET", body).build()).statusCode())
                            .isEqualTo(200);
                }
            }
            HttpRequest.Builder unknown = HttpRequest.newBuilder(service.resolve(MACHINES + "/nix"))
                    .version(version)
                    .header("Content-Type", "application/json");
            assertThat(send(unknown.copy().DELETE().build()).statusCode()).isEqualTo(404);
        }
        assertThat(given().contentType("application/json").delete(machine).statusCode())
                .isEqualTo(204);
    }

    @Test
    void eventsStreamAndGoOnWhereTheyWereLeft() throws Exception {
        String machine = paused("streamed");
        ok(201, json("{\"name\":\"c\"}").post(machine + "/dma/clients"));
        ok(200, json("{\"number\":1}").post(machine + "/dma/clients/c/channel-requests"));
        List<String> first = events(machine, 0);
        assertThat(first).anyMatch(line -> line.contains("DMA_RESOURCE_ADDED"));
        ok(201, json("{\"size\":8}").post(machine + BUFFERS));
        ok(200, json("{\"rate\":5}").patch(machine + "/clock"));
        List<String> later = events(machine, 1);
        assertThat(later).noneMatch(line -> line.contains("DMA_RESOURCE_ADDED"));
        assertThat(later).anyMatch(line -> line.contains("memory.allocateBuffer"));
        assertThat(later).anyMatch(line -> line.startsWith("event:CLOCK") || line.startsWith("event: CLOCK"));
        refused(404, "unknown-machine", given().get(MACHINES + "/nobody/events"));
    }

    /** The stream's lines so far. */
    private List<String> events(String machine, int lastEventId) throws IOException, InterruptedException {
        HttpResponse<String> stream = send(HttpRequest.newBuilder(service.resolve(machine + "/events?follow=false"))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Integer.toString(lastEventId))
                .build());
        assertThat(stream.statusCode()).isEqualTo(200);
        return new ArrayList<>(stream.body().lines().toList());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
