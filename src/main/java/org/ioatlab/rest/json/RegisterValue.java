package org.ioatlab.rest.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is written to a register: {@code "0x…"}, or a number.
 *
 * @param bits its 64 bits
 */
@Schema(
        type = SchemaType.STRING,
        pattern = "0x[0-9a-fA-F]{1,16}",
        description = "the bits, in hexadecimal digits after 0x")
public record RegisterValue(long bits) {
    /** Reads hexadecimal digits. */
    @JsonCreator
    public static RegisterValue parse(String text) {
        if (!text.matches("0x[0-9a-fA-F]{1,16}")) {
            throw new IllegalArgumentException("must be 0x and 1 to 16 hexadecimal digits");
        }
        return new RegisterValue(Long.parseUnsignedLong(text.substring(2), 16));
    }

    /** Takes a number. */
    @JsonCreator
    public static RegisterValue of(long bits) {
        return new RegisterValue(bits);
    }

    @JsonValue
    @Override
    public String toString() {
        return "0x" + Long.toHexString(bits);
    }
}
