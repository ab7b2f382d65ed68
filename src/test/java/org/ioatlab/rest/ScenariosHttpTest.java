package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Known bugs of NET_DMA over HTTP. */
@QuarkusTest
class ScenariosHttpTest {
    private static Response run(String machine, String scenario) {
        return Http.json("{\"scenario\":\"" + scenario + "\"}").post(machine + "/scenarios");
    }

    private static String machine(String personality) {
        String name = "scenario-" + personality.replace('.', '-');
        return Http.paused(name, "\"kernel\":{\"personality\":\"" + personality + "\"}");
    }

    @Test
    void theCatalogueSaysWhatToExpect() {
        Response catalogue = Http.ok(200, given().get("/api/v1/scenarios"));
        assertThat(catalogue.<List<String>>path("items.id"))
                .containsExactly("COW_RACE", "ZERO_WINDOW_DEADLOCK", "PIN_LEAK");
        List<Map<String, Object>> items = catalogue.path("items");
        for (String personality : List.of("ols2005", "linux-2.6.18", "linux-2.6.24", "linux-3.12")) {
            String machine = machine(personality);
            for (Map<String, Object> item : items) {
                Response report = Http.ok(200, run(machine, (String) item.get("id")));
                assertThat(report.<Boolean>path("wentWrong"))
                        .as(report.asString())
                        .isEqualTo(((List<?>) item.get("affected")).contains(personality));
                assertThat(report.<String>path("personality")).isEqualTo(personality);
                assertThat(report.<String>path("what")).isNotBlank();
            }
        }
    }

    @Test
    void aReportShowsOnlyTheFiguresOfItsScenario() {
        String machine = machine("linux-3.12");
        Response report = Http.ok(200, run(machine, "PIN_LEAK"));
        assertThat(report.<Map<String, Object>>path(""))
                .containsKey("pinLeak")
                .doesNotContainKeys("cowRace", "zeroWindow");
        assertThat(report.<Integer>path("pinLeak.pinnedPagesAfter")).isEqualTo(2);
        assertThat(Http.ok(200, given().get(machine + "/memory")).<Integer>path("pinnedPages"))
                .isEqualTo(2);
    }

    @Test
    void aScenarioIsPartOfTheMachinesHistory() {
        String machine = machine("linux-2.6.18");
        Http.ok(200, run(machine, "ZERO_WINDOW_DEADLOCK"));
        String journal = Http.ok(200, given().get(machine + "/journal")).asString();
        assertThat(journal).contains("\"scenario.run\"");
        given().delete(Http.MACHINES + "/scenario-again");
        Http.ok(
                201,
                given().contentType("application/x-ndjson")
                        .body(journal.getBytes(StandardCharsets.UTF_8))
                        .post(Http.MACHINES + "/import?name=scenario-again"));
        assertThat(Http.digest(Http.MACHINES + "/scenario-again")).isEqualTo(Http.digest(machine));
    }

    @Test
    void whatIsNotUnderstoodLeavesNoTrace() {
        Http.Untouched machine = Http.Untouched.of(machine("ols2005"));
        machine.refused(400, "invalid-value", "/scenarios", "{\"scenario\":\"NONE\"}");
        machine.refused(400, "invalid-value", "/scenarios", "{}");
        machine.refused(400, "invalid-value", "/scenarios", "{\"scenario\":\"PIN_LEAK\",\"timeout\":\"0s\"}");
        machine.refused(422, "no-such-cpu", "/scenarios", "{\"scenario\":\"PIN_LEAK\",\"cpu\":99}");
        Http.refused(404, "unknown-machine", run(Http.MACHINES + "/nobody", "PIN_LEAK"));
    }
}
