package org.ioatlab.rest.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** The problems that every operation may answer with. */
final class ProblemResponses {
    private static final String SCHEMA = "Problem";
    private static final Map<String, String> OF_ALL = of(
            "400", "malformed: a parameter or field is out of its own range",
            "404", "unknown: there is no such thing",
            "410", "gone: the machine was deleted or has expired",
            "503", "the service has too much to do; see Retry-After");
    private static final Map<String, String> OF_BODIES = of(
            "409", "the state of the thing doesn't allow it now",
            "413", "the body is too large",
            "415", "the body has another media type",
            "422", "well formed, but meaningless against the thing or other fields",
            "429", "a limit is reached; see Retry-After",
            "507", "the machine's memory is exhausted");

    private ProblemResponses() {}

    /** Declares what a problem looks like. */
    static void declare(OpenAPI description) {
        if (description.getComponents() == null) {
            description.setComponents(OASFactory.createComponents());
        }
        description
                .getComponents()
                .addSchema(
                        SCHEMA,
                        text(
                                        "problem details as RFC 9457 has them; members beyond these say what a program can use",
                                        SchemaType.OBJECT)
                                .addProperty(
                                        "type",
                                        text("the problem's stable type, a path of this service", SchemaType.STRING))
                                .addProperty("title", text("the type in words", SchemaType.STRING))
                                .addProperty("status", text("the HTTP status", SchemaType.INTEGER))
                                .addProperty("detail", text("what happened this time", SchemaType.STRING))
                                .addProperty("instance", text("the path that was asked for", SchemaType.STRING))
                                .addProperty("violations", violations())
                                .addProperty("state", text("the state that didn't allow it", SchemaType.STRING))
                                .addProperty("allowed", strings()));
    }

    static void addTo(Operation operation) {
        OF_ALL.forEach((status, meaning) -> add(operation, status, meaning));
        if (operation.getRequestBody() != null) {
            OF_BODIES.forEach((status, meaning) -> add(operation, status, meaning));
        }
    }

    private static void add(Operation operation, String status, String meaning) {
        APIResponse response = OASFactory.createAPIResponse()
                .description(meaning)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(SCHEMA))));
        operation.getResponses().addAPIResponse(status, response);
    }

    private static Schema violations() {
        return text("fields with values that they don't allow", SchemaType.ARRAY)
                .items(text("a field", SchemaType.OBJECT)
                        .addProperty("field", text("its name, as in the request", SchemaType.STRING))
                        .addProperty("message", text("what is wrong with it", SchemaType.STRING)));
    }

    private static Schema strings() {
        return text("values or methods that are allowed", SchemaType.ARRAY)
                .items(OASFactory.createSchema().addType(SchemaType.STRING));
    }

    private static Schema text(String description, SchemaType type) {
        return OASFactory.createSchema().addType(type).description(description);
    }

    private static Map<String, String> of(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
