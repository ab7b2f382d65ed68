package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The profile and the statistics of receiving over HTTP. */
@QuarkusTest
class ProfilesTest {
    /** A paused machine that has received 10 ms of a stream. */
    private static String receiving(String name, String program, String... fields) {
        String machine = Http.paused(name, fields);
        Http.ok(
                201,
                Http.json("{\"program\":\"%s\",\"port\":5001}".formatted(program))
                        .post(machine + "/processes"));
        Http.ok(
                201,
                Http.json("{\"type\":\"TCP_STREAM\",\"port\":5001,\"bytes\":100000000}")
                        .post(machine + "/traffic"));
        advance(machine, "10ms");
        return machine;
    }

    private static void advance(String machine, String by) {
        Http.ok(200, Http.json("{\"by\":\"%s\"}".formatted(by)).post(machine + "/clock/advance"));
    }

    private static String text(String machine, String query) {
        return Http.ok(200, given().accept("text/plain").get(machine + "/profile" + query))
                .asString();
    }

    @Test
    void theReportLooksAsOpreportPrintsIt() {
        String machine = receiving("reported", "SINK", "\"preset\":\"legacy\"");
        String[] lines = text(machine, "").split("\n", -1);
        assertThat(lines[0]).isEqualTo("CPU: P4 / Xeon with 2 hyper-threads, speed 3400 MHz (estimated)");
        assertThat(lines[1])
                .isEqualTo("Counted GLOBAL_POWER_EVENTS events (time during which processor is not stopped)"
                        + " with a unit mask of 0x01 (mandatory) count 100000");
        assertThat(lines[2]).isEqualTo("samples  %        symbol name");
        assertThat(lines[3]).matches("\\d+ +\\d\\d\\.\\d{3} +__copy_user_intel");
        assertThat(text(machine, "?format=opreport")).isEqualTo(text(machine, ""));

        Response json = Http.ok(200, given().get(machine + "/profile?format=json"));
        assertThat(json.<String>path("cpuType")).isEqualTo("P4 / Xeon with 2 hyper-threads");
        assertThat(json.<String>path("rows[0].symbol")).isEqualTo("__copy_user_intel");
        assertThat(json.<List<Integer>>path("rows.samples").stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(json.<Integer>path("samples"));
    }

    @Test
    void anotherPeriodBeginsAnew() {
        String machine = receiving("sampled", "SINK");
        String digest = Http.digest(machine);
        assertThat(Http.ok(200, Http.json("{\"periodCycles\":1000}").patch(machine + "/profile"))
                        .<Map<String, Object>>path(""))
                .isEqualTo(Map.of("event", "GLOBAL_POWER_EVENTS", "periodCycles", 1000));
        assertThat(given().get(machine + "/profile").<Integer>path("samples")).isZero();
        assertThat(Http.digest(machine)).isEqualTo(digest);
        advance(machine, "1ms");
        Response fine = given().get(machine + "/profile");
        Http.ok(200, Http.json("{\"periodCycles\":100000}").patch(machine + "/profile"));
        advance(machine, "1ms");
        Response coarse = given().get(machine + "/profile");
        assertThat(fine.<Integer>path("samples") / coarse.<Integer>path("samples"))
                .isBetween(80, 125);
    }

    @Test
    void samplesOfCacheMissesAreTheFunctionsThatTouchMemoryFirst() {
        String machine = receiving("missed", "SINK", "\"preset\":\"legacy\"");
        Http.ok(
                200,
                Http.json("{\"event\":\"BSQ_CACHE_REFERENCE\",\"periodCycles\":1}")
                        .patch(machine + "/profile"));
        Http.ok(204, given().delete(machine + "/statistics"));
        advance(machine, "1ms");
        Response profile = given().get(machine + "/profile");
        assertThat(profile.<List<String>>path("findAll { it }.rows.findAll { it.samples > 0 }.symbol"))
                .isNotNull();
        assertThat(text(machine, "")).contains("Counted BSQ_CACHE_REFERENCE events", "eth_type_trans");
        Map<String, Integer> misses = given().get(machine + "/statistics").path("cacheMisses");
        assertThat(misses.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(profile.<Integer>path("samples"));
    }

    @Test
    void foldedStacksNameProcessorContextAndFunction() {
        String machine = receiving("folded", "SINK", "\"preset\":\"legacy\"");
        Http.ok(200, Http.json("{\"periodCycles\":1000}").patch(machine + "/profile"));
        advance(machine, "10ms");
        String folded = text(machine, "?format=folded");
        assertThat(folded.lines()).allMatch(line -> line.matches("cpu\\d;(swapper|hardirq|softirq|\\w+);\\w+ \\d+"));
        assertThat(folded)
                .contains("cpu0;hardirq;e1000_intr ", "cpu0;softirq;eth_type_trans ", ";p1;__copy_user_intel ");
        int samples = folded.lines()
                .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertThat(given().get(machine + "/profile").<Integer>path("samples")).isEqualTo(samples);
        assertThat(text(machine, "?format=folded&cpu=0").lines()).allMatch(line -> line.startsWith("cpu0;"));
    }

    @Test
    void statisticsTellWhatReceivingCosts() {
        String machine = receiving("counted", "TOUCH", "\"preset\":\"legacy\"");
        Http.ok(204, given().delete(machine + "/statistics"));
        Response none = given().get(machine + "/statistics");
        assertThat(none.<Integer>path("packets")).isZero();
        assertThat(none.<Float>path("cyclesPerPacket")).isZero();
        assertThat(none.<Integer>path("sinceNs")).isEqualTo(none.<Integer>path("nowNs"));
        advance(machine, "10ms");

        Response counted = given().get(machine + "/statistics");
        int payload = counted.path("payloadBytes");
        assertThat(counted.<Integer>path("packets")).isBetween(810, 815);
        assertThat(payload).isBetween(790 * 1448, 820 * 1448);
        assertThat(counted.<Integer>path("cpuCopiedBytes")).isEqualTo(payload);
        assertThat(counted.<Integer>path("engineBytes")).isZero();
        assertThat(counted.<Map<String, Integer>>path("notOffloaded"))
                .containsExactlyEntriesOf(Map.of("NO_COPY_OFFLOAD", payload));
        assertThat(counted.<Integer>path("busyCycles") / (double) payload)
                .isCloseTo(counted.<Float>path("cyclesPerByte"), org.assertj.core.data.Offset.offset(0.001));
        assertThat(counted.<Float>path("cpuUtilization")).isBetween(0.02f, 0.5f);
        assertThat(counted.<Map<String, Integer>>path("cacheMisses"))
                .containsKeys(
                        "header", "payload", "user", "descriptor", "socketBuffer", "socket", "application", "other");
        assertThat(counted.<Integer>path("cacheMisses.header")).isGreaterThan(700);
        assertThat(counted.<Map<String, Integer>>path("busBytes"))
                .containsOnlyKeys("cpuRead", "cpuWriteBack", "nic", "engine");
        assertThat(counted.<Float>path("busBytesPerPayloadByte")).isBetween(1.5f, 6f);
        Map<String, Integer> touched = counted.path("firstTouch");
        assertThat(touched.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(payload / 64);
        assertThat(touched.get("memory")).isLessThan(touched.get("firstLevel") + touched.get("secondLevel"));
    }

    @Test
    void whatTheEngineCopiesIsColdToTheProgram() {
        String machine = receiving("cold", "TOUCH", "\"preset\":\"dma-copy\"");
        Http.ok(204, given().delete(machine + "/statistics"));
        advance(machine, "10ms");
        Response counted = given().get(machine + "/statistics");
        assertThat(counted.<Integer>path("engineBytes")).isPositive();
        assertThat(counted.<Integer>path("engineBytes") + counted.<Integer>path("cpuCopiedBytes"))
                .isEqualTo(counted.<Integer>path("payloadBytes"));
        assertThat(counted.<Integer>path("firstTouch.memory")).isPositive();
    }

    @Test
    void whatCannotBeIsRefusedWithoutATrace() {
        String machine = Http.paused("unprofiled");
        Http.Untouched untouched = Http.Untouched.of(machine);
        untouched.refused(
                400, "invalid-value", Http.json("{\"periodCycles\":0}").patch(machine + "/profile"));
        untouched.refused(
                400, "invalid-value", Http.json("{\"event\":\"RETIRED\"}").patch(machine + "/profile"));
        untouched.refused(400, "unknown-field", Http.json("{\"period\":1}").patch(machine + "/profile"));
        untouched.refused(400, "invalid-value", given().get(machine + "/profile?format=xml"));
        untouched.refused(404, "unknown-cpu", given().get(machine + "/profile?format=folded&cpu=99"));
        untouched.refused(404, "unknown-machine", given().get(Http.MACHINES + "/nobody/statistics"));
    }
}
