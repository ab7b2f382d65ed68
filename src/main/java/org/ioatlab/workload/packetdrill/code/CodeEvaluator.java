package org.ioatlab.workload.packetdrill.code;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Carries out code blocks. */
final class CodeEvaluator {
    private final CodeLookup lookup;
    private final CodeVariables variables;
    private final List<String> printed = new ArrayList<>();

    CodeEvaluator(CodeLookup lookup, CodeVariables variables) {
        this.lookup = lookup;
        this.variables = variables;
    }

    static boolean isFunction(String name) {
        return switch (name) {
            case "abs", "min", "max", "int", "float", "str", "len", "round" -> true;
            default -> false;
        };
    }

    CodeResult run(CodeProgram program) {
        try {
            for (CodeStatement statement : program.statements()) {
                run(statement);
            }
            return new CodeResult(printed, null);
        } catch (CodeFailure failure) {
            return new CodeResult(printed, failure.text());
        }
    }

    private void run(CodeStatement statement) {
        switch (statement) {
            case CodeStatement.Assert assertion -> check(assertion);
            case CodeStatement.Assign assign -> variables.put(assign.name(), value(assign.value()));
            case CodeStatement.Print print -> {
                List<String> values = new ArrayList<>();
                for (CodeExpression expression : print.values()) {
                    values.add(value(expression).toString());
                }
                printed.add(String.join(" ", values));
            }
        }
    }

    private void check(CodeStatement.Assert assertion) {
        if (value(assertion.condition()).isTrue()) {
            return;
        }
        StringBuilder failure = new StringBuilder(assertion.text()).append(": doesn't hold");
        List<String> names = new ArrayList<>();
        collectNames(assertion.condition(), names);
        for (String name : names) {
            failure.append(", ").append(name).append(" is ").append(name(name));
        }
        if (assertion.message() != null) {
            failure.append(" (").append(value(assertion.message())).append(')');
        }
        throw new CodeFailure(failure.toString());
    }

    private static void collectNames(CodeExpression expression, List<String> names) {
        switch (expression) {
            case CodeExpression.Name name -> {
                if (!names.contains(name.name())) {
                    names.add(name.name());
                }
            }
            case CodeExpression.Unary unary -> collectNames(unary.operand(), names);
            case CodeExpression.Binary binary -> {
                collectNames(binary.left(), names);
                collectNames(binary.right(), names);
            }
            case CodeExpression.Comparison comparison ->
                comparison.operands().forEach(operand -> collectNames(operand, names));
            case CodeExpression.Call call -> call.arguments().forEach(argument -> collectNames(argument, names));
            case CodeExpression.Several several -> several.elements().forEach(element -> collectNames(element, names));
            case CodeExpression.Choice choice -> collectNames(choice.condition(), names);
            case CodeExpression.Constant _ -> {}
        }
    }

    private CodeValue value(CodeExpression expression) {
        return switch (expression) {
            case CodeExpression.Constant constant -> constant.value();
            case CodeExpression.Name name -> name(name.name());
            case CodeExpression.Unary unary -> unary(unary);
            case CodeExpression.Binary binary -> binary(binary);
            case CodeExpression.Comparison comparison -> comparison(comparison);
            case CodeExpression.Choice choice ->
                value(value(choice.condition()).isTrue() ? choice.then() : choice.otherwise());
            case CodeExpression.Call call -> CodeArithmetic.call(call.function(), values(call.arguments()));
            case CodeExpression.Several several -> new CodeValue.Several(values(several.elements()));
        };
    }

    private List<CodeValue> values(List<CodeExpression> expressions) {
        List<CodeValue> values = new ArrayList<>();
        for (CodeExpression expression : expressions) {
            values.add(value(expression));
        }
        return values;
    }

    private CodeValue name(String name) {
        CodeValue variable = variables.get(name);
        if (variable != null) {
            return variable;
        }
        OptionalLong value = lookup.value(name);
        if (value.isEmpty()) {
            throw new CodeFailure("unknown name '" + name + "'");
        }
        return CodeValue.of(value.getAsLong());
    }

    private CodeValue unary(CodeExpression.Unary unary) {
        CodeValue operand = value(unary.operand());
        return switch (unary.operator()) {
            case "not" -> CodeValue.of(!operand.isTrue());
            case "-" -> CodeArithmetic.apply("-", CodeValue.of(0), operand);
            case "~" -> CodeArithmetic.apply("-", CodeValue.of(-1), operand);
            default -> operand;
        };
    }

    private CodeValue binary(CodeExpression.Binary binary) {
        CodeValue left = value(binary.left());
        return switch (binary.operator()) {
            case "and" -> left.isTrue() ? value(binary.right()) : left;
            case "or" -> left.isTrue() ? left : value(binary.right());
            default -> CodeArithmetic.apply(binary.operator(), left, value(binary.right()));
        };
    }

    private CodeValue comparison(CodeExpression.Comparison comparison) {
        CodeValue left = value(comparison.operands().getFirst());
        for (int i = 0; i < comparison.operators().size(); i++) {
            CodeValue right = value(comparison.operands().get(i + 1));
            if (!CodeArithmetic.holds(comparison.operators().get(i), left, right)) {
                return CodeValue.of(false);
            }
            left = right;
        }
        return CodeValue.of(true);
    }
}
