package org.ioatlab.rest.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the description says beyond the code.
 *
 * @param parameters by name
 * @param operations by operation id
 * @param tags in order, with descriptions
 */
record Examples(Map<String, Parameter> parameters, Map<String, Operation> operations, Map<String, String> tags) {
    /** A parameter's description and an example. */
    record Parameter(JsonNode example, String description) {}

    /**
     * An operation's own examples.
     *
     * @param status of success, 200 without it
     * @param parameters examples that differ from the usual ones
     * @param body an example
     * @param files media types of files that it takes as well
     */
    record Operation(
            @Nullable String status,
            @Nullable Map<String, String> parameters,
            @Nullable JsonNode body,
            @Nullable List<String> files) {
        static final Operation PLAIN = new Operation(null, null, null, null);
    }

    Operation operation(@Nullable String id) {
        return id == null ? Operation.PLAIN : operations.getOrDefault(id, Operation.PLAIN);
    }
}
