package org.ioatlab.workload.packetdrill.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a code block. */
public sealed interface CodeStatement {
    /**
     * {@code assert condition, message}.
     *
     * @param text the statement as it stands
     * @param line within the block, from 1
     * @param condition what has to hold
     * @param message what is said if it doesn't
     */
    record Assert(
            String text,
            int line,
            CodeExpression condition,
            @Nullable CodeExpression message) implements CodeStatement {}

    /**
     * {@code print(a, b)} or {@code print a, b}.
     *
     * @param values what is printed
     */
    record Print(List<CodeExpression> values) implements CodeStatement {
        public Print {
            values = List.copyOf(values);
        }
    }

    /**
     * {@code name = value}.
     *
     * @param name the variable
     * @param value what it is from now on
     */
    record Assign(String name, CodeExpression value) implements CodeStatement {}
}
