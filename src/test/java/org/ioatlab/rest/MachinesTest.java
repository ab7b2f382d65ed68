package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Machines come, are read and listed, and go. */
@QuarkusTest
class MachinesTest {

    @Test
    void anEmptyRequestMakesTheDefaultMachine() {
        String place = given().post("/api/v1/machines")
                .then()
                .statusCode(201)
                .body("preset", equalTo("ioat"))
                .body("platform", equalTo("xeon-e7520"))
                .body("memory.totalMib", equalTo(128))
                .body("memory.lowMib", equalTo(96))
                .body("cpus.sockets", equalTo(2))
                .body("cpus.frequencyMhz", equalTo(3400))
                .body("nic.receiveQueues", equalTo(2))
                .body("kernel.personality", equalTo("ols2005"))
                .body("clock.state", equalTo("RUNNING"))
                .body("clock.rate", equalTo(1.0f))
                .extract()
                .header("Location");
        given().get(place).then().statusCode(200);
        given().delete(place).then().statusCode(204);
        given().get(place).then().statusCode(404).body("type", equalTo("/problems/unknown-machine"));
    }

    @Test
    void fieldsMergeIntoThePreset() {
        given().contentType("application/json")
                .body("""
                        {"name":"merged","preset":"legacy","labels":{"use":"test"},"memory":{"totalMib":32},
                         "nic":{"receiveQueues":4},"kernel":{"personality":"linux-2.6.24"},"clock":{"state":"PAUSED"}}""")
                .post("/api/v1/machines")
                .then()
                .statusCode(201)
                .body("id", equalTo("merged"))
                .body("memory.totalMib", equalTo(32))
                .body("memory.lowMib", equalTo(32))
                .body("nic.receiveQueues", equalTo(4))
                .body("nic.ringSize", equalTo(256))
                .body("kernel.personality", equalTo("linux-2.6.24"))
                .body("spec.clock.state", equalTo("PAUSED"))
                .body("nowNs", equalTo(0));
        given().get("/api/v1/machines?label=use=test")
                .then()
                .statusCode(200)
                .body("items.id", equalTo(java.util.List.of("merged")))
                .body("items[0].digest", nullValue())
                .body("nextPageToken", nullValue());
        given().get("/api/v1/machines?label=use=other").then().body("items.id", not(hasItem("merged")));
        given().delete("/api/v1/machines/merged").then().statusCode(204);
    }
}
