package org.ioatlab.workload.packetdrill.code;

import java.util.List;

/**
 * A code block: {@code assert}, {@code print} and assignments with Python's expressions over numbers and strings.
 *
 * @param statements in their order
 */
public record CodeProgram(List<CodeStatement> statements) {
    public CodeProgram {
        statements = List.copyOf(statements);
    }

    /**
     * Reads a code block.
     *
     * @throws CodeSyntaxException when it says anything else
     */
    public static CodeProgram parse(String code) throws CodeSyntaxException {
        return new CodeProgram(new CodeParser(code).statements());
    }

    /** Carries out the statements until one fails; variables stay for later blocks of the same script. */
    public CodeResult run(CodeLookup lookup, CodeVariables variables) {
        return new CodeEvaluator(lookup, variables).run(this);
    }
}
