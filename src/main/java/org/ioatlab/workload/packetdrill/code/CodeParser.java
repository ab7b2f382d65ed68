package org.ioatlab.workload.packetdrill.code;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a code block. */
final class CodeParser {
    private final String code;
    private final CodeCursor cursor;
    private final CodeExpressionParser expressions;

    CodeParser(String code) throws CodeSyntaxException {
        this.code = code;
        this.cursor = new CodeCursor(CodeLexer.tokens(code));
        this.expressions = new CodeExpressionParser(cursor);
    }

    List<CodeStatement> statements() throws CodeSyntaxException {
        List<CodeStatement> statements = new ArrayList<>();
        while (true) {
            while (cursor.peek().kind() == CodeToken.Kind.NEWLINE) {
                cursor.take();
            }
            if (cursor.atEnd()) {
                return statements;
            }
            CodeStatement statement = statement();
            if (statement != null) {
                statements.add(statement);
            }
            if (!cursor.atLineEnd()) {
                throw cursor.unexpected();
            }
        }
    }

    private @Nullable CodeStatement statement() throws CodeSyntaxException {
        CodeToken first = cursor.peek();
        if (first.kind() != CodeToken.Kind.NAME) {
            throw cursor.unexpected();
        }
        return switch (first.text()) {
            case "assert" -> assertion(cursor.take());
            case "print" -> print();
            case "pass" -> {
                cursor.take();
                yield null;
            }
            default -> assignment();
        };
    }

    private CodeStatement assertion(CodeToken keyword) throws CodeSyntaxException {
        CodeExpression condition = expressions.expression();
        CodeExpression message = cursor.took(",") ? expressions.expression() : null;
        return new CodeStatement.Assert(lineOf(keyword), keyword.line(), condition, message);
    }

    private String lineOf(CodeToken keyword) {
        String line = code.lines().skip(keyword.line() - 1L).findFirst().orElse("");
        return line.substring(keyword.column() - 1).strip();
    }

    private CodeStatement print() throws CodeSyntaxException {
        cursor.take();
        List<CodeExpression> values = new ArrayList<>();
        if (!cursor.atLineEnd()) {
            do {
                values.add(expressions.expression());
            } while (cursor.took(","));
        }
        boolean tuple = values.size() == 1 && values.getFirst() instanceof CodeExpression.Several;
        return new CodeStatement.Print(tuple ? ((CodeExpression.Several) values.getFirst()).elements() : values);
    }

    private CodeStatement assignment() throws CodeSyntaxException {
        CodeToken name = cursor.take();
        if (!cursor.took("=")) {
            throw new CodeSyntaxException(
                    name,
                    "unknown statement " + name.shown()
                            + ": a code block holds assert, print, assignments and nothing else of Python");
        }
        return new CodeStatement.Assign(name.text(), expressions.expression());
    }
}
