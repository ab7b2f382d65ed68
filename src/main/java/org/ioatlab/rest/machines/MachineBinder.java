package org.ioatlab.rest.machines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ioatlab.lab.ClockSetting;
import org.ioatlab.lab.MachineCreation;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.PlatformViews;
import org.ioatlab.machine.Presets;
import org.ioatlab.rest.problem.ConstraintMapper;
import org.ioatlab.rest.problem.JsonProblems;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Makes a machine's creation from a request: the preset's spec with the request's own fields merged into it, checked as a whole. */
@Singleton
public class MachineBinder {
    private static final Presets DEFAULT_PRESET = Presets.IOAT;
    private static final String FREQUENCY = "cpuFrequencyMhz";
    private static final List<String> HEAD = List.of("name", "labels", "preset", "clock");

    private final ObjectMapper mapper;
    private final Validator validator;

    MachineBinder(ObjectMapper mapper, Validator validator) {
        this.mapper = mapper;
        this.validator = validator;
    }

    /**
     * The creation that a request asks for.
     *
     * @param body null for an empty one
     * @param name from the path, or null
     */
    public MachineCreation bind(@Nullable ObjectNode body, @Nullable String name) {
        ObjectNode request = body == null ? mapper.createObjectNode() : body;
        MachineHead head = checked(bind(only(request), MachineHead.class));
        Presets preset = preset(head.preset());
        MachineSpec spec = merged(preset.spec(), request);
        return new MachineCreation(
                name(head.name(), name),
                head.labels() == null ? Map.of() : Map.copyOf(head.labels()),
                preset.label(),
                spec,
                head.clock() == null ? ClockSetting.DEFAULT : head.clock().over(ClockSetting.DEFAULT));
    }

    /** A spec with changed fields; what isn't part of a spec is refused. */
    public MachineSpec changed(MachineSpec base, ObjectNode changes) {
        for (String field : HEAD) {
            if (changes.has(field)) {
                throw Problems.badValue("changes." + field, "is not part of a spec");
            }
        }
        return merged(base, changes);
    }

    /** A spec with the fields of {@code changes} merged into it; fields of {@link MachineHead} are left aside. */
    private MachineSpec merged(MachineSpec base, ObjectNode changes) {
        ObjectNode tree = mapper.valueToTree(base);
        ObjectNode fields = changes.deepCopy().without(HEAD);
        merge(tree, fields);
        clampLowMemory(tree, fields);
        return withFrequency(checked(bind(tree, MachineSpec.class)), base, fields);
    }

    /** A spec that names no clock rate has its platform's, also when it goes over to another platform. */
    private static MachineSpec withFrequency(MachineSpec spec, MachineSpec base, ObjectNode fields) {
        int old = base.cpus().frequencyMhz();
        boolean given = fields.path("cpus").has("frequencyMhz");
        if (given || (old != 0 && old != frequency(base))) {
            return spec;
        }
        return spec.withFrequencyMhz(frequency(spec));
    }

    private static int frequency(MachineSpec spec) {
        Long ownCost = spec.costs().get(FREQUENCY);
        if (ownCost != null || !PlatformViews.ids().contains(spec.platform())) {
            return ownCost == null ? 0 : Math.toIntExact(ownCost);
        }
        return PlatformViews.of(spec.platform()).parameters().stream()
                .filter(row -> row.name().equals(FREQUENCY))
                .mapToInt(row -> Math.toIntExact(row.value()))
                .findFirst()
                .orElse(0);
    }

    private static Presets preset(@Nullable String label) {
        if (label != null && !Presets.labels().contains(label)) {
            throw Problems.notAllowed("preset", label, Presets.labels());
        }
        return label == null ? DEFAULT_PRESET : Presets.of(label);
    }

    private static @Nullable String name(@Nullable String inBody, @Nullable String inPath) {
        if (inPath == null) {
            return inBody;
        }
        if (!inPath.matches(MachineHead.NAME)) {
            throw Problems.badValue("machine", MachineHead.NAME_MESSAGE);
        }
        if (inBody != null && !inBody.equals(inPath)) {
            throw Problems.of(
                    422,
                    "name-contradicts-path",
                    "The body names the machine " + inBody + ", the path " + inPath + ".");
        }
        return inPath;
    }

    private ObjectNode only(ObjectNode request) {
        ObjectNode head = mapper.createObjectNode();
        HEAD.forEach(name -> head.set(name, request.path(name).isMissingNode() ? null : request.get(name)));
        return head;
    }

    private static void merge(ObjectNode base, ObjectNode changes) {
        for (Map.Entry<String, JsonNode> field : changes.properties()) {
            JsonNode old = base.get(field.getKey());
            if (old instanceof ObjectNode inner && field.getValue() instanceof ObjectNode change) {
                merge(inner, change);
            } else {
                base.set(field.getKey(), field.getValue());
            }
        }
    }

    /** A machine with less memory than the preset's low zone has low memory only, unless its spec says otherwise. */
    private static void clampLowMemory(ObjectNode tree, ObjectNode fields) {
        JsonNode total = fields.path("memory").path("totalMib");
        boolean lowGiven = fields.path("memory").has("lowMib");
        if (!lowGiven
                && total.isInt()
                && total.intValue() < tree.path("memory").path("lowMib").intValue()) {
            ((ObjectNode) tree.get("memory")).put("lowMib", total.intValue());
        }
    }

    private <T> T bind(ObjectNode tree, Class<T> type) {
        try {
            return Objects.requireNonNull(mapper.treeToValue(tree, type));
        } catch (JsonProcessingException e) {
            throw JsonProblems.of(e);
        }
    }

    private <T> T checked(T value) {
        Set<ConstraintViolation<T>> violations = validator.validate(value);
        if (!violations.isEmpty()) {
            throw ConstraintMapper.toProblem(violations);
        }
        return value;
    }
}
