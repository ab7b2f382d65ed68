package org.ioatlab.rest.http;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import org.ioatlab.rest.problem.Problems;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Entity tags of settings: what a client saw last, and whether that still holds (RFC 9110, section 13). */
public final class Etag {
    private static final String ANY = "*";

    private Etag() {}

    /** The tag of a version. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /** The tag of a value; equal values have equal tags. */
    public static String of(Record value) {
        return "\"" + Integer.toHexString(value.hashCode()) + "\"";
    }

    /** Whether a client that has one of {@code ifNoneMatch} has seen this already. */
    public static boolean isSeen(@Nullable String ifNoneMatch, String current) {
        return ifNoneMatch != null && matches(ifNoneMatch.replace("W/", ""), current);
    }

    /** 200 with a value and its tag, or 304 to a client that has it. */
    public static <T> RestResponse<T> tagged(T value, String tag, @Nullable String ifNoneMatch) {
        return isSeen(ifNoneMatch, tag)
                ? RestResponse.ResponseBuilder.<T>notModified()
                        .header(HttpHeaders.ETAG, tag)
                        .build()
                : RestResponse.ResponseBuilder.ok(value)
                        .header(HttpHeaders.ETAG, tag)
                        .build();
    }

    /** Refuses a change that was made against something else than what is there now. */
    public static void require(@Nullable String ifMatch, String current) {
        if (ifMatch != null && !matches(ifMatch, current)) {
            throw stale(current);
        }
    }

    /**
     * The version that a change was made against, when the tags are those of versions; null for any.
     *
     * @throws HttpProblem 412 if no version has such a tag
     */
    public static @Nullable Long version(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals(ANY)) {
            return null;
        }
        try {
            return Long.valueOf(ifMatch.strip().replace("\"", ""));
        } catch (NumberFormatException e) {
            throw Problems.of(412, Problems.PRECONDITION_FAILED, "No version has the entity tag " + ifMatch + ".");
        }
    }

    /** The refusal of a change against something else than {@code current}. */
    public static HttpProblem stale(String current) {
        return Problems.builder(
                        412,
                        Problems.PRECONDITION_FAILED,
                        "It has changed since; its entity tag is now " + current + ".")
                .withHeader("ETag", current)
                .build();
    }

    private static boolean matches(String list, String current) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals(ANY) || tag.equals(current));
    }
}
