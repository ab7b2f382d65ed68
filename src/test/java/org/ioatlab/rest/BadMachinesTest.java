package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ioatlab.rest.Http.MACHINES;
import static org.ioatlab.rest.Http.json;
import static org.ioatlab.rest.Http.ok;
import static org.ioatlab.rest.Http.paused;
import static org.ioatlab.rest.Http.refused;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.ioatlab.rest.Http.Untouched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specs that can't be, bodies that aren't JSON, and paths that lead nowhere. */
@QuarkusTest
class BadMachinesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cpus\":{\"sockets\":0}}                     | cpus.sockets         | must be at least 1",
                "{\"memory\":{\"totalMib\":1048576}}            | memory.totalMib      | must be at most 65536",
                "{\"nic\":{\"ringSize\":3}}                     | nic.ringSize         | must be a multiple of 8",
                "{\"cpus\":{\"sockets\":\"2\"}}                 | cpus.sockets         | must be a whole number",
                "{\"cpus\":{\"sockets\":1.5}}                   | cpus.sockets         | must be a whole number",
                "{\"cpus\":{\"sockets\":99999999999}}           | cpus.sockets         | is out of range",
                "{\"cpus\":{\"sockets\":null}}                  | cpus.sockets         | must be a whole number",
                "{\"cpus\":7}                                   | cpus                 | must be an object",
                "{\"dma\":{\"transferCapBytes\":5000}}          | dma.transferCapBytes | must be a power of two",
                "{\"dma\":{\"present\":\"yes\"}}                | dma.present          | must be true or false",
                "{\"name\":5}                                   | name                 | must be a string",
                "{\"name\":\"../etc\"}                          | name                 | must begin with a letter",
                "{\"labels\":{\"a b\":\"c\"}}                   | labels               | must begin with a letter",
                "{\"clock\":{\"rate\":0}}                       | clock.rate           | must be at least 0.001",
                "{\"clock\":{\"rate\":1000.1}}                  | clock.rate           | must be at most 1000",
                "{\"clock\":{\"rate\":1.0000001}}               | clock.rate           | must have at most six decimals",
                "[]                                             | body                 | must be an object",
            })
    void aValueOutOfItsOwnRangeIsNamed(String body, String field, String message) {
        Response answer = refused(400, "invalid-value", json(body).post(MACHINES));
        List<String> fields = answer.path("violations.field");
        List<String> messages = answer.path("violations.message");
        assertThat(fields).anyMatch(name -> name.startsWith(field));
        assertThat(messages).anyMatch(text -> text.contains(message));
    }

    @Test
    void anUnknownNameSaysWhichAreKnown() {
        assertThat(refused(400, "invalid-value", json("{\"preset\":\"fast\"}").post(MACHINES))
                        .<List<String>>path("allowed"))
                .containsExactly("legacy", "split-headers", "multi-queue", "dma-copy", "ioat");
        assertThat(refused(
                                400,
                                "invalid-value",
                                json("{\"kernel\":{\"personality\":\"bsd\"}}").post(MACHINES))
                        .<List<String>>path("allowed"))
                .containsExactly("ols2005", "linux-2.6.18", "linux-2.6.24", "linux-3.12");
        assertThat(refused(
                                400,
                                "unknown-field",
                                json("{\"cpus\":{\"socketz\":1}}").post(MACHINES))
                        .<List<String>>path("violations.field"))
                .containsExactly("cpus.socketz");
        refused(422, "unknown-platform", json("{\"platform\":\"xeon-9999\"}").post(MACHINES));
        refused(404, "unknown-preset", given().get("/api/v1/presets/fast"));
        refused(404, "unknown-platform", given().get("/api/v1/platforms/xeon-9999"));
    }

    @Test
    void fieldsThatContradictEachOtherAreMeaningless() {
        refused(
                422,
                "low-memory-exceeds-total",
                json("{\"memory\":{\"totalMib\":64,\"lowMib\":96}}").post(MACHINES));
        refused(422, "bad-cost", json("{\"costs\":{\"warpDrive\":1}}").post(MACHINES));
        refused(422, "name-contradicts-path", json("{\"name\":\"one\"}").put(MACHINES + "/two"));
        refused(
                429,
                "machine-too-large",
                json("{\"memory\":{\"totalMib\":65536}}").post(MACHINES));
    }

    @Test
    void jsonIsReadAsItStands() {
        Response broken = refused(400, "malformed-json", json("{\"name\":\n }").post(MACHINES));
        assertThat(broken.<Integer>path("line")).isEqualTo(2);
        assertThat(broken.<Integer>path("column")).isEqualTo(2);
        refused(400, "malformed-json", json("{\"seed\":1,\"seed\":2}").post(MACHINES));
        refused(400, "malformed-json", json("{} {}").post(MACHINES));
        refused(400, "malformed-json", json("{\"seed\":").post(MACHINES));
        refused(
                415,
                "unsupported-media-type",
                given().contentType("text/xml").body("<a/>").post(MACHINES));
        refused(406, "not-acceptable", given().accept("text/xml").get(MACHINES));
    }

    @Test
    void pathsThatLeadNowhereAreProblemsToo() {
        refused(404, "not-found", given().get("/api/v1/nowhere"));
        refused(404, "not-found", given().get("/nowhere"));
        refused(404, "unknown-machine", given().get(MACHINES + "/nobody"));
        refused(404, "unknown-machine", given().delete(MACHINES + "/nobody"));
        refused(404, "unknown-machine", json("{\"by\":\"1us\"}").post(MACHINES + "/nobody/clock/advance"));
    }

    @Test
    void pathsSayWhichMethodsTheyTake() {
        Untouched machine = Untouched.of(paused("methods"));
        Map<String, String> methods = Map.of(
                MACHINES,
                "GET, POST",
                machine.machine(),
                "GET, PUT, DELETE",
                machine.machine() + "/clock",
                "GET, PATCH",
                machine.machine() + "/clock/advance",
                "POST",
                machine.machine() + "/nics/eth0/rss",
                "GET, PUT",
                machine.machine() + "/cpus/interrupts/16",
                "GET, PATCH",
                machine.machine() + "/proc/interrupts",
                "GET",
                machine.machine() + "/proc/sys",
                "GET",
                machine.machine() + "/proc/sys/net.ipv4.tcp_sack",
                "GET, PUT");
        for (Map.Entry<String, String> path : methods.entrySet()) {
            for (Method method : List.of(Method.GET, Method.PUT, Method.POST, Method.DELETE, Method.PATCH)) {
                if (!path.getValue().contains(method.name())) {
                    Response wrong = machine.refused(405, "method-not-allowed", given().request(method, path.getKey()));
                    assertThat(wrong.header("Allow")).as(path.getKey()).isEqualTo(path.getValue());
                    assertThat(String.join(", ", wrong.<List<String>>path("allowed")))
                            .isEqualTo(path.getValue());
                }
            }
        }
    }

    @Test
    void aNameIsTakenOnce() {
        String machine = paused("taken");
        Untouched taken = Untouched.of(machine);
        taken.refused(409, "name-taken", json("{\"name\":\"taken\"}").post(MACHINES));
        taken.refused(
                409,
                "name-taken",
                json("{\"seed\":2,\"clock\":{\"state\":\"PAUSED\"}}").put(machine));
        ok(200, json("{\"clock\":{\"state\":\"PAUSED\"}}").put(machine));
    }

    @Test
    void aClockGoesForwardAsAskedOrNotAtAll() {
        Untouched machine = Untouched.of(paused("clocked"));
        String advance = "/clock/advance";
        machine.refused(400, "invalid-value", advance, "{\"by\":\"10 parsecs\"}");
        machine.refused(400, "invalid-value", advance, "{\"by\":\"0.5ps\"}");
        machine.refused(400, "invalid-value", advance, "{\"by\":\"-1us\"}");
        machine.refused(400, "invalid-value", advance, "{\"by\":\"101000000s\"}");
        machine.refused(400, "invalid-value", advance, "{\"by\":10}");
        machine.refused(400, "invalid-value", advance, "{}");
        machine.refused(400, "invalid-value", advance, "{\"by\":\"1us\",\"events\":1}");
        machine.refused(400, "invalid-value", advance, "{\"events\":0}");
        machine.refused(422, "limit-without-until-idle", advance, "{\"by\":\"1us\",\"limit\":\"1us\"}");
        ok(200, json("{\"until\":\"1.5us\"}").post(machine.machine() + advance));
        Untouched later = Untouched.of(machine.machine());
        later.refused(422, "in-the-past", advance, "{\"until\":\"1us\"}");
        ok(200, json("{\"state\":\"RUNNING\"}").patch(machine.machine() + "/clock"));
        refused(409, "clock-running", json("{\"by\":\"1us\"}").post(machine.machine() + advance));
    }
}
