package org.ioatlab.workload.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.code.CodeProgram;
import org.ioatlab.workload.packetdrill.code.CodeSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads a whole script: options, a command, events, a command. An error costs one event; the next is read. */
final class ScriptParser {
    private static final long MAX_MICROS = 86_400_000_000L;

    private final OptionReader options = new OptionReader();
    private final Tokens tokens;
    private final List<SyntaxError> errors = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    private ScriptParser(String text) {
        tokens = new Tokens(text, Lexer.tokens(text), options.definitions());
    }

    static Script parse(String text) throws ScriptSyntaxException {
        if (text.length() > Script.MAX_LENGTH) {
            throw new ScriptSyntaxException(List.of(
                    new SyntaxError(new Position(1, 1), "a script has at most " + Script.MAX_LENGTH + " characters")));
        }
        try {
            return new ScriptParser(text).script();
        } catch (SyntaxFault fault) {
            throw new ScriptSyntaxException(List.of(fault.error()));
        }
    }

    private Script script() throws ScriptSyntaxException {
        while (tokens.peek().is(Token.Kind.OPTION)) {
            attempt(() -> options.read(tokens.take()));
        }
        Action.@Nullable ShellCommand init = command();
        Action.@Nullable ShellCommand cleanup = null;
        while (!tokens.atEnd() && cleanup == null) {
            cleanup = command();
            if (cleanup == null) {
                nextEvent();
            }
        }
        attempt(this::expectEnd);
        if (!errors.isEmpty()) {
            throw new ScriptSyntaxException(errors);
        }
        return new Script(options.options(), init, events, cleanup);
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (SyntaxFault fault) {
            note(fault);
        }
    }

    private void note(SyntaxFault fault) {
        if (errors.size() < Script.MAX_ERRORS) {
            errors.add(fault.error());
        }
    }

    private void nextEvent() {
        try {
            events.add(event());
        } catch (SyntaxFault fault) {
            note(fault);
            tokens.skipToNextEvent();
        }
    }

    private void expectEnd() {
        if (!tokens.atEnd()) {
            throw tokens.expected("the end of the script: a shell command without a time is the last thing in it");
        }
        if (events.isEmpty() && errors.isEmpty()) {
            throw tokens.expected("an event");
        }
    }

    private Action.@Nullable ShellCommand command() {
        return tokens.peek().is(Token.Kind.COMMAND) ? shellCommand() : null;
    }

    private Action.ShellCommand shellCommand() {
        Token token = tokens.take();
        return new Action.ShellCommand(token.at(), token.text());
    }

    private Event event() {
        Position at = tokens.at();
        EventTime time = time();
        Action action = action();
        boolean expectsPacket =
                action instanceof Action.Packet packet && packet.packet().direction() == PacketSpec.Direction.OUTBOUND;
        if (!expectsPacket && time.kind() == EventTime.Kind.ANY) {
            throw new SyntaxFault(at, "the time '*' is for outbound packets only");
        }
        if (!expectsPacket && time.isRange()) {
            throw new SyntaxFault(at, "a range of time is for outbound packets only");
        }
        return new Event(at, time, action);
    }

    private EventTime time() {
        if (tokens.took('*')) {
            return EventTime.ANY;
        }
        Position at = tokens.at();
        boolean relative = tokens.took('+');
        long micros = micros(tokens, "a time");
        if (!tokens.took('~')) {
            return relative ? EventTime.relative(micros) : EventTime.absolute(micros);
        }
        if (relative) {
            tokens.expect('+');
        }
        long end = micros(tokens, "the end of a range of time");
        if (end < micros) {
            throw new SyntaxFault(at, "this range of time is backwards");
        }
        return new EventTime(relative ? EventTime.Kind.RELATIVE_RANGE : EventTime.Kind.ABSOLUTE_RANGE, micros, end);
    }

    /** Seconds as a decimal or whole number. */
    static long micros(Tokens tokens, String what) {
        Token token = tokens.peek();
        if (!token.is(Token.Kind.DECIMAL) && !token.is(Token.Kind.INTEGER)) {
            throw tokens.expected(what);
        }
        if (token.text().startsWith("-")) {
            throw new SyntaxFault(token.at(), "this time is negative");
        }
        tokens.take();
        try {
            long micros = Decimals.micros(token.text());
            if (micros <= MAX_MICROS) {
                return micros;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw new SyntaxFault(token.at(), "this time is too long: a script lasts a day at most");
    }

    private Action action() {
        Token first = tokens.peek();
        return switch (first.kind()) {
            case COMMAND -> shellCommand();
            case CODE -> code();
            case WORD, ELLIPSIS -> new CallParser(tokens).call();
            case MARK -> {
                if (!first.isMark('<') && !first.isMark('>')) {
                    throw tokens.expected("a packet, a system call, a shell command or a code block");
                }
                boolean ipv6 = options.options().packetsAreIpv6();
                yield new Action.Packet(first.at(), new PacketParser(tokens, ipv6).packet());
            }
            default -> throw tokens.expected("a packet, a system call, a shell command or a code block");
        };
    }

    private Action.CodeBlock code() {
        Token token = tokens.take();
        try {
            return new Action.CodeBlock(token.at(), token.text().strip(), CodeProgram.parse(token.text()));
        } catch (CodeSyntaxException e) {
            // Columns of the first line count from behind the opening brace.
            Position at = e.line() == 1
                    ? token.at().plus(1 + e.column())
                    : new Position(token.at().line() + e.line() - 1, e.column());
            throw new SyntaxFault(at, e.text());
        }
    }
}
