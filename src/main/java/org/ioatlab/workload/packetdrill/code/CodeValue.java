package org.ioatlab.workload.packetdrill.code;

import java.math.BigDecimal;
import java.util.List;

/** What an expression of a code block is worth. */
public sealed interface CodeValue {
    /** Whether it counts as true. */
    boolean isTrue();

    /**
     * A number; true is 1 and false is 0.
     *
     * @param value exact
     */
    record Amount(BigDecimal value) implements CodeValue {
        @Override
        public boolean isTrue() {
            return value.signum() != 0;
        }

        @Override
        public String toString() {
            return value.toPlainString();
        }
    }

    /**
     * Characters.
     *
     * @param value as printed
     */
    record Text(String value) implements CodeValue {
        @Override
        public boolean isTrue() {
            return !value.isEmpty();
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * A list or tuple.
     *
     * @param elements in their order
     */
    record Several(List<CodeValue> elements) implements CodeValue {
        public Several {
            elements = List.copyOf(elements);
        }

        @Override
        public boolean isTrue() {
            return !elements.isEmpty();
        }

        @Override
        public String toString() {
            return elements.toString();
        }
    }

    /** A whole number. */
    static CodeValue of(long value) {
        return new Amount(BigDecimal.valueOf(value));
    }

    /** 1 or 0. */
    static CodeValue of(boolean value) {
        return of(value ? 1 : 0);
    }
}
