package org.ioatlab.rest.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jspecify.annotations.Nullable;

/**
 * Completes the service's description: examples that run as they stand on the demo machines, the status of success, problems, and tags in
 * the order in which they are to be read.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.RUNTIME_PER_REQUEST)
public class DescriptionFilter implements OASFilter {
    private static final String FILE = "/openapi/examples.json";

    @Override
    public void filterOpenAPI(OpenAPI description) {
        ObjectMapper mapper = CDI.current().select(ObjectMapper.class).get();
        Examples examples = read(mapper, CDI.current().select(DemoNames.class).get());
        description.setTags(examples.tags().entrySet().stream()
                .map(tag -> OASFactory.createTag().name(tag.getKey()).description(tag.getValue()))
                .toList());
        ProblemResponses.declare(description);
        for (PathItem path : description.getPaths().getPathItems().values()) {
            path.getOperations().values().forEach(operation -> complete(operation, path, examples, mapper));
        }
    }

    private static Examples read(ObjectMapper mapper, DemoNames names) {
        try (InputStream file = Objects.requireNonNull(DescriptionFilter.class.getResourceAsStream(FILE))) {
            JsonNode tree = mapper.readTree(file);
            return Objects.requireNonNull(mapper.treeToValue(new Placeholders(names).fill(tree), Examples.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void complete(Operation operation, PathItem path, Examples examples, ObjectMapper mapper) {
        Examples.Operation own = examples.operation(operation.getOperationId());
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(parameter -> complete(parameter, own, examples, mapper));
        }
        if (path.getParameters() != null) {
            path.getParameters().forEach(parameter -> complete(parameter, Examples.Operation.PLAIN, examples, mapper));
        }
        if (operation.getRequestBody() != null) {
            complete(operation.getRequestBody().getContent(), own, mapper);
        }
        setStatus(operation, Objects.requireNonNullElse(own.status(), "200"));
        ProblemResponses.addTo(operation);
    }

    private static void complete(Parameter parameter, Examples.Operation own, Examples examples, ObjectMapper mapper) {
        Examples.Parameter usual = examples.parameters().get(parameter.getName());
        if (usual != null) {
            parameter.setDescription(usual.description());
            parameter.setExample(plain(usual.example(), mapper));
        }
        String example = own.parameters() == null ? null : own.parameters().get(parameter.getName());
        if (example != null) {
            parameter.setExample(example);
        }
    }

    private static void complete(@Nullable Content content, Examples.Operation own, ObjectMapper mapper) {
        if (content == null || own.body() == null) {
            return;
        }
        Object example = plain(own.body(), mapper);
        content.getMediaTypes().values().forEach(type -> type.setExample(example));
        if (own.files() != null) {
            own.files().forEach(type -> content.addMediaType(type, binary()));
        }
    }

    private static MediaType binary() {
        return OASFactory.createMediaType()
                .schema(OASFactory.createSchema()
                        .addType(org.eclipse.microprofile.openapi.models.media.Schema.SchemaType.STRING)
                        .format("binary"));
    }

    /** Renames the one success that the code tells of. */
    private static void setStatus(Operation operation, String status) {
        APIResponses responses = operation.getResponses();
        for (Map.Entry<String, APIResponse> response :
                Map.copyOf(responses.getAPIResponses()).entrySet()) {
            if (response.getKey().startsWith("2") && !response.getKey().equals(status)) {
                responses.removeAPIResponse(response.getKey());
                responses.addAPIResponse(status, response.getValue());
            }
        }
    }

    private static Object plain(JsonNode example, ObjectMapper mapper) {
        return Objects.requireNonNull(mapper.convertValue(example, Object.class));
    }
}
