package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;

/** Sockets and programs over HTTP. */
@QuarkusTest
class SocketsTest {
    private static final String STREAM =
            "{\"type\":\"TCP_STREAM\",\"nic\":\"eth0\",\"port\":5001,\"bytes\":50000,\"streams\":1}";

    @Test
    void aStreamIsAcceptedAndRead() {
        String machine = paused("reads-a-stream");
        Response listening = ok(201, json("{\"port\":5001}").post(machine + "/sockets"));
        String id = listening.path("id");
        assertThat(listening.header("Location")).endsWith("/sockets/" + id);
        assertThat(listening.<String>path("state")).isEqualTo("LISTEN");

        String traffic = ok(201, json(STREAM).post(machine + "/traffic")).path("id");
        Response accepted = ok(201, json("{\"timeout\":\"1s\"}").post(machine + "/sockets/" + id + "/accept"));
        String socket = accepted.path("id");
        assertThat(accepted.header("Location")).endsWith("/sockets/" + socket);
        Response received = ok(
                200,
                json("{\"len\":50000,\"flags\":[\"MSG_WAITALL\"],\"timeout\":\"1s\"}")
                        .post(machine + "/sockets/" + socket + "/recv"));
        assertThat(received.<Integer>path("received")).isEqualTo(50_000);
        assertThat(received.<Integer>path("offload.cpuBytes")).isZero();
        assertThat(received.<Integer>path("offload.engineBytes")).isEqualTo(50_000);
        assertThat(received.<Integer>path("cycles")).isPositive();
        ok(200, json("{\"untilIdle\":true}").post(machine + "/clock/advance"));
        assertThat(received.<String>path("sha256"))
                .isEqualTo(ok(200, given().get(machine + "/traffic/" + traffic)).path("sha256"));

        Response looked = ok(200, given().get(machine + "/sockets/" + socket));
        assertThat(looked.<String>path("state")).isEqualTo("CLOSE_WAIT");
        assertThat(looked.<Integer>path("tcpInfo.sndMss")).isPositive();
        assertThat(ok(200, given().get(machine + "/sockets/" + socket + "/options"))
                        .<Integer>path("options.SO_RCVBUF"))
                .isPositive();
        ok(204, given().delete(machine + "/sockets/" + socket));
        assertThat(ok(200, given().get(machine + "/sockets")).<List<String>>path("items.id"))
                .containsExactly(id);
    }

    @Test
    void pagedOutBuffersAreBroughtInOnce() {
        String machine = paused("paged-out");
        String listening =
                ok(201, json("{\"port\":5001}").post(machine + "/sockets")).path("id");
        String traffic = ok(201, json(STREAM).post(machine + "/traffic")).path("id");
        String socket = ok(201, json("{}").post(machine + "/sockets/" + listening + "/accept"))
                .path("id");
        Response received = ok(
                200,
                json("{\"len\":65536,\"flags\":[\"MSG_WAITALL\"],\"pagedOut\":true}")
                        .post(machine + "/sockets/" + socket + "/recv"));
        assertThat(received.<Integer>path("received")).isEqualTo(50_000);
        assertThat(received.<Integer>path("pagesIn")).isEqualTo(16);
        assertThat(received.<String>path("sha256"))
                .isEqualTo(ok(200, given().get(machine + "/traffic/" + traffic)).path("sha256"));
        ok(
                201,
                json("{\"name\":\"p\",\"program\":\"SINK\",\"port\":5002,\"pagedOut\":true}")
                        .post(machine + "/processes"));
        ok(201, json(STREAM.replace("5001", "5002")).post(machine + "/traffic"));
        ok(200, json("{\"untilIdle\":true}").post(machine + "/clock/advance"));
        Response served = ok(200, given().get(machine + "/processes/p"));
        assertThat(served.<Integer>path("receivedBytes")).isEqualTo(50_000);
        assertThat(served.<Integer>path("pagesIn")).isPositive();
    }

