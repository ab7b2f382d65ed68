package org.ioatlab.rest.json;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** The names by which constants are written and read: their labels where they have some, otherwise their own names. */
public final class EnumLabels {
    private EnumLabels() {}

    /** The names of all constants of an enum, in order. */
    public static List<String> of(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> of((Enum<?>) constant))
                .toList();
    }

    /** The name of a constant. */
    public static String of(Enum<?> constant) {
        try {
            Method label = constant.getDeclaringClass().getMethod("label");
            return (String) label.invoke(constant);
        } catch (NoSuchMethodException e) {
            return constant.name();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("unreadable label of " + constant, e);
        }
    }
}
