package org.ioatlab.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every type of problem that the code names can be looked up where its URI leads. */
@QuarkusTest
class ProblemTypesTest {
    private static final Pattern UNKNOWN = Pattern.compile("Refusal\\.unknown\\(\\s*\"([a-z-]+)\"");
    private static final Pattern NAMED = Pattern.compile(
            "(?:new Refusal\\(|Refusal\\.(?:meaningless|conflict)\\(|limit\\("
                    + "|Problems\\.(?:of|builder)\\()\\s*(?:(?:Refusal\\.)?Kind\\.\\w+,\\s*|\\d{3},\\s*)?\"([a-z]+(?:-[a-z]+)*)\"");

    @Test
    void everyTypeIsDescribed() throws IOException {
        Set<String> described = new TreeSet<>(given().get("/problems").<List<String>>path("items.type"));
        List<String> missing = new ArrayList<>(named());
        assertThat(missing).hasSizeGreaterThan(60);
        missing.removeIf(type -> described.contains("/problems/" + type));
        assertThat(missing).isEmpty();
        for (String type : described) {
            given().get(type).then().statusCode(200);
        }
        given().get("/problems/unheard-of").then().statusCode(404);
    }

    private static Set<String> named() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String code = Files.readString(file);
                find(UNKNOWN, code).forEach(noun -> types.add("unknown-" + noun));
                types.addAll(find(NAMED, code));
            }
        }
        return types;
    }

    private static List<String> find(Pattern pattern, String code) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(code);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
