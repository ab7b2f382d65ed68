package org.ioatlab.workload.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads system calls and the expressions in them. */
final class CallParser {
    /** Deepest nesting of lists, structures and parentheses. */
    private static final int MAX_DEPTH = 64;

    private final Tokens tokens;
    private int depth;

    /** Behind a result, parentheses hold a note and not what a function is applied to. */
    private boolean inResult;

    CallParser(Tokens tokens) {
        this.tokens = tokens;
    }

    Action.SystemCall call() {
        long end = -1;
        if (tokens.peek().is(Token.Kind.ELLIPSIS)) {
            tokens.take();
            end = ScriptParser.micros(tokens, "the time at which the call returns");
        }
        Token name = tokens.expect(Token.Kind.WORD, "the name of a system call");
        tokens.expect('(');
        List<Expression> arguments = list(')');
        tokens.expect('=');
        inResult = true;
        Expression result = expression();
        String errno = tokens.peek().is(Token.Kind.WORD) ? tokens.take().text() : null;
        return new Action.SystemCall(name.at(), end, name.text(), arguments, result, errno, note());
    }

    /** What stands in parentheses behind a result is prose: any characters but parentheses that don't match. */
    private @Nullable String note() {
        if (!tokens.peek().isMark('(')) {
            return null;
        }
        Token open = tokens.take();
        int depthOfNote = 1;
        Token last = open;
        while (depthOfNote > 0) {
            if (tokens.atEnd()) {
                throw new SyntaxFault(open.at(), "this note has no end: ) is missing");
            }
            last = tokens.take();
            depthOfNote += last.isMark('(') ? 1 : last.isMark(')') ? -1 : 0;
        }
        String text = tokens.textBetween(open, last);
        return text.substring(1, text.length() - 1).strip();
    }

    /** Expressions with commas up to the closing mark, which is taken. */
    private List<Expression> list(char close) {
        List<Expression> elements = new ArrayList<>();
        if (tokens.took(close)) {
            return elements;
        }
        do {
            elements.add(expression());
        } while (tokens.took(','));
        if (!tokens.took(close)) {
            throw tokens.expected("',' or '" + close + "'");
        }
        return elements;
    }

    private Expression expression() {
        if (++depth > MAX_DEPTH) {
            throw new SyntaxFault(tokens.at(), "expressions are nested more than " + MAX_DEPTH + " deep");
        }
        Expression value = operand();
        while (tokens.took('|')) {
            value = new Expression.Or(value, operand());
        }
        depth--;
        return value;
    }

    private Expression operand() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case ELLIPSIS -> new Expression.Ellipsis(tokens.take().at());
            case INTEGER, HEX -> {
                tokens.take();
                yield new Expression.Numeral(token.at(), Tokens.number(token), token.is(Token.Kind.HEX));
            }
            case STRING -> text();
            case WORD -> word();
            case MARK -> bracketed(token);
            default -> throw tokens.expected("an expression");
        };
    }

    private Expression bracketed(Token token) {
        if (tokens.took('[')) {
            return new Expression.Array(token.at(), list(']'));
        }
        if (tokens.took('{')) {
            return new Expression.Struct(token.at(), fields());
        }
        if (tokens.took('(')) {
            Expression inner = expression();
            tokens.expect(')');
            return inner;
        }
        throw tokens.expected("an expression");
    }

    private Expression text() {
        Position at = tokens.at();
        StringBuilder value = new StringBuilder();
        while (tokens.peek().is(Token.Kind.STRING)) {
            value.append(Escapes.resolve(tokens.take()));
        }
        boolean open = tokens.peek().is(Token.Kind.ELLIPSIS);
        if (open) {
            tokens.take();
        }
        return new Expression.Text(at, value.toString(), open);
    }

    private Expression word() {
        Token name = tokens.take();
        if (!inResult && tokens.took('(')) {
            return new Expression.Call(name.at(), name.text(), list(')'));
        }
        if (tokens.took('=')) {
            return new Expression.Assignment(name.at(), name.text(), expression());
        }
        return new Expression.Word(name.at(), name.text());
    }

    private List<Expression.Field> fields() {
        List<Expression.Field> fields = new ArrayList<>();
        if (tokens.took('}')) {
            return fields;
        }
        do {
            fields.add(field());
        } while (tokens.took(','));
        if (!tokens.took('}')) {
            throw tokens.expected("',' or '}'");
        }
        return fields;
    }

    /** {@code name=value}, {@code name(count)=value} or a value alone. */
    private Expression.Field field() {
        Position at = tokens.at();
        Expression value = expression();
        if (value instanceof Expression.Assignment assignment) {
            return new Expression.Field(at, assignment.name(), null, assignment.value());
        }
        if (value instanceof Expression.Call call && call.arguments().size() == 1 && tokens.took('=')) {
            return new Expression.Field(at, call.function(), call.arguments().getFirst(), expression());
        }
        return new Expression.Field(at, null, null, value);
    }
}
