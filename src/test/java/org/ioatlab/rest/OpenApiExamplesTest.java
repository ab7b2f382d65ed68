package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The service's description of itself: every operation says what it stands for, has examples, and answers them as it says. The examples run
 * once, in the order of the document, on the demo machines of a fresh service.
 */
@QuarkusTest
class OpenApiExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Operation(String path, Method method, JsonNode description) {
        String name() {
            return method + " " + path;
        }
    }

    @Test
    void everyOperationIsDescribed() throws IOException {
        List<String> faults = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>();
        for (Operation operation : operations()) {
            JsonNode description = operation.description();
            require(
                    faults,
                    operation,
                    "an operation id of its own",
                    ids.add(description.path("operationId").asText()));
            require(
                    faults,
                    operation,
                    "a summary",
                    !description.path("summary").asText().isBlank());
            require(faults, operation, "one tag", description.path("tags").size() == 1);
            require(
                    faults,
                    operation,
                    "problems",
                    description.at("/responses/400/content").has("application/problem+json"));
            for (JsonNode parameter : description.path("parameters")) {
                String name = parameter.path("name").asText();
                require(faults, operation, "an example of " + name, parameter.has("example"));
                require(faults, operation, "a description of " + name, parameter.has("description"));
            }
            for (JsonNode body : description.at("/requestBody/content")) {
                boolean isFile = body.at("/schema/format").asText().equals("binary");
                require(faults, operation, "an example of its body", body.has("example") || isFile);
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void everyExampleRunsAsItStands() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Operation operation : operations()) {
            Response response = run(operation);
            String status = Integer.toString(response.statusCode());
            boolean documented = operation.description().path("responses").has(status);
            if (!status.startsWith("2") || !documented) {
                faults.add(operation.name() + ": " + status + " " + response.asString());
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void tagsStandInTheOrderInWhichTheyAreRead() throws IOException {
        List<String> tags = new ArrayList<>();
        document().path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        assertThat(tags)
                .startsWith(
                        "Machines",
                        "Clock",
                        "Memory",
                        "PCI",
                        "DMA",
                        "NICs",
                        "Traffic",
                        "Wire",
                        "Sockets",
                        "Processes",
                        "Observation",
                        "Journal");
    }

    private static void require(List<String> faults, Operation operation, String what, boolean present) {
        if (!present) {
            faults.add(operation.name() + " lacks " + what);
        }
    }

    private static List<Operation> operations() throws IOException {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> item : path.getValue().properties()) {
                if (path.getKey().startsWith("/api/") && !item.getKey().equals("parameters")) {
                    Method method = Method.valueOf(item.getKey().toUpperCase(Locale.ROOT));
                    operations.add(new Operation(path.getKey(), method, item.getValue()));
                }
            }
        }
        assertThat(operations).hasSizeGreaterThan(50);
        return operations;
    }

    private static JsonNode document() throws IOException {
        return JSON.readTree(given().get("/q/openapi?format=json").asByteArray());
    }

    private static Response run(Operation operation) throws IOException {
        RequestSpecification request = given().urlEncodingEnabled(false);
        Map<String, String> path = new LinkedHashMap<>();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String name = parameter.path("name").asText();
            String example = parameter.path("example").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> path.put(name, example);
                case "query" -> request.queryParam(name, example);
                default -> request.header(name, example);
            }
        }
        Map.Entry<String, JsonNode> body = body(operation);
        if (body != null) {
            JsonNode example = body.getValue();
            byte[] bytes = example.isTextual()
                    ? example.textValue().getBytes(StandardCharsets.UTF_8)
                    : JSON.writeValueAsBytes(example);
            request.contentType(body.getKey()).body(bytes);
        }
        String url = operation.path();
        for (Map.Entry<String, String> segment : path.entrySet()) {
            url = url.replace("{" + segment.getKey() + "}", segment.getValue());
        }
        return request.request(operation.method(), url);
    }

    private static Map.Entry<String, JsonNode> body(Operation operation) {
        for (Map.Entry<String, JsonNode> content :
                operation.description().at("/requestBody/content").properties()) {
            if (content.getValue().has("example")) {
                return Map.entry(content.getKey(), content.getValue().path("example"));
            }
        }
        return null;
    }
}
