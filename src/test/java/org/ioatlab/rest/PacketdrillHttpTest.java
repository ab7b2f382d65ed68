package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scripts in packetdrill's language over HTTP. */
@QuarkusTest
class PacketdrillHttpTest {
    private static final String HANDSHAKE = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +0.1 < S 0:0(0) win 32792 <mss 1460,sackOK,nop,wscale 7>
            +0 > S. 0:0(0) ack 1 <...>
            +0.1 < . 1:1(0) ack 1 win 257
            +0 accept(3, ..., ...) = 4
            """;

    @Test
    void everyLineIsAnswered() {
        Response report = Http.ok(200, run(Http.paused("drill-lines"), HANDSHAKE + "+0 read(4, ..., 9) = 9\n", ""));
        assertThat(report.<Boolean>path("passed")).isFalse();
        assertThat(report.<List<String>>path("lines.status"))
                .containsExactly("PASSED", "PASSED", "PASSED", "PASSED", "PASSED", "PASSED", "PASSED", "FAILED");
        assertThat(report.<List<Integer>>path("lines.line")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(report.<Map<String, Object>>path("lines[3]"))
                .containsEntry("expected", "< S 0:0(0) win 32792 <mss 1460,sackOK,nop,wscale 7>")
                .containsEntry("actual", "injected")
                .hasEntrySatisfying(
                        "atNs", at -> assertThat(((Number) at).longValue()).isBetween(100_000_000L, 100_100_000L));
        assertThat(report.<Map<String, Object>>path("lines[7]"))
                .containsEntry("expected", "read() = 9")
                .containsEntry("actual", "hasn't returned")
                .doesNotContainKey("atNs");
    }

    @Test
    void aScriptThatPassesSaysSoOnAnyProcessor() {
        Response report = Http.ok(200, run(Http.paused("drill-pass"), HANDSHAKE, "?cpu=1"));
        assertThat(report.<Boolean>path("passed")).isTrue();
    }

    @Test
    void whatIsNotUnderstoodIsNamedAndLeavesNoTrace() {
        String machine = Http.paused("drill-errors");
        Http.Untouched untouched = Http.Untouched.of(machine);
        Response refusal =
                untouched.refused(400, "script-not-understood", run(machine, "0 < Q 0:0(0)\n+0 read(3, = 4\n", ""));
        assertThat(refusal.<List<Map<String, Object>>>path("errors"))
                .containsExactly(
                        Map.of("line", 1, "column", 5, "message", "unknown flag 'Q'"),
                        Map.of("line", 2, "column", 12, "message", "expected an expression, found '='"));
        untouched.refused(400, "invalid-value", run(machine, "", ""));
        untouched.refused(422, "no-such-cpu", run(machine, HANDSHAKE, "?cpu=99"));
        Http.refused(404, "unknown-machine", run(Http.MACHINES + "/nobody", HANDSHAKE, ""));
    }

    @Test
    void aScriptIsPartOfTheMachinesHistory() {
        String machine = Http.paused("drill-history");
        Http.ok(200, run(machine, HANDSHAKE + "+0 < P. 1:1001(1000) ack 1 win 257\n", ""));
        String journal = given().get(machine + "/journal")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        given().delete(Http.MACHINES + "/drill-again");
        Response imported = given().contentType("application/x-ndjson")
                .body(journal.getBytes(StandardCharsets.UTF_8))
                .post(Http.MACHINES + "/import?name=drill-again");
        Http.ok(201, imported);
        assertThat(Http.digest(Http.MACHINES + "/drill-again")).isEqualTo(Http.digest(machine));
    }

    private static Response run(String machine, String script, String query) {
        return given().contentType("text/plain").body(script).post(machine + "/packetdrill" + query);
    }
}
