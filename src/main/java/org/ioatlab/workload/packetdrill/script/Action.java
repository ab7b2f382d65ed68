package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import org.ioatlab.workload.packetdrill.code.CodeProgram;
import org.jspecify.annotations.Nullable;

/** What an event does. */
public sealed interface Action {
    /** Where it begins. */
    Position at();

    /**
     * A packet is injected or expected.
     *
     * @param at where its direction stands
     * @param packet the packet
     */
    record Packet(Position at, PacketSpec packet) implements Action {}

    /**
     * A process makes a system call.
     *
     * @param at where its name stands
     * @param endMicros when a blocking call returns, counted as the event's own time is; -1 for a call that returns at
     *     once
     * @param name the function
     * @param arguments what it is given
     * @param result what it returns
     * @param errno the error it sets, by name
     * @param note what stands in parentheses behind that; means nothing
     */
    record SystemCall(
            Position at,
            long endMicros,
            String name,
            List<Expression> arguments,
            Expression result,
            @Nullable String errno,
            @Nullable String note)
            implements Action {
        public SystemCall {
            arguments = List.copyOf(arguments);
        }

        /** Whether the script gives the call time until it returns. */
        public boolean isBlocking() {
            return endMicros >= 0;
        }
    }

    /**
     * A command for a shell.
     *
     * @param at where it begins
     * @param text what stands between the backquotes
     */
    record ShellCommand(Position at, String text) implements Action {}

    /**
     * Assertions over a connection's figures.
     *
     * @param at where the block begins
     * @param text what stands between the braces, without space at its ends
     * @param program the same, read
     */
    record CodeBlock(Position at, String text, CodeProgram program) implements Action {}
}
