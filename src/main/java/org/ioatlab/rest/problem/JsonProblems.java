package org.ioatlab.rest.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ioatlab.rest.json.EnumLabels;
import org.jspecify.annotations.Nullable;

/** What can be wrong with JSON: its grammar, names of fields, types of values. Nothing of Java shows through. */
public final class JsonProblems {
    private static final int MOST_SHOWN = 64;

    private JsonProblems() {}

    /** The problem that a reader ran into. */
    public static HttpProblem of(JsonProcessingException failure) {
        StreamReadException grammar = grammar(failure);
        if (grammar != null) {
            return malformed(grammar);
        }
        return switch (failure) {
            case UnrecognizedPropertyException e -> unknownField(e);
            case InvalidFormatException e when isEnum(e.getTargetType()) -> notAllowed(e);
            case ValueInstantiationException e -> Problems.badValue(path(e), reason(e));
            case MismatchedInputException e
            when isTrailing(e) -> malformed("Something follows the end of the JSON value", e.getLocation());
            case MismatchedInputException e -> Problems.badValue(path(e), expected(e.getTargetType()));
            case JsonMappingException e
            when e.getCause() instanceof InputCoercionException -> Problems.badValue(path(e), "is out of range");
            case JsonMappingException e -> Problems.badValue(path(e), "can't be read");
            default -> malformed(failure.getOriginalMessage(), failure.getLocation());
        };
    }

    private static @Nullable StreamReadException grammar(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamReadException e && !(e instanceof InputCoercionException)) {
                return e;
            }
        }
        return null;
    }

    private static HttpProblem malformed(StreamReadException failure) {
        return malformed(failure.getOriginalMessage(), failure.getLocation());
    }

    private static HttpProblem malformed(String message, @Nullable JsonLocation at) {
        if (at == null) {
            return Problems.of(400, "malformed-json", message + ".");
        }
        return Problems.builder(
                        400,
                        "malformed-json",
                        message + ", at line " + at.getLineNr() + ", column " + at.getColumnNr() + ".")
                .with("line", at.getLineNr())
                .with("column", at.getColumnNr())
                .build();
    }

    private static boolean isTrailing(MismatchedInputException failure) {
        return failure.getOriginalMessage().startsWith("Trailing token");
    }

    private static HttpProblem unknownField(UnrecognizedPropertyException failure) {
        List<String> known = knownFields(failure.getKnownPropertyIds());
        String field = path(failure);
        return Problems.builder(400, "unknown-field", "There is no field " + field + " here.")
                .with("violations", List.of(new Problems.Violation(field, "is unknown")))
                .with("allowed", known)
                .build();
    }

    private static List<String> knownFields(@Nullable Collection<Object> names) {
        return names == null
                ? List.of()
                : names.stream().map(Object::toString).sorted().toList();
    }

    private static HttpProblem notAllowed(InvalidFormatException failure) {
        return Problems.notAllowed(
                path(failure),
                shorten(String.valueOf(failure.getValue())),
                EnumLabels.of(Objects.requireNonNull(failure.getTargetType())));
    }

    private static String shorten(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    private static boolean isEnum(@Nullable Class<?> type) {
        return type != null && type.isEnum();
    }

    /** Our own value types say what is wrong in the exception that their constructors throw. */
    private static String reason(ValueInstantiationException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : "can't be read";
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "has the wrong type";
        }
        if (type.isEnum()) {
            return "must be one of " + String.join(", ", EnumLabels.of(type));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (type == double.class || type == Double.class) {
            return "must be a number";
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type)
                ? "must be a whole number"
                : expectedStructure(type);
    }

    private static String expectedStructure(Class<?> type) {
        if (type == String.class) {
            return "must be a string";
        }
        if (type == byte[].class) {
            return "must be base64";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "must be an array";
        }
        boolean structured =
                type.isRecord() || Map.class.isAssignableFrom(type) || JsonNode.class.isAssignableFrom(type);
        return structured ? "must be an object" : "has the wrong type";
    }

    /** The field as the client wrote it: {@code copies[2].dest.offset}. */
    private static String path(JsonMappingException failure) {
        List<String> parts = new ArrayList<>();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() != null) {
                parts.add((parts.isEmpty() ? "" : ".") + step.getFieldName());
            } else if (step.getIndex() >= 0) {
                parts.add("[" + step.getIndex() + "]");
            }
        }
        return parts.isEmpty() ? "body" : String.join("", parts);
    }
}
