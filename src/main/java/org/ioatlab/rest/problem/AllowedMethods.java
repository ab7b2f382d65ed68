package org.ioatlab.rest.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which methods a path takes, as the service's own description of itself has it. */
@Singleton
class AllowedMethods {
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    /** A path of the description. */
    private record Route(Pattern path, List<String> methods) {}

    private final OpenApiDocumentService description;
    private final ObjectMapper mapper;
    private volatile List<Route> routes = List.of();

    AllowedMethods(OpenApiDocumentService description, ObjectMapper mapper) {
        this.description = description;
        this.mapper = mapper;
    }

    /** The methods of a path; empty if there is no such path. */
    List<String> at(String path) {
        if (routes.isEmpty()) {
            routes = routes();
        }
        for (Route route : routes) {
            if (route.path.matcher(path).matches()) {
                return route.methods;
            }
        }
        return List.of();
    }

    /** The refusal of another method than these. */
    static HttpProblem.Builder refusal(List<String> methods) {
        return StatusProblems.builder(405)
                .withHeader(HttpHeaders.ALLOW, String.join(", ", methods))
                .with("allowed", methods);
    }

    private List<Route> routes() {
        try {
            byte[] document = description.getDocument(OpenApiConstants.DEFAULT_DOCUMENT_NAME, Format.JSON);
            return mapper.readTree(document).path("paths").properties().stream()
                    .sorted(Comparator.comparingInt(path -> variables(path.getKey())))
                    .map(path -> new Route(pattern(path.getKey()), methods(path.getValue())))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The more of a path is fixed, the better it matches. */
    private static int variables(String template) {
        return (int) template.chars().filter(c -> c == '{').count();
    }

    private static Pattern pattern(String template) {
        return Pattern.compile(template.replaceAll("\\{[^}]*}", "[^/]+"));
    }

    private static List<String> methods(JsonNode item) {
        return METHODS.stream()
                .filter(item::has)
                .map(method -> method.toUpperCase(Locale.ROOT))
                .toList();
    }
}
