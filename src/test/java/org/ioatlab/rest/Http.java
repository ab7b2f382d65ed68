package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** A small language for transcripts of HTTP: machines that stand still, and calls that are refused and change nothing. */
final class Http {
    static final String MACHINES = "/api/v1/machines";

    private Http() {}

    static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body);
    }

    /** A PAUSED machine under a name of the test's own, made afresh. */
    static String paused(String name, String... fields) {
        String path = MACHINES + "/" + name;
        given().delete(path);
        String spec = "{\"clock\":{\"state\":\"PAUSED\"}" + (fields.length == 0 ? "" : "," + fields[0]) + "}";
        json(spec).put(path).then().statusCode(201);
        return path;
    }

    static String digest(String machine) {
        return given().get(machine).then().statusCode(200).extract().path("digest");
    }

    /** The answer of a call that succeeds. */
    static Response ok(int status, Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        return response;
    }

    /** A refusal that tells nothing of the service's inside. */
    static Response refused(int status, String type, Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.<String>path("type")).isEqualTo("/problems/" + type);
        assertThat(response.<Integer>path("status")).isEqualTo(status);
        assertThat(response.<String>path("title")).isNotBlank();
        assertThat(response.<String>path("detail")).isNotBlank();
        assertThat(response.asString()).doesNotContain("org.", "java", "com.fasterxml", "Exception", "\\tat ");
        return response;
    }

    /** A machine on which calls are refused without a trace. */
    record Untouched(String machine, String digest) {
        static Untouched of(String machine) {
            return new Untouched(machine, Http.digest(machine));
        }

        Response refused(int status, String type, Response response) {
            Http.refused(status, type, response);
            assertThat(Http.digest(machine)).isEqualTo(digest);
            return response;
        }

        Response refused(int status, String type, String path, String body) {
            return refused(status, type, json(body).post(machine + path));
        }
    }
}
