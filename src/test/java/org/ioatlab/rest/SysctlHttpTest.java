package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;

/** The kernel's variables over HTTP. */
@QuarkusTest
class SysctlHttpTest {
    private static final String SYS = "/proc/sys";
    private static final String SACK = SYS + "/net.ipv4.tcp_sack";
    private static final String MEMORY = SYS + "/net.ipv4.tcp_rmem";

    private static RequestSpecification text(String body) {
        return given().contentType("text/plain").body(body);
    }

    @Test
    void theyAreListedInParts() {
        String machine = paused("sysctl-list");
        List<Map<String, String>> all = ok(200, given().get(machine + SYS)).path("items");
        assertThat(all)
                .hasSize(18)
                .contains(
                        Map.of("name", "net.ipv4.tcp_timestamps", "value", "1"),
                        Map.of("name", "net.ipv4.tcp_rmem", "value", "4096 87380 174760"));
        Response first = ok(200, given().get(machine + SYS + "?pageSize=10"));
        Response rest = ok(200, given().get(machine + SYS + "?pageSize=10&pageToken=" + first.path("nextPageToken")));
        assertThat(first.<List<Object>>path("items")).isEqualTo(all.subList(0, 10));
        assertThat(rest.<List<Object>>path("items")).isEqualTo(all.subList(10, 18));
        for (Map<String, String> variable : all) {
            assertThat(ok(200, given().get(machine + SYS + "/" + variable.get("name")))
                            .<Map<String, String>>path(""))
                    .isEqualTo(variable);
        }
    }

    @Test
    void theyAreSetAsJsonAndAsText() {
        String machine = paused("sysctl-set");
        String digest = Http.digest(machine);
        Response set = ok(200, json("{\"value\":\"0\"}").put(machine + SACK));
        assertThat(set.<Map<String, String>>path("")).isEqualTo(Map.of("name", "net.ipv4.tcp_sack", "value", "0"));
        assertThat(Http.digest(machine)).isNotEqualTo(digest);
        ok(200, text("1\n").put(machine + SACK));
        assertThat(Http.digest(machine)).isEqualTo(digest);

        Response sizes = ok(200, text("4096\t65536 131072\n").put(machine + MEMORY));
        assertThat(sizes.<String>path("value")).isEqualTo("4096 65536 131072");
        Response read = ok(200, given().accept("text/plain").get(machine + MEMORY));
        assertThat(read.contentType()).startsWith("text/plain");
        assertThat(read.asString()).isEqualTo("4096 65536 131072\n");
    }

    @Test
    void theyHaveEntityTags() {
        String machine = paused("sysctl-tagged");
        String tag = ok(200, given().get(machine + SACK)).header("ETag");
        ok(304, given().header("If-None-Match", tag).get(machine + SACK));
        Response set = ok(200, json("{\"value\":\"0\"}").header("If-Match", tag).put(machine + SACK));
        assertThat(set.header("ETag"))
                .isNotEqualTo(tag)
                .isEqualTo(given().get(machine + SACK).header("ETag"));
        Untouched untouched = Untouched.of(machine);
        untouched.refused(
                412,
                "precondition-failed",
                json("{\"value\":\"1\"}").header("If-Match", tag).put(machine + SACK));
        untouched.refused(
                412, "precondition-failed", text("1").header("If-Match", tag).put(machine + SACK));
        ok(200, text("1").header("If-Match", set.header("ETag")).put(machine + SACK));
        assertThat(given().get(machine + SACK).header("ETag")).isEqualTo(tag);
    }

    @Test
    void whatIsSetIsPartOfTheHistory() {
        String machine = paused("sysctl-history");
        ok(200, json("{\"value\":\"0\"}").put(machine + SACK));
        ok(200, text("30").put(machine + SYS + "/net.ipv4.tcp_fin_timeout"));
        assertThat(given().get(machine + "/journal").asString())
                .contains("\"sysctl.set\"", "\"net.ipv4.tcp_sack\"", "\"net.ipv4.tcp_fin_timeout\"");
        given().delete(Http.MACHINES + "/sysctl-copy");
        ok(
                201,
                json("{\"name\":\"sysctl-copy\",\"clock\":{\"state\":\"PAUSED\"}}")
                        .post(machine + "/fork"));
        String copy = Http.MACHINES + "/sysctl-copy";
        assertThat(Http.digest(copy)).isEqualTo(Http.digest(machine));
        assertThat(given().get(copy + SACK).<String>path("value")).isEqualTo("0");
    }

    @Test
    void whatCannotBeIsRefusedWithoutATrace() {
        String machine = paused("sysctl-refused");
        Untouched untouched = Untouched.of(machine);
        for (String name : List.of("net.ipv4.tcp_foo", "net.ipv4.TCP_SACK", "net.inet.tcp.recvspace", "1", "%20")) {
            String path = machine + SYS + "/" + name;
            untouched.refused(
                    404, "unknown-variable", given().urlEncodingEnabled(false).get(path));
            untouched.refused(
                    404,
                    "unknown-variable",
                    json("{\"value\":\"1\"}").urlEncodingEnabled(false).put(path));
            untouched.refused(
                    404,
                    "unknown-variable",
                    json("{\"value\":\"1\"}")
                            .urlEncodingEnabled(false)
                            .header("If-Match", "*")
                            .put(path));
        }
        for (String value : List.of("", "2", "-1", "on", "1 1", "0x1", "99999999999")) {
            Response refused = untouched.refused(
                    400, "invalid-value", json("{\"value\":\"" + value + "\"}").put(machine + SACK));
            assertThat(refused.<String>path("detail"))
                    .isEqualTo("value must be a whole number from 0 to 1 for net.ipv4.tcp_sack.");
        }
        for (String value : List.of("4096 87380", "0 87380 174760", "4096 87380 1073741825", "4096, 87380, 174760")) {
            untouched.refused(
                    400, "invalid-value", json("{\"value\":\"" + value + "\"}").put(machine + MEMORY));
            untouched.refused(400, "invalid-value", text(value).put(machine + MEMORY));
        }
        untouched.refused(
                400,
                "invalid-value",
                json("{\"value\":\"" + " ".repeat(101) + "\"}").put(machine + SACK));
        untouched.refused(400, "invalid-value", text("1" + " ".repeat(100)).put(machine + SACK));
        untouched.refused(400, "invalid-value", json("{}").put(machine + SACK));
        untouched.refused(400, "invalid-value", json("{\"value\":null}").put(machine + SACK));
        untouched.refused(400, "invalid-value", given().put(machine + SACK));
        untouched.refused(
                400, "unknown-field", json("{\"value\":\"1\",\"x\":1}").put(machine + SACK));
        untouched.refused(400, "malformed-json", json("{\"value\":").put(machine + SACK));
        untouched.refused(
                415,
                "unsupported-media-type",
                given().contentType("application/xml").body("<value/>").put(machine + SACK));
        untouched.refused(406, "not-acceptable", given().accept("image/png").get(machine + SACK));
        Http.refused(404, "unknown-machine", given().get(Http.MACHINES + "/nobody" + SACK));
        Http.refused(404, "unknown-machine", text("1").put(Http.MACHINES + "/nobody" + SACK));
    }
}
