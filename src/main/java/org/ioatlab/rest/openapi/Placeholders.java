package org.ioatlab.rest.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Puts names of the demo machines' things into a tree of examples. */
record Placeholders(DemoNames names) {
    JsonNode fill(JsonNode node) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(names.fill(node.textValue()));
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            filled.set(field.getKey(), fill(field.getValue()));
        }
        return filled;
    }
}
