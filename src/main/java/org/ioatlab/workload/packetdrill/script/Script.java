package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole script.
 *
 * @param options what its option lines say
 * @param initCommand the shell command before the first event, if there is one
 * @param events what is to happen, in the order of the text
 * @param cleanupCommand the shell command behind the last event, if there is one
 */
public record Script(
        ScriptOptions options,
        Action.@Nullable ShellCommand initCommand,
        List<Event> events,
        Action.@Nullable ShellCommand cleanupCommand) {
    /** Longest script in characters. */
    public static final int MAX_LENGTH = 1 << 20;

    /** Most errors that are reported at once. */
    public static final int MAX_ERRORS = 20;

    public Script {
        events = List.copyOf(events);
    }

    /**
     * Reads a script in packetdrill's language.
     *
     * @throws ScriptSyntaxException when it isn't of the language or longer than {@link #MAX_LENGTH}; at most
     *     {@link #MAX_ERRORS} places are named
     */
    public static Script parse(String text) throws ScriptSyntaxException {
        return ScriptParser.parse(text);
    }
}
