package org.ioatlab.workload.packetdrill.code;

import java.util.List;

/** An expression of a code block. */
public sealed interface CodeExpression {
    /**
     * A number or a string as it stands.
     *
     * @param value what it is worth
     */
    record Constant(CodeValue value) implements CodeExpression {}

    /**
     * A variable or a figure of the connection.
     *
     * @param name such as {@code tcpi_rtt}
     */
    record Name(String name) implements CodeExpression {}

    /**
     * {@code not a}, {@code -a}, {@code ~a}.
     *
     * @param operator as written
     * @param operand to what
     */
    record Unary(String operator, CodeExpression operand) implements CodeExpression {}

    /**
     * {@code a + b}, {@code a & b}, {@code a and b}.
     *
     * @param operator as written
     * @param left first operand
     * @param right second operand
     */
    record Binary(String operator, CodeExpression left, CodeExpression right) implements CodeExpression {}

    /**
     * {@code a < b <= c}: each operand is compared with the next.
     *
     * @param operands at least two
     * @param operators one fewer
     */
    record Comparison(List<CodeExpression> operands, List<String> operators) implements CodeExpression {
        public Comparison {
            operands = List.copyOf(operands);
            operators = List.copyOf(operators);
        }
    }

    /**
     * {@code a if b else c}.
     *
     * @param condition what decides
     * @param then the value if so
     * @param otherwise the value if not
     */
    record Choice(CodeExpression condition, CodeExpression then, CodeExpression otherwise) implements CodeExpression {}

    /**
     * {@code abs(a)}, {@code min(a, b)}.
     *
     * @param function its name
     * @param arguments what it is given
     */
    record Call(String function, List<CodeExpression> arguments) implements CodeExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code (a, b)} or {@code [a, b]}.
     *
     * @param elements in their order
     */
    record Several(List<CodeExpression> elements) implements CodeExpression {
        public Several {
            elements = List.copyOf(elements);
        }
    }
}
