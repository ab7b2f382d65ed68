package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.tcp.TcpSettings;
import org.ioatlab.kernel.net.tcp.TcpVariable;

/** The variables below {@code /proc/sys} as an administrator of a machine sees them. */
public final class SysctlFace {
    private final TcpSettings settings;

    SysctlFace(TcpSettings settings) {
        this.settings = settings;
    }

    /**
     * A variable.
     *
     * @param name with dots
     * @param value its numbers, with spaces between them
     */
    public record Variable(String name, String value) {}

    Call<?> apply(SysctlCommand<?> command) {
        return switch (command) {
            case SysctlCommand.Set c -> Call.of(set(c));
        };
    }

    /** All variables. */
    public List<Variable> variables() {
        List<Variable> views = new ArrayList<>();
        for (TcpVariable variable : TcpVariable.values()) {
            views.add(view(variable));
        }
        return views;
    }

    /**
     * One variable.
     *
     * @throws Refusal if there is none of that name
     */
    public Variable variable(String name) {
        return view(find(name));
    }

    private Variable set(SysctlCommand.Set c) {
        TcpVariable variable = find(c.name());
        if (!variable.write(settings, c.value())) {
            String message = "must be " + variable.range() + " for " + variable.key();
            throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", "value " + message + ".")
                    .with("field", "value")
                    .with("message", message);
        }
        return view(variable);
    }

    private static TcpVariable find(String name) {
        TcpVariable variable = TcpVariable.named(name);
        if (variable == null) {
            throw Refusal.unknown("variable", name);
        }
        return variable;
    }

    private Variable view(TcpVariable variable) {
        return new Variable(variable.key(), variable.read(settings));
    }
}
