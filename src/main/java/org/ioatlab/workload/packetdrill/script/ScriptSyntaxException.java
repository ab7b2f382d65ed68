package org.ioatlab.workload.packetdrill.script;

import java.util.List;

/** A script isn't of the language: says where and why, for as many places as were found. */
public final class ScriptSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<SyntaxError> errors;

    /** Takes at least one error, in the order of the text. */
    public ScriptSyntaxException(List<SyntaxError> errors) {
        super(errors.getFirst().toString());
        this.errors = List.copyOf(errors);
    }

    /** What isn't understood, in the order of the text; never empty. */
    public List<SyntaxError> errors() {
        return errors;
    }
}
