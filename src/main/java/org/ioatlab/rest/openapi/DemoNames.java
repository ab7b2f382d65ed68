package org.ioatlab.rest.openapi;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names that the demo machines' things got, by the placeholders of the examples: {@code ${page}}. */
@Singleton
public class DemoNames {
    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** Keeps a name. */
    public void put(String placeholder, String name) {
        names.put(placeholder, name);
    }

    /** A text with names in place of placeholders. */
    String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            filled = filled.replace("${" + name.getKey() + "}", name.getValue());
        }
        return filled;
    }
}
