package org.ioatlab.workload.packetdrill.code;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Reads expressions with Python's precedence. */
final class CodeExpressionParser {
    private static final int MAX_DEPTH = 64;
    private static final String KEYWORDS = " and or not if else in is lambda for ";

    /** Arithmetic from the weakest binding to the strongest; all of them bind from the left. */
    private static final String[][] LEVELS = {{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%"}};

    private static final String[] COMPARISONS = {"==", "!=", "<", "<=", ">", ">="};

    private final CodeCursor cursor;
    private int depth;

    CodeExpressionParser(CodeCursor cursor) {
        this.cursor = cursor;
    }

    CodeExpression expression() throws CodeSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw new CodeSyntaxException(cursor.peek(), "expressions are nested more than " + MAX_DEPTH + " deep");
        }
        CodeExpression value = disjunction();
        if (cursor.tookName("if")) {
            CodeExpression condition = disjunction();
            if (!cursor.tookName("else")) {
                throw cursor.unexpected();
            }
            value = new CodeExpression.Choice(condition, value, expression());
        }
        depth--;
        return value;
    }

    private CodeExpression disjunction() throws CodeSyntaxException {
        CodeExpression left = conjunction();
        while (cursor.tookName("or")) {
            left = new CodeExpression.Binary("or", left, conjunction());
        }
        return left;
    }

    private CodeExpression conjunction() throws CodeSyntaxException {
        CodeExpression left = negation();
        while (cursor.tookName("and")) {
            left = new CodeExpression.Binary("and", left, negation());
        }
        return left;
    }

    private CodeExpression negation() throws CodeSyntaxException {
        boolean odd = false;
        boolean any = false;
        while (cursor.tookName("not")) {
            odd = !odd;
            any = true;
        }
        CodeExpression operand = comparison();
        CodeExpression truth = any && !odd ? new CodeExpression.Unary("not", operand) : operand;
        return any ? new CodeExpression.Unary("not", truth) : operand;
    }

    private CodeExpression comparison() throws CodeSyntaxException {
        List<CodeExpression> operands = new ArrayList<>();
        List<String> operators = new ArrayList<>();
        operands.add(arithmetic(0));
        String operator = comparisonOperator();
        while (!operator.isEmpty()) {
            operators.add(operator);
            operands.add(arithmetic(0));
            operator = comparisonOperator();
        }
        return operators.isEmpty() ? operands.getFirst() : new CodeExpression.Comparison(operands, operators);
    }

    private String comparisonOperator() throws CodeSyntaxException {
        for (String operator : COMPARISONS) {
            if (cursor.took(operator)) {
                return operator;
            }
        }
        if (cursor.tookName("in")) {
            return "in";
        }
        if (cursor.tookName("is")) {
            return cursor.tookName("not") ? "!=" : "==";
        }
        if (cursor.tookName("not")) {
            if (!cursor.tookName("in")) {
                throw cursor.unexpected();
            }
            return "not in";
        }
        return "";
    }

    private CodeExpression arithmetic(int level) throws CodeSyntaxException {
        if (level == LEVELS.length) {
            return signed();
        }
        CodeExpression left = arithmetic(level + 1);
        String operator = operator(level);
        while (!operator.isEmpty()) {
            left = new CodeExpression.Binary(operator, left, arithmetic(level + 1));
            operator = operator(level);
        }
        return left;
    }

    private String operator(int level) {
        for (String operator : LEVELS[level]) {
            if (cursor.took(operator)) {
                return operator;
            }
        }
        return "";
    }

    private CodeExpression signed() throws CodeSyntaxException {
        for (String operator : new String[] {"-", "+", "~"}) {
            if (cursor.took(operator)) {
                depth++;
                CodeExpression operand = depth > MAX_DEPTH ? expression() : signed();
                depth--;
                return new CodeExpression.Unary(operator, operand);
            }
        }
        return operand();
    }

    private CodeExpression operand() throws CodeSyntaxException {
        CodeToken token = cursor.peek();
        return switch (token.kind()) {
            case NUMBER -> new CodeExpression.Constant(new CodeValue.Amount(number(cursor.take())));
            case STRING -> string();
            case NAME -> name();
            case MARK -> bracketed();
            case NEWLINE, END -> throw cursor.unexpected();
        };
    }

    private static BigDecimal number(CodeToken token) {
        String text = token.text();
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        return hex ? new BigDecimal(new BigInteger(text.substring(2), 16)) : new BigDecimal(text);
    }

    private CodeExpression string() {
        StringBuilder text = new StringBuilder();
        while (cursor.peek().kind() == CodeToken.Kind.STRING) {
            text.append(cursor.take().text().replace("\\n", "\n").replaceAll("\\\\(.)", "$1"));
        }
        return new CodeExpression.Constant(new CodeValue.Text(text.toString()));
    }

    private CodeExpression name() throws CodeSyntaxException {
        if (KEYWORDS.contains(" " + cursor.peek().text() + " ")) {
            throw cursor.unexpected();
        }
        CodeToken name = cursor.take();
        if (!cursor.took("(")) {
            return constantOrName(name.text());
        }
        if (!CodeEvaluator.isFunction(name.text())) {
            throw new CodeSyntaxException(name, "unknown function " + name.shown());
        }
        return new CodeExpression.Call(name.text(), list(")"));
    }

    private static CodeExpression constantOrName(String name) {
        return switch (name) {
            case "True" -> new CodeExpression.Constant(CodeValue.of(true));
            case "False", "None" -> new CodeExpression.Constant(CodeValue.of(false));
            default -> new CodeExpression.Name(name);
        };
    }

    private CodeExpression bracketed() throws CodeSyntaxException {
        if (cursor.took("[")) {
            return new CodeExpression.Several(list("]"));
        }
        if (!cursor.took("(")) {
            throw cursor.unexpected();
        }
        if (cursor.took(")")) {
            return new CodeExpression.Several(List.of());
        }
        CodeExpression first = expression();
        if (cursor.took(")")) {
            return first;
        }
        cursor.expect(",");
        List<CodeExpression> elements = new ArrayList<>();
        elements.add(first);
        elements.addAll(list(")"));
        return new CodeExpression.Several(elements);
    }

    /** Elements up to the closing mark, which is taken; a comma may stand before it. */
    private List<CodeExpression> list(String close) throws CodeSyntaxException {
        List<CodeExpression> elements = new ArrayList<>();
        while (!cursor.took(close)) {
            elements.add(expression());
            if (!cursor.took(",")) {
                cursor.expect(close);
                return elements;
            }
        }
        return elements;
    }
}
