package org.ioatlab.workload.packetdrill.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An argument or a result of a system call. */
public sealed interface Expression {
    /** Where it begins. */
    Position at();

    /**
     * {@code ...}: not given or not checked.
     *
     * @param at where it begins
     */
    record Ellipsis(Position at) implements Expression {}

    /**
     * A number.
     *
     * @param at where it begins
     * @param value its value
     * @param hex whether it is written in hexadecimal
     */
    record Numeral(Position at, long value, boolean hex) implements Expression {}

    /**
     * A symbolic constant such as {@code SOL_SOCKET}.
     *
     * @param at where it begins
     * @param name its name
     */
    record Word(Position at, String name) implements Expression {}

    /**
     * Characters in quotes; adjacent ones are one.
     *
     * @param at where it begins
     * @param value its characters, escapes resolved
     * @param open whether {@code ...} follows: only the beginning is given
     */
    record Text(Position at, String value, boolean open) implements Expression {}

    /**
     * {@code A | B}.
     *
     * @param left the first operand
     * @param right the second operand
     */
    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Position at() {
            return left.at();
        }
    }

    /**
     * {@code name = value} outside of braces.
     *
     * @param at where it begins
     * @param name what is given a value
     * @param value the value
     */
    record Assignment(Position at, String name, Expression value) implements Expression {}

    /**
     * {@code htons(8080)}, {@code inet_addr("192.0.2.1")}.
     *
     * @param at where it begins
     * @param function what is applied
     * @param arguments to what
     */
    record Call(Position at, String function, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code [a, b]}.
     *
     * @param at where it begins
     * @param elements what it holds
     */
    record Array(Position at, List<Expression> elements) implements Expression {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    /**
     * {@code {fd=4, events=POLLIN}} or <code>{..., 1000}</code>.
     *
     * @param at where it begins
     * @param fields what it holds
     */
    record Struct(Position at, List<Field> fields) implements Expression {
        public Struct {
            fields = List.copyOf(fields);
        }

        /** The value of a field by its name, if it is there. */
        public @Nullable Expression field(String name) {
            for (Field field : fields) {
                if (name.equals(field.name())) {
                    return field.value();
                }
            }
            return null;
        }
    }

    /**
     * Part of a structure.
     *
     * @param at where it begins
     * @param name its name, if it has one
     * @param count what stands in parentheses behind the name: {@code msg_iov(1)=…}
     * @param value its value
     */
    record Field(
            Position at, @Nullable String name, @Nullable Expression count, Expression value) {}
}