    @Test
    void whatCannotBeAskedForIsRefusedAndChangesNothing() {
        String machine = paused("bad-sockets");
        String id = ok(201, json("{\"port\":5001}").post(machine + "/sockets")).path("id");
        String udp = ok(201, json("{\"protocol\":\"UDP\",\"port\":5001}").post(machine + "/sockets"))
                .path("id");
        Untouched untouched = Untouched.of(machine);
        untouched.refused(400, "invalid-value", "/sockets", "{\"port\":70000}");
        untouched.refused(400, "invalid-value", "/sockets", "{\"port\":1,\"address\":\"here\"}");
        untouched.refused(400, "invalid-value", "/sockets", "{\"port\":1,\"options\":{\"SO_WHAT\":1}}");
        untouched.refused(400, "unknown-field", "/sockets", "{\"prt\":1}");
        untouched.refused(422, "half-an-end", "/sockets", "{\"connectTo\":\"10.0.0.2\"}");
        untouched.refused(422, "no-such-cpu", "/sockets", "{\"port\":1,\"cpu\":99}");
        untouched.refused(404, "unknown-socket", "/sockets/s99/accept", "{}");
        untouched.refused(422, "not-a-tcp-socket", "/sockets/" + udp + "/accept", "{}");
        untouched.refused(409, "not-connected", "/sockets/" + id + "/recv", "{\"len\":1}");
        untouched.refused(422, "len-or-iov", "/sockets/" + udp + "/recv", "{}");
        untouched.refused(400, "invalid-value", "/sockets/" + udp + "/recv", "{\"len\":16777217}");
        untouched.refused(
                400, "invalid-value", "/sockets/" + udp + "/recv", "{\"len\":1,\"flags\":[\"MSG_NONSENSE\"]}");
        untouched.refused(422, "not-a-tcp-socket", "/sockets/" + udp + "/recv", "{\"len\":1,\"pagedOut\":true}");
        untouched.refused(422, "no-content", "/sockets/" + udp + "/send", "{}");
        untouched.refused(404, "unknown-socket", "/poll", "{\"sockets\":[\"s99\"]}");
        untouched.refused(400, "invalid-value", "/poll", "{\"sockets\":[]}");
        untouched.refused(400, "invalid-value", "/processes", "{\"program\":\"GUESS\",\"port\":1}");
        untouched.refused(422, "bad-program", "/processes", "{\"program\":\"SINK\"}");
        untouched.refused(422, "bad-program", "/processes", "{\"program\":\"COMPUTE\",\"port\":1}");
        untouched.refused(404, "unknown-process", given().get(machine + "/processes/p99"));
    }

    @Test
    void programsServeAndEnd() {
        String machine = paused("programs");
        Response started = ok(
                201,
                json("{\"program\":\"SINK\",\"port\":5001,\"verify\":\"COMPARE\"}")
                        .post(machine + "/processes"));
        String id = started.path("id");
        assertThat(started.header("Location")).endsWith("/processes/" + id);
        assertThat(started.<Integer>path("readBytes")).isEqualTo(87_380);
        assertThat(started.<String>path("state.doing")).isEqualTo("ACCEPTING");
        Http.refused(
                409,
                "socket-error",
                json("{\"program\":\"ECHO\",\"port\":5001}").post(machine + "/processes"));
        ok(201, json(STREAM).post(machine + "/traffic"));
        ok(200, json("{\"untilIdle\":true}").post(machine + "/clock/advance"));
        Response served = ok(200, given().get(machine + "/processes/" + id));
        assertThat(served.<Integer>path("receivedBytes")).isEqualTo(50_000);
        assertThat(served.<Boolean>path("connections[0].matches")).isTrue();
        assertThat(ok(200, given().get(machine + "/proc/net/snmp")).asString()).contains("Tcp: RtoAlgorithm");
        ok(204, given().delete(machine + "/processes/" + id));
        assertThat(ok(200, given().get(machine + "/processes")).<List<Object>>path("items"))
                .isEmpty();
    }

    @Test
    void aProgramThatComputesTakesItsProcessor() {
        String machine = paused("computes", "\"cpus\":{\"sockets\":1,\"threadsPerCore\":1}");
        ok(201, json("{\"program\":\"COMPUTE\",\"duration\":\"10ms\"}").post(machine + "/processes"));
        ok(200, json("{\"by\":\"5ms\"}").post(machine + "/clock/advance"));
        assertThat(ok(200, given().get(machine + "/cpus/0")).<Float>path("utilization"))
                .isGreaterThan(0.99f);
        ok(200, json("{\"by\":\"20ms\"}").post(machine + "/clock/advance"));
        assertThat(ok(200, given().get(machine + "/processes")).<String>path("items[0].state.doing"))
                .isEqualTo("OVER");
    }
}
