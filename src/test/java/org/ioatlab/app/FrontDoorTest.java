package org.ioatlab.app;

import static io.restassured.RestAssured.delete;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a newcomer finds at the front door: the start page, where its links lead, and a service that says it is up. */
@QuarkusTest
class FrontDoorTest {

    private static final Pattern CALL =
            Pattern.compile("curl -s(?: -X (?<method>\\w+))? http://localhost:8080(?<path>[^\\s<]+)"
                    + "(?: -H '(?<header>[^:]+): (?<value>[^']+)')?(?: -d '(?<body>[^']+)')?");
    private static final Pattern LINK = Pattern.compile("<a href=\"([^\"]+)\"");

    @Test
    void healthIsUp() {
        get("/q/health").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void readinessWatchesTheDataDirectory() {
        get("/q/health/ready").then().statusCode(200).body("checks.name", hasItem("data directory is writable"));
    }

    @Test
    void startPageBeginsWithACallThatCanBePasted() {
        assertThat(startPage())
                .contains("<code>curl -s -X POST http://localhost:8080/api/v1/machines"
                        + " -H 'Content-Type: application/json' -d '{\"name\":\"first\"}'</code>");
    }

    @Test
    void everyLinkOfTheStartPageLeadsSomewhere() {
        var links =
                LINK.matcher(startPage()).results().map(link -> link.group(1)).toList();
        assertThat(links).containsExactly("/q/swagger-ui", "/q/openapi", "/q/health", "/q/metrics");
        for (String link : links) {
            get(link).then().statusCode(200);
        }
    }

    @Test
    void everyCallOfTheStartPageSucceedsInItsTurn() {
        List<String> answers = new ArrayList<>();
        Matcher call = CALL.matcher(startPage());
        while (call.find()) {
            RequestSpecification request = given();
            if (call.group("header") != null) {
                request.header(call.group("header"), call.group("value"));
            }
            if (call.group("body") != null) {
                request.body(call.group("body"));
            }
            String method = Objects.requireNonNullElse(call.group("method"), "GET");
            Response response = request.request(method, call.group("path"));
            assertThat(response.statusCode()).as(call.group()).isIn(200, 201);
            answers.add(response.asString());
        }
        delete("/api/v1/machines/first").then().statusCode(204);
        assertThat(answers).hasSize(6);
        assertThat(answers.get(4)).contains("\"type\":\"TCP_STREAM\"", "\"failed\":0");
        assertThat(answers.get(5)).contains("samples");
    }

    @Test
    void startPageTellsWhatAMachineHas() {
        assertThat(startPage())
                .contains("processes", "traffic", "sockets", "wire", "packetdrill", "dma", "memory", "nics", "cpus");
    }

    private static String startPage() {
        return get("/").then()
                .statusCode(200)
                .contentType("text/html")
                .extract()
                .asString();
    }
}
