package org.ioatlab.workload.packetdrill.call;

import java.util.OptionalLong;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.script.Expression;
import org.jspecify.annotations.Nullable;

/** What expressions of a script are worth. */
final class Values {
    private Values() {}

    static long number(Expression expression) throws CallFault {
        return switch (expression) {
            case Expression.Numeral numeral -> numeral.value();
            case Expression.Word word -> symbol(word);
            case Expression.Or or -> number(or.left()) | number(or.right());
            case Expression.Call call -> applied(call);
            case Expression.Ellipsis _,
                    Expression.Text _,
                    Expression.Assignment _,
                    Expression.Array _,
                    Expression.Struct _ -> throw new CallFault(expression.at(), "a number is wanted here");
        };
    }

    /** Byte order is the packets' business: these leave numbers as they are. */
    private static long applied(Expression.Call call) throws CallFault {
        boolean order = switch (call.function()) {
            case "htons", "htonl", "ntohs", "ntohl" -> call.arguments().size() == 1;
            default -> false;
        };
        if (!order) {
            throw new CallFault(call.at(), "'" + call.function() + "' isn't known here");
        }
        return number(call.arguments().getFirst());
    }

    private static long symbol(Expression.Word word) throws CallFault {
        OptionalLong value = Symbols.value(word.name());
        if (value.isEmpty()) {
            throw new CallFault(word.at(), "unknown symbol '" + word.name() + "'");
        }
        return value.getAsLong();
    }

    /** The name of an option, a command or a level: as written, or by its number. */
    static String name(Expression expression, String... prefixes) throws CallFault {
        return expression instanceof Expression.Word word ? word.name() : Symbols.name(number(expression), prefixes);
    }

    /** A number by itself or as the only element of a list; null where it isn't said. */
    static @Nullable Long bracketed(Expression expression) throws CallFault {
        if (expression instanceof Expression.Ellipsis) {
            return null;
        }
        if (expression instanceof Expression.Array array) {
            if (array.elements().size() != 1) {
                throw new CallFault(array.at(), "a list of one number is wanted here");
            }
            return bracketed(array.elements().getFirst());
        }
        return number(expression);
    }

    /** The address in a structure {@code {sa_family=…, sin_port=…, sin_addr=…}}, or null where it isn't said. */
    static @Nullable IpAddress address(Expression.Struct struct) throws CallFault {
        Expression value = struct.field("sin_addr") != null ? struct.field("sin_addr") : struct.field("sin6_addr");
        Expression inner =
                value instanceof Expression.Call call && call.arguments().size() == 1
                        ? call.arguments().getFirst()
                        : value;
        if (!(inner instanceof Expression.Text text)) {
            return null;
        }
        try {
            return IpAddress.parse(text.value());
        } catch (IllegalArgumentException _) {
            throw new CallFault(text.at(), "not an IP address: \"" + text.value() + "\"");
        }
    }

    /** The port in such a structure, or {@code otherwise}. */
    static int port(Expression.Struct struct, int otherwise) throws CallFault {
        Expression port = struct.field("sin_port") != null ? struct.field("sin_port") : struct.field("sin6_port");
        return port == null || port instanceof Expression.Ellipsis ? otherwise : (int) number(port) & 0xffff;
    }
}
