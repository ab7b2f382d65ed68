package org.ioatlab.app;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a newcomer finds at the front door: the start page, where its links lead, and a service that says it is up. */
@QuarkusTest
class FrontDoorTest {

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

    private static String startPage() {
        return get("/").then()
                .statusCode(200)
                .contentType("text/html")
                .extract()
                .asString();
    }
}
