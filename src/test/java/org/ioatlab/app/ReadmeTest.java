package org.ioatlab.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's shell blocks, run in their order against the service, give the answers that stand below them. */
@QuarkusTest
class ReadmeTest {
    private static final Pattern STEP = Pattern.compile("```sh\n(.*?)```\n```(json|text)\n(.*?)```", Pattern.DOTALL);
    private static final String ANYTHING = "…";

    private final ObjectMapper mapper = new ObjectMapper();

    @TestHTTPResource("/")
    URI service;

    @Test
    void everyCallGivesTheAnswerBelowIt() throws Exception {
        Matcher step = STEP.matcher(Files.readString(Path.of("README.md")));
        int steps = 0;
        while (step.find()) {
            String answer = run(step.group(1));
            if (step.group(2).equals("json")) {
                compare(step.group(1), values(step.group(3)), values(answer));
            } else {
                assertThat(answer).as(step.group(1)).isEqualTo(step.group(3));
            }
            steps++;
        }
        assertThat(steps).isEqualTo(9);
    }

    private String run(String commands) throws IOException, InterruptedException {
        String here = service.toString().replaceAll("/$", "");
        Process bash = new ProcessBuilder(
                        "bash", "-euo", "pipefail", "-c", commands.replace("http://localhost:8080", here))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(commands + output).isZero();
        return output;
    }

    private List<JsonNode> values(String text) throws IOException {
        try (MappingIterator<JsonNode> values = mapper.readerFor(JsonNode.class).readValues(text)) {
            return new ArrayList<>(values.readAll());
        }
    }

    private static void compare(String call, List<JsonNode> expected, List<JsonNode> actual) {
        assertThat(actual).as(call).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            compare(call, expected.get(i), actual.get(i));
        }
    }

    /** What the README shows must be there and equal; it may leave fields out. */
    private static void compare(String call, JsonNode expected, JsonNode actual) {
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            JsonNode found = actual.path(field.getKey());
            assertThat(found.isMissingNode())
                    .as(call + field.getKey() + " is missing in " + actual)
                    .isFalse();
            if (!field.getValue().asText().equals(ANYTHING)) {
                assertThat(found).as(call + field.getKey()).isEqualTo(field.getValue());
            }
        }
    }
}
