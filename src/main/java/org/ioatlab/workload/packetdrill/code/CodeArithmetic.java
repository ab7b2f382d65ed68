package org.ioatlab.workload.packetdrill.code;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Python's operators over numbers without bounds. */
final class CodeArithmetic {
    private static final int MAX_SHIFT = 4096;

    private CodeArithmetic() {}

    static CodeValue apply(String operator, CodeValue left, CodeValue right) {
        if (left instanceof CodeValue.Text text) {
            return text(operator, text.value(), right);
        }
        BigDecimal a = number(left);
        BigDecimal b = number(right);
        return switch (operator) {
            case "+" -> of(a.add(b));
            case "-" -> of(a.subtract(b));
            case "*" -> of(a.multiply(b));
            case "/" -> of(a.divide(nonZero(b), MathContext.DECIMAL64));
            case "//" -> of(floor(a, b));
            case "%" -> of(a.subtract(floor(a, b).multiply(b)));
            case "&" -> of(new BigDecimal(whole(a).and(whole(b))));
            case "|" -> of(new BigDecimal(whole(a).or(whole(b))));
            case "^" -> of(new BigDecimal(whole(a).xor(whole(b))));
            case "<<" -> of(new BigDecimal(whole(a).shiftLeft(shift(b))));
            case ">>" -> of(new BigDecimal(whole(a).shiftRight(shift(b))));
            default -> throw new CodeFailure("unknown operator '" + operator + "'");
        };
    }

    /** Strings are joined by a plus, and filled with values by a percent sign. */
    private static CodeValue text(String operator, String text, CodeValue right) {
        return switch (operator) {
            case "+" -> new CodeValue.Text(text + right);
            case "%" -> new CodeValue.Text(fill(text, right));
            default -> throw new CodeFailure("operator '" + operator + "' isn't for strings");
        };
    }

    private static String fill(String format, CodeValue values) {
        List<CodeValue> left =
                new ArrayList<>(values instanceof CodeValue.Several several ? several.elements() : List.of(values));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char character = format.charAt(i);
            if (character != '%') {
                text.append(character);
                continue;
            }
            do {
                i++;
            } while (i < format.length() && !Character.isLetter(format.charAt(i)) && format.charAt(i) != '%');
            boolean sign = i < format.length() && format.charAt(i) == '%';
            text.append(sign ? "%" : left.isEmpty() ? "" : left.removeFirst().toString());
        }
        return text.toString();
    }

    static boolean holds(String operator, CodeValue left, CodeValue right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> number(left).compareTo(number(right)) < 0;
            case "<=" -> number(left).compareTo(number(right)) <= 0;
            case ">" -> number(left).compareTo(number(right)) > 0;
            default -> number(left).compareTo(number(right)) >= 0;
        };
    }

    private static boolean equal(CodeValue left, CodeValue right) {
        boolean amounts = left instanceof CodeValue.Amount && right instanceof CodeValue.Amount;
        return amounts ? number(left).compareTo(number(right)) == 0 : left.equals(right);
    }

    private static boolean contains(CodeValue container, CodeValue element) {
        if (!(container instanceof CodeValue.Several several)) {
            return container.toString().contains(element.toString());
        }
        for (CodeValue candidate : several.elements()) {
            if (equal(candidate, element)) {
                return true;
            }
        }
        return false;
    }

    static CodeValue call(String function, List<CodeValue> arguments) {
        if (arguments.isEmpty()) {
            throw new CodeFailure(function + "() wants a value");
        }
        CodeValue first = arguments.getFirst();
        return switch (function) {
            case "abs" -> of(number(first).abs());
            case "int" -> of(new BigDecimal(number(first).toBigInteger()));
            case "round" -> of(number(first).setScale(0, RoundingMode.HALF_EVEN));
            case "str" -> new CodeValue.Text(first.toString());
            case "len" ->
                CodeValue.of(
                        first instanceof CodeValue.Several several
                                ? several.elements().size()
                                : first.toString().length());
            case "min", "max" -> extreme(function.equals("max") ? 1 : -1, arguments);
            default -> of(number(first));
        };
    }

    private static CodeValue extreme(int sign, List<CodeValue> arguments) {
        List<CodeValue> candidates =
                arguments.getFirst() instanceof CodeValue.Several several ? several.elements() : arguments;
        BigDecimal best = number(candidates.isEmpty() ? CodeValue.of(0) : candidates.getFirst());
        for (CodeValue candidate : candidates) {
            BigDecimal value = number(candidate);
            best = value.compareTo(best) * sign > 0 ? value : best;
        }
        return of(best);
    }

    private static CodeValue of(BigDecimal value) {
        return new CodeValue.Amount(value);
    }

    private static BigDecimal number(CodeValue value) {
        if (value instanceof CodeValue.Amount number) {
            return number.value();
        }
        throw new CodeFailure("'" + value + "' isn't a number");
    }

    private static BigDecimal nonZero(BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new CodeFailure("division by zero");
        }
        return divisor;
    }

    private static BigDecimal floor(BigDecimal a, BigDecimal b) {
        BigDecimal quotient = a.divide(nonZero(b), MathContext.DECIMAL128);
        return quotient.setScale(0, RoundingMode.FLOOR);
    }

    private static BigInteger whole(BigDecimal value) {
        try {
            return value.toBigIntegerExact();
        } catch (ArithmeticException _) {
            throw new CodeFailure(value.toPlainString() + " isn't a whole number");
        }
    }

    private static int shift(BigDecimal bits) {
        if (bits.signum() < 0 || bits.compareTo(BigDecimal.valueOf(MAX_SHIFT)) > 0) {
            throw new CodeFailure("shift by " + bits.toPlainString() + " bits");
        }
        return whole(bits).intValueExact();
    }
}
