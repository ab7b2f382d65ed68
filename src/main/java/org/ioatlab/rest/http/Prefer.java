package org.ioatlab.rest.http;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a client waits for an answer (RFC 7240).
 *
 * @param async whether it wants none but the operation's place
 * @param longest how long it waits, or null when it doesn't say
 */
public record Prefer(boolean async, @Nullable Duration longest) {
    /** The longest that a client can wait. */
    static final int MOST_SECONDS = 60;

    private static final String WAIT = "wait=";

    /** What the header says; what it says wrongly is ignored, as the standard has it. */
    public static Prefer of(@Nullable String header) {
        boolean async = false;
        Duration longest = null;
        for (String preference : header == null ? new String[0] : header.split("[,;]")) {
            String word = preference.strip().toLowerCase(Locale.ROOT);
            async |= word.equals("respond-async");
            if (word.startsWith(WAIT) && longest == null) {
                longest = seconds(word.substring(WAIT.length()));
            }
        }
        return new Prefer(async, longest);
    }

    /** How long to wait before the answer is an operation. */
    public Duration patience(Duration otherwise) {
        if (longest != null) {
            return longest;
        }
        return async ? Duration.ZERO : otherwise;
    }

    /** What of it was honoured, or null when there was nothing. */
    public @Nullable String applied() {
        String waited = longest == null ? "" : WAIT + longest.toSeconds();
        if (!async) {
            return longest == null ? null : waited;
        }
        return longest == null ? "respond-async" : "respond-async, " + waited;
    }

    private static @Nullable Duration seconds(String text) {
        try {
            int seconds = Integer.parseInt(text.replace("\"", ""));
            return seconds < 0 ? null : Duration.ofSeconds(Math.min(seconds, MOST_SECONDS));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
