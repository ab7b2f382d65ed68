package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Processors over HTTP: steering interrupts, and calls between processors. */
@QuarkusTest
class CpusTest {
    @Test
    void interruptsAreSteered() {
        String machine = Http.paused("steered", "\"cpus\":{\"sockets\":4,\"threadsPerCore\":1}");
        Response lines = Http.ok(200, given().get(machine + "/cpus/interrupts"));
        assertThat(lines.<List<Integer>>path("items.irq")).containsExactly(16, 17);
        assertThat(lines.<List<String>>path("items.name")).containsExactly("eth0", "ioatdma");
        Response steered = Http.ok(200, Http.json("{\"cpu\":1}").patch(machine + "/cpus/interrupts/16"));
        assertThat(steered.<Map<String, Object>>path(""))
                .containsEntry("irq", 16)
                .containsEntry("name", "eth0")
                .containsEntry("cpu", 1);
        assertThat(steered.<List<Integer>>path("counts")).hasSize(4);
        Http.ok(200, Http.json("{\"receiveQueues\":3}").patch(machine + "/nics/eth0"));
        assertThat(given().get(machine + "/cpus/interrupts/16").<Integer>path("cpu"))
                .isEqualTo(1);
    }

    @Test
    void aSteeredInterruptIsPartOfTheHistory() {
        String machine = Http.paused("steered-again");
        Http.ok(200, Http.json("{\"cpu\":1}").patch(machine + "/cpus/interrupts/16"));
        Http.ok(200, Http.json("{\"type\":\"CALL_FUNCTION\"}").post(machine + "/cpus/cross-calls"));
        Http.ok(200, Http.json("{\"type\":\"ASYNC_MASK\",\"cpuMask\":[1]}").post(machine + "/cpus/cross-calls"));
        assertThat(given().get(machine + "/journal").asString())
                .contains("\"cpu.setInterruptAffinity\"", "\"cpu.callOthers\"");
        given().delete(Http.MACHINES + "/steered-copy");
        Response copy = Http.ok(
                201,
                Http.json("{\"name\":\"steered-copy\",\"clock\":{\"state\":\"PAUSED\"}}")
                        .post(machine + "/fork"));
        String fork = Http.MACHINES + "/" + copy.path("id");
        assertThat(Http.digest(fork)).isEqualTo(Http.digest(machine));
        assertThat(given().get(fork + "/cpus/interrupts/16").<Integer>path("cpu"))
                .isEqualTo(1);
    }

    @Test
    void bothCallsAreMeasured() {
        String machine = Http.paused(
                "cross-calls",
                "\"cpus\":{\"sockets\":4,\"threadsPerCore\":1},\"costs\":{\"crossCallSendCycles\":0,\"crossCallLatencyNs\":500}");
        Response async = Http.ok(
                200,
                Http.json("{\"type\":\"ASYNC_MASK\",\"cpuMask\":[1,2],\"cpu\":0}")
                        .post(machine + "/cpus/cross-calls"));
        assertThat(async.<Map<String, Object>>path(""))
                .containsEntry("type", "ASYNC_MASK")
                .containsEntry("cpu", 0)
                .containsEntry("calledCpus", List.of(1, 2))
                .containsEntry("callerCycles", 0)
                .containsEntry("returnedAfterNs", 0);
        assertThat(async.<List<Integer>>path("startedAfterNs")).hasSize(2).allMatch(ns -> ns > 500);
        assertThat(async.<Integer>path("completedAfterNs")).isGreaterThan(async.<Integer>path("startedAfterNs[0]"));

        Response old = Http.ok(200, Http.json("{\"type\":\"CALL_FUNCTION\"}").post(machine + "/cpus/cross-calls"));
        assertThat(old.<List<Integer>>path("calledCpus")).containsExactly(1, 2, 3);
        assertThat(old.<Integer>path("returnedAfterNs"))
                .isEqualTo(old.<Integer>path("completedAfterNs"))
                .isGreaterThan(500);
        assertThat(given().get(machine + "/proc/interrupts").asString()).containsPattern("CAL: +0 +2 +2 +1\n");
    }

    @Test
    void whatCannotBeIsRefusedWithoutATrace() {
        String machine = Http.paused("cross-refused");
        Http.Untouched untouched = Http.Untouched.of(machine);
        String calls = "/cpus/cross-calls";
        untouched.refused(422, "bad-cpu-mask", calls, "{\"type\":\"CALL_FUNCTION\",\"cpuMask\":[1]}");
        untouched.refused(422, "bad-cpu-mask", calls, "{\"type\":\"ASYNC_MASK\"}");
        untouched.refused(422, "no-such-cpu", calls, "{\"type\":\"ASYNC_MASK\",\"cpuMask\":[99]}");
        untouched.refused(422, "no-such-cpu", calls, "{\"type\":\"CALL_FUNCTION\",\"cpu\":99}");
        untouched.refused(400, "invalid-value", calls, "{\"type\":\"ASYNC_MASK\",\"cpuMask\":[]}");
        untouched.refused(400, "invalid-value", calls, "{\"type\":\"ASYNC_MASK\",\"cpuMask\":[null]}");
        untouched.refused(400, "invalid-value", calls, "{\"type\":\"ASYNC_MASK\",\"cpuMask\":[-1]}");
        untouched.refused(400, "invalid-value", calls, "{\"type\":\"BROADCAST\"}");
        untouched.refused(400, "invalid-value", calls, "{\"cpuMask\":[1]}");
        untouched.refused(400, "unknown-field", calls, "{\"type\":\"CALL_FUNCTION\",\"wait\":false}");
        untouched.refused(422, "no-such-cpu", Http.json("{\"cpu\":99}").patch(machine + "/cpus/interrupts/16"));
        untouched.refused(404, "unknown-interrupt", Http.json("{\"cpu\":0}").patch(machine + "/cpus/interrupts/15"));
        untouched.refused(400, "invalid-value", Http.json("{}").patch(machine + "/cpus/interrupts/16"));
        untouched.refused(404, "unknown-interrupt", given().get(machine + "/cpus/interrupts/99"));
        untouched.refused(404, "unknown-cpu", given().get(machine + "/cpus/99"));
    }
}
