package org.ioatlab.workload.packetdrill.code;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the code blocks of one script have assigned. */
public final class CodeVariables {
    private final Map<String, CodeValue> values = new TreeMap<>();

    @Nullable
    CodeValue get(String name) {
        return values.get(name);
    }

    void put(String name, CodeValue value) {
        values.put(name, value);
    }
}
