package org.ioatlab.rest.http;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.function.Function;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Reads parameters that aren't text; a wrong one is the client's error, not a path that leads nowhere. */
@Provider
public final class NumberParameters implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> type, Type generic, Annotation[] annotations) {
        String field = field(annotations);
        if (type == Integer.class || type == int.class) {
            return (ParamConverter<T>) converter(field, "must be a whole number, at most 2147483647", Integer::valueOf);
        }
        if (type == Long.class || type == long.class) {
            return (ParamConverter<T>) converter(field, "must be a whole number", Long::valueOf);
        }
        if (type == Boolean.class || type == boolean.class) {
            return (ParamConverter<T>) converter(field, "must be true or false", NumberParameters::flag);
        }
        if (type == VirtualDuration.class) {
            return (ParamConverter<T>) converter(field, null, VirtualDuration::parse);
        }
        return null;
    }

    private static boolean flag(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException();
    }

    private static String field(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            switch (annotation) {
                case QueryParam query -> {
                    return query.value();
                }
                case PathParam path -> {
                    return path.value();
                }
                case HeaderParam header -> {
                    return header.value();
                }
                default -> {}
            }
        }
        return "parameter";
    }

    private static <T> ParamConverter<T> converter(String field, @Nullable String message, Function<String, T> parse) {
        return new ParamConverter<>() {
            @Override
            public T fromString(String text) {
                try {
                    return parse.apply(text);
                } catch (IllegalArgumentException e) {
                    throw Problems.badValue(field, message == null ? String.valueOf(e.getMessage()) : message);
                }
            }

            @Override
            public String toString(T value) {
                return value.toString();
            }
        };
    }
}
