package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Expression;
import org.jspecify.annotations.Nullable;

/** Holds what a call returned against what the script says. */
public final class OutcomeCheck {
    private final Action.SystemCall script;
    private final CallOutcome outcome;

    private OutcomeCheck(Action.SystemCall script, CallOutcome outcome) {
        this.script = script;
        this.outcome = outcome;
    }

    /**
     * In what the outcome differs from the script, or nothing.
     *
     * @throws CallFault when the script can't be understood
     */
    public static @Nullable String difference(Action.SystemCall script, CallOutcome outcome) throws CallFault {
        OutcomeCheck check = new OutcomeCheck(script, outcome);
        String result = check.result();
        return result == null && outcome.result() >= 0 ? check.written() : result;
    }

    /** What the script expects a call to return. */
    public static String expected(Action.SystemCall script) {
        String result = switch (script.result()) {
            case Expression.Ellipsis _ -> "...";
            case Expression.Numeral numeral ->
                numeral.hex() ? "0x" + Long.toHexString(numeral.value()) : Long.toString(numeral.value());
            case Expression.Word word -> word.name();
            default -> "a number";
        };
        return script.errno() == null ? result : result + " " + script.errno();
    }

    private @Nullable String result() throws CallFault {
        boolean any = script.result() instanceof Expression.Ellipsis;
        long expected = any ? 0 : Values.number(script.result());
        boolean descriptor = makesDescriptor(script.name()) && expected >= 0;
        boolean fits = any || (descriptor ? outcome.result() >= 0 : outcome.result() == expected);
        if (!fits) {
            return "returned " + outcome;
        }
        if (script.errno() != null && !sameError(script.errno(), outcome.errno())) {
            return "returned " + outcome;
        }
        return null;
    }

    private static boolean sameError(String expected, @Nullable String actual) {
        return actual != null && Symbols.value(expected).equals(Symbols.value(actual));
    }

    static boolean makesDescriptor(String call) {
        return switch (call) {
            case "socket", "accept", "accept4", "epoll_create", "epoll_create1" -> true;
            default -> false;
        };
    }

    private @Nullable String written() throws CallFault {
        return switch (script.name()) {
            case "getsockopt" -> option();
            case "ioctl" ->
                script.arguments().size() < 3 ? null : number(script.arguments().get(2));
            case "poll" -> polled();
            case "epoll_wait" -> waited();
            case "recvmsg" -> messageFlags();
            case "read", "readv", "recv", "recvfrom" -> outcome.zeros() ? null : "read bytes that nobody sent";
            default -> null;
        };
    }

    private @Nullable String option() throws CallFault {
        Expression value = script.arguments().get(3);
        if (value instanceof Expression.Text text) {
            String actual = outcome.text() == null ? "" : outcome.text();
            return trimmed(text.value()).equals(trimmed(actual)) ? null : "the option is \"" + actual + "\"";
        }
        if (!(value instanceof Expression.Struct struct)) {
            return number(value);
        }
        int index = 0;
        for (Expression.Field field : struct.fields()) {
            boolean textual = field.value() instanceof Expression.Text || outcome.text() != null;
            if (field.value() instanceof Expression.Ellipsis || textual) {
                continue;
            }
            if (index >= outcome.values().size() || outcome.values().get(index) != Values.number(field.value())) {
                return "the option is " + outcome.values();
            }
            index++;
        }
        return null;
    }

    /** Strings in options end with a null byte, or where their buffer does. */
    private static String trimmed(String text) {
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private @Nullable String number(Expression value) throws CallFault {
        Long expected = Values.bracketed(value);
        if (expected == null) {
            return null;
        }
        long actual = outcome.values().isEmpty() ? 0 : outcome.values().getFirst();
        return (int) actual == expected.intValue() ? null : "the value is " + actual;
    }

    private @Nullable String polled() throws CallFault {
        List<String> differences = new ArrayList<>();
        List<Expression.Struct> entries = new Arguments(script, new Descriptors()).structs(0);
        for (int i = 0; i < entries.size(); i++) {
            Expression revents = entries.get(i).field("revents");
            long expected = revents == null ? 0 : Values.number(revents);
            long actual = i < outcome.values().size() ? outcome.values().get(i) : 0;
            if (actual != expected) {
                differences.add("revents of entry " + i + " are " + Symbols.flags(actual, "POLL"));
            }
        }
        return differences.isEmpty() ? null : String.join(", ", differences);
    }

    private @Nullable String waited() throws CallFault {
        int index = 0;
        for (Expression.Struct event : new Arguments(script, new Descriptors()).structs(1)) {
            if (index >= outcome.result()) {
                return null;
            }
            long events = outcome.values().get(2 * index);
            long data = outcome.values().get(2 * index + 1);
            if ((int) events != (int) Values.number(Arguments.field(event, "events"))) {
                return "events of entry " + index + " are " + Symbols.flags(events & 0xffff_ffffL, "EPOLL");
            }
            if (data != Arguments.epollData(event)) {
                return "the data of entry " + index + " are " + data;
            }
            index++;
        }
        return null;
    }

    private @Nullable String messageFlags() throws CallFault {
        long expected = MessageHeader.of(script.arguments().get(1)).flags();
        long actual = outcome.values().isEmpty() ? 0 : outcome.values().getFirst();
        if (actual != expected) {
            return "msg_flags are " + Symbols.flags(actual, "MSG_");
        }
        return outcome.zeros() ? null : "read bytes that nobody sent";
    }
}
