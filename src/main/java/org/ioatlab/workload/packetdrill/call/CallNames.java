package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Event;
import org.ioatlab.workload.packetdrill.script.Expression;
import org.ioatlab.workload.packetdrill.script.Position;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.SyntaxError;

/** Looks over a script's system calls before any is made: names that nobody knows are errors of the script. */
public final class CallNames {
    private static final String UNSUPPORTED =
            " open sendfile pipe splice cap_set psp_rx_assoc psp_tx_assoc select pselect kqueue kevent dup dup2 mmap ";

    private final List<SyntaxError> errors = new ArrayList<>();

    private CallNames() {}

    /** What isn't known, in the order of the text. */
    public static List<SyntaxError> unknownIn(Script script) {
        CallNames names = new CallNames();
        for (Event event : script.events()) {
            if (event.action() instanceof Action.SystemCall call) {
                names.look(call);
            }
        }
        return names.errors;
    }

    private void look(Action.SystemCall call) {
        if (UNSUPPORTED.contains(" " + call.name() + " ")) {
            error(call.at(), "system call '" + call.name() + "' is not supported");
        } else if (!CallPlanner.isKnown(call.name())) {
            error(call.at(), "unknown system call '" + call.name() + "'");
        }
        call.arguments().forEach(this::look);
        look(call.result());
        if (call.errno() != null && Symbols.value(call.errno()).isEmpty()) {
            error(call.at(), "unknown error '" + call.errno() + "'");
        }
    }

    private void look(Expression expression) {
        switch (expression) {
            case Expression.Word word -> {
                if (Symbols.value(word.name()).isEmpty()) {
                    error(word.at(), "unknown symbol '" + word.name() + "'");
                }
            }
            case Expression.Or or -> {
                look(or.left());
                look(or.right());
            }
            case Expression.Assignment assignment -> look(assignment.value());
            case Expression.Call call -> call.arguments().forEach(this::look);
            case Expression.Array array -> array.elements().forEach(this::look);
            case Expression.Struct struct -> struct.fields().forEach(field -> look(field.value()));
            case Expression.Ellipsis _, Expression.Numeral _, Expression.Text _ -> {}
        }
    }

    private void error(Position at, String message) {
        if (errors.size() < Script.MAX_ERRORS) {
            errors.add(new SyntaxError(at, message));
        }
    }
}
