package org.ioatlab.app;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What a newcomer finds at the front door: the start page and a service that says it is up. */
@QuarkusTest
class FrontDoorTest {

    @Test
    void healthIsUp() {
        get("/q/health").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void startPageIsServed() {
        get("/").then().statusCode(200).contentType("text/html").body(containsString("ioat-lab"));
    }
}
