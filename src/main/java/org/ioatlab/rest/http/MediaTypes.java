package org.ioatlab.rest.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of two forms a client wants. */
public final class MediaTypes {
    private MediaTypes() {}

    /** Whether an {@code Accept} asks for text before it asks for JSON. */
    public static boolean prefersText(@Nullable String accept) {
        return prefers(accept, "text/", "json");
    }

    /** Whether an {@code Accept} names {@code one} and not {@code other} before it. */
    public static boolean prefers(@Nullable String accept, String one, String other) {
        String header = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
        int first = header.indexOf(one);
        int second = header.indexOf(other);
        return first >= 0 && (second < 0 || first < second);
    }
}
