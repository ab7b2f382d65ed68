package org.ioatlab.rest.json;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ioatlab.machine.Command;
import org.jspecify.annotations.Nullable;

/** The names of commands in journals, such as {@code memory.allocateBuffer}: the group and what is done. They never change. */
public final class CommandNames {
    private static final String SUFFIX = "Command";
    private static final Map<String, Class<?>> TYPES = types();
    private static final Map<Class<?>, String> NAMES =
            TYPES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private CommandNames() {}

    /** The name of a command. */
    public static String of(Command<?> command) {
        return NAMES.getOrDefault(command.getClass(), "");
    }

    /** The command type of a name, or null. */
    public static @Nullable Class<?> type(String name) {
        return TYPES.get(name);
    }

    private static Map<String, Class<?>> types() {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        for (Class<?> group : Command.class.getPermittedSubclasses()) {
            for (Class<?> type : group.getPermittedSubclasses()) {
                types.put(name(type), type);
            }
        }
        return types;
    }

    private static String name(Class<?> type) {
        Class<?> enclosing = type.getEnclosingClass();
        String group = enclosing == null ? "" : enclosing.getSimpleName();
        return group.substring(0, group.length() - SUFFIX.length()).toLowerCase(Locale.ROOT) + "."
                + Character.toLowerCase(type.getSimpleName().charAt(0))
                + type.getSimpleName().substring(1);
    }
}
