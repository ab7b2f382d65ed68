package org.ioatlab.machine;

/** Numbers in commands, checked once more where they are used: commands also come from imported journals. */
final class Ranges {
    private Ranges() {}

    /**
     * Requires {@code least <= value <= most}.
     *
     * @throws Refusal naming the field and its range
     */
    static void require(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new Refusal(
                            Refusal.Kind.MALFORMED,
                            "invalid-value",
                            field + " must be from " + least + " to " + most + ", not " + value + ".")
                    .with("field", field);
        }
    }
}
