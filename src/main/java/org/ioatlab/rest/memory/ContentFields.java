package org.ioatlab.rest.memory;

import org.ioatlab.machine.Content;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** The bytes that new memory starts with, as requests say it. */
final class ContentFields {
    private ContentFields() {}

    /** A pattern or bytes; zeroes without both. */
    static Content of(Content.@Nullable Fill fill, byte @Nullable [] base64) {
        if (fill != null && base64 != null) {
            throw Problems.of(422, "two-contents", "fill and base64 exclude each other.");
        }
        return base64 == null ? new Content(fill == null ? Content.Fill.ZERO : fill, null) : new Content(null, base64);
    }
}
