package org.ioatlab.rest.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content, asked for by {@code Range} or given by {@code Content-Range} (RFC 9110, section 14).
 *
 * @param first byte, from 0
 * @param length at least 1
 */
public record ByteRange(int first, int length) {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,10})-([0-9]{0,10})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,10})-([0-9]{1,10})/(\\*|[0-9]{1,10})");

    /**
     * The part of {@code size} bytes that a {@code Range} asks for; null for all of it, also when the header has several parts or is none
     * that is known, as the standard has it.
     */
    public static @Nullable ByteRange asked(@Nullable String header, int size) {
        Matcher matcher = RANGE.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        ByteRange range = matcher.group(1).isEmpty()
                ? last(Long.parseLong(matcher.group(2)), size)
                : between(Long.parseLong(matcher.group(1)), end(matcher.group(2), size), size);
        if (range.length <= 0 || range.first >= size) {
            throw Problems.builder(416, "range-not-satisfiable", "The content has " + size + " bytes.")
                    .withHeader("Content-Range", "bytes */" + size)
                    .build();
        }
        return range;
    }

    /** Where bytes of a request go: {@code Content-Range} or {@code offset}, 0 without both. */
    public static int offset(@Nullable String contentRange, @Nullable Integer offset, int length) {
        if (contentRange == null) {
            return offset == null ? 0 : offset;
        }
        Matcher matcher = CONTENT_RANGE.matcher(contentRange.strip());
        if (!matcher.matches()) {
            throw Problems.badValue("Content-Range", "must have the form \"bytes 0-99/*\"");
        }
        long first = Long.parseLong(matcher.group(1));
        if (Long.parseLong(matcher.group(2)) - first + 1 != length || first > Integer.MAX_VALUE) {
            throw Problems.badValue("Content-Range", "must name as many bytes as the body has, which are " + length);
        }
        if (offset != null && offset != first) {
            throw Problems.badValue("offset", "contradicts Content-Range");
        }
        return (int) first;
    }

    /** The {@code Content-Range} of this part of {@code size} bytes. */
    public String contentRange(int size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }

    private static long end(String text, int size) {
        return text.isEmpty() ? size - 1L : Math.min(Long.parseLong(text), size - 1L);
    }

    private static ByteRange last(long count, int size) {
        int length = (int) Math.min(count, size);
        return new ByteRange(size - length, length);
    }

    private static ByteRange between(long first, long end, int size) {
        return first >= size ? new ByteRange(size, 0) : new ByteRange((int) first, (int) Math.max(0, end - first + 1));
    }
}
