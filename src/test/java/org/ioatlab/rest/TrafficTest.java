package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;

/** Remote hosts and the wire. */
@QuarkusTest
class TrafficTest {
    private static final String PCAP = "application/vnd.tcpdump.pcap";

    /** An echo request from 10.0.0.2 to 10.0.0.1, 12 bytes of data. */
    private static final String PING =
            "4500002800004000400126d30a0000020a000001080043130001000148656c6c6f2c20492f4f4154";

    private static void settle(String machine) {
        ok(200, json("{\"untilIdle\":true,\"limit\":\"100s\"}").post(machine + "/clock/advance"));
    }

    private static byte[] capture() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(TrafficTest.class.getResourceAsStream("/captures/linux-tcp-transfer.pcap"))) {
            return file.readAllBytes();
        }
    }

    @Test
    void aPortWithoutAListenerRefuses() {
        String machine = paused("refusing");
        Response started = ok(
                201,
                json("{\"type\":\"TCP_STREAM\",\"port\":4000,\"bytes\":1000}").post(machine + "/traffic"));
        assertThat(started.<String>path("id")).isEqualTo("t1");
        assertThat(started.<String>path("state")).isEqualTo("RUNNING");
        assertThat(started.header("Location")).endsWith(machine + "/traffic/t1");
        settle(machine);

        JsonPath traffic = ok(200, given().get(machine + "/traffic/t1")).jsonPath();
        assertThat(traffic.getString("state")).isEqualTo("DONE");
        assertThat(traffic.getInt("failed")).isEqualTo(1);
        assertThat(traffic.getString("streams[0].state")).isEqualTo("FAILED");
        assertThat(traffic.getString("streams[0].error")).isEqualTo("ECONNREFUSED");
        assertThat(traffic.getInt("streams[0].sourcePort")).isEqualTo(32768);
        assertThat(given().get(machine + "/traffic").jsonPath().getList("items.id"))
                .containsExactly("t1");
        ok(204, given().delete(machine + "/traffic/t1"));
        Http.refused(404, "unknown-traffic", given().get(machine + "/traffic/t1"));
    }

    @Test
    void injectedPacketsAreAnsweredAndAnswersRead() {
        String machine = paused("pinged");
        Response injected = ok(
                200,
                json("{\"packets\":[{\"hex\":\"" + PING + "\"},{\"hex\":\"" + PING
                                + "\",\"at\":\"5ms\"},{\"hex\":\"00\"}]}")
                        .post(machine + "/wire/packets"));
        assertThat(injected.<Integer>path("accepted")).isEqualTo(2);
        assertThat(injected.<String>path("rejected[0].reason")).isEqualTo("not an IP packet");
        settle(machine);

        JsonPath sent = ok(200, given().get(machine + "/wire/packets")).jsonPath();
        assertThat(sent.getList("items")).hasSize(2);
        assertThat(sent.getString("items[0].hex")).contains("0a0000010a000002" + "0000");
        assertThat(sent.getString("items[0].hex")).endsWith("48656c6c6f2c20492f4f4154");
        assertThat(sent.getLong("items[1].atNs")).isGreaterThan(5_000_000L);
        assertThat(given().get(machine + "/wire/packets?after=1").jsonPath().getList("items.sequence"))
                .containsExactly(2);
        String stream = given().accept("text/event-stream")
                .get(machine + "/wire/packets?follow=false")
                .asString();
        assertThat(stream).contains("id:1").contains("id:2").contains("\"sequence\":2");
    }

    @Test
    void theWireLosesWhatItIsToldTo() {
        String machine = paused("lossy");
        ok(200, json("{\"nic\":\"eth0\",\"loss\":1}").put(machine + "/wire/impairments"));
        ok(201, json("{\"type\":\"TCP_STREAM\",\"port\":4000}").post(machine + "/traffic"));
        ok(200, json("{\"by\":\"2s\"}").post(machine + "/clock/advance"));

        JsonPath wire = ok(200, given().get(machine + "/wire")).jsonPath();
        assertThat(wire.getList("items[0].hosts")).containsExactly("10.0.0.2");
        assertThat(wire.getInt("items[0].lostFromMachine")).isGreaterThan(0);
        assertThat(given().get(machine + "/traffic/t1").jsonPath().getString("streams[0].state"))
                .isEqualTo("CONNECTING");
    }

    @Test
    void capturedClientsAreReplayed() throws IOException {
        String machine = paused("replayed");
        Response started = ok(
                201, given().contentType(PCAP).body(capture()).post(machine + "/traffic?port=4000&timing=LINE_RATE"));
        assertThat(started.<String>path("type")).isEqualTo("TCP_REPLAY");
        assertThat(started.<String>path("sha256")).hasSize(64);
        settle(machine);

        assertThat(given().get(machine + "/traffic/t1").jsonPath().getString("streams[0].error"))
                .isEqualTo("ECONNREFUSED");
    }

    @Test
    void aListeningHostReadsWhatTheMachineSends() {
        String machine = paused("sending");
        Response started =
                ok(201, json("{\"type\":\"TCP_LISTEN\",\"port\":9000}").post(machine + "/traffic"));
        assertThat(started.<String>path("address")).isEqualTo("10.0.0.2");
        assertThat(started.<Integer>path("port")).isEqualTo(9000);
        String socket = ok(
                        201,
                        json("{\"connectTo\":\"10.0.0.2\",\"connectPort\":9000}")
                                .post(machine + "/sockets"))
                .path("id");
        ok(200, json("{\"base64\":\"SGVsbG8sIEkvT0FU\"}").post(machine + "/sockets/" + socket + "/send"));
        ok(204, given().delete(machine + "/sockets/" + socket));
        settle(machine);

        JsonPath traffic = ok(200, given().get(machine + "/traffic/t1")).jsonPath();
        assertThat(traffic.getString("state")).isEqualTo("RUNNING");
        assertThat(traffic.getInt("receivedBytes")).isEqualTo(12);
        assertThat(traffic.getString("streams[0].state")).isEqualTo("DONE");
        assertThat(traffic.getString("streams[0].receivedSha256"))
                .isEqualTo("79b87351e59347b82c8c33ea119c362d11cf12dcd89b73841d31a48174190cb1");
    }

    @Test
    void whatMakesNoSenseChangesNothing() throws IOException {
        Untouched machine = Untouched.of(paused("bad-traffic"));
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"SCTP_STREAM\"}");
        machine.refused(400, "invalid-value", "/traffic", "{}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_LISTEN\",\"streams\":2}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_LISTEN\",\"verify\":\"COMPARE\"}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_STREAM\",\"streams\":10001}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_STREAM\",\"port\":0}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_STREAM\",\"loss\":1.5}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_STREAM\",\"ipVersion\":5}");
        machine.refused(400, "invalid-value", "/traffic", "{\"type\":\"TCP_STREAM\",\"verify\":\"MD5\"}");
        machine.refused(404, "unknown-nic", "/traffic", "{\"type\":\"TCP_STREAM\",\"nic\":\"eth7\"}");
        machine.refused(422, "datagram-too-long", "/traffic", "{\"type\":\"UDP_STREAM\",\"payloadBytes\":1473}");
        machine.refused(422, "no-capture", "/traffic", "{\"type\":\"TCP_REPLAY\"}");
        machine.refused(
                422,
                "no-conversation",
                given().contentType(PCAP).body(Arrays.copyOf(capture(), 24)).post(machine.machine() + "/traffic"));
        machine.refused(
                400,
                "not-a-capture",
                given().contentType(PCAP).body(new byte[50]).post(machine.machine() + "/traffic"));
        machine.refused(400, "invalid-value", "/wire/packets", "{\"packets\":[{\"hex\":\"4g\"}]}");
        machine.refused(400, "invalid-value", "/wire/packets", "{\"packets\":[]}");
        machine.refused(400, "invalid-value", json("{\"loss\":-1}").put(machine.machine() + "/wire/impairments"));
    }
}
