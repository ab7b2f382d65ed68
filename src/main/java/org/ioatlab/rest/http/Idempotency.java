package org.ioatlab.rest.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of requests that carried an {@code Idempotency-Key}, so that repeating one gives its answer again instead of doing it twice. Kept
 * for a day, the oldest of too many forgotten first.
 */
public final class Idempotency {
    /** The header. */
    public static final String KEY = "Idempotency-Key";

    /** The longest key, in characters. */
    public static final int LONGEST_KEY = 255;

    /** The most answers kept. */
    public static final int MOST_ANSWERS = 10_000;

    /** How long an answer is kept, in milliseconds. */
    public static final long KEPT_MILLIS = 24L * 60 * 60 * 1000;

    /** What became of a request. */
    public sealed interface Claim {}

    /** Nobody has used the key: go on, then {@link #finish} or {@link #abandon}. */
    public record Fresh() implements Claim {}

    /** The first request with this key is still being served. */
    public record InProgress() implements Claim {}

    /** The key was used for another request. */
    public record OtherRequest() implements Claim {}

    /** The request was served, with this answer. */
    public record Answered(Answer answer) implements Claim {}

    /** An answer as it was given; the entity is an immutable value. */
    public record Answer(
            int status,
            Map<String, Object> headers,
            @Nullable Object entity) {}

    private record Entry(
            String fingerprint, long atMillis, @Nullable Answer answer) {}

    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    private final LongSupplier epochMillis;

    /** @param epochMillis the time of day */
    public Idempotency(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Looks a key up and, when it is fresh, takes it. */
    public synchronized Claim claim(String key, String fingerprint) {
        Entry entry = entries.get(key);
        if (entry == null || entry.atMillis + KEPT_MILLIS <= epochMillis.getAsLong()) {
            entries.remove(key);
            entries.put(key, new Entry(fingerprint, epochMillis.getAsLong(), null));
            forgetTooMany();
            return new Fresh();
        }
        if (!entry.fingerprint.equals(fingerprint)) {
            return new OtherRequest();
        }
        return entry.answer == null ? new InProgress() : new Answered(entry.answer);
    }

    /** Keeps the answer of a request that took the key. */
    public synchronized void finish(String key, Answer answer) {
        entries.computeIfPresent(key, (k, entry) -> new Entry(entry.fingerprint, entry.atMillis, answer));
    }

    /** Gives a key back that has no answer, so that it can be tried again. */
    public synchronized void abandon(String key) {
        entries.computeIfPresent(key, (k, entry) -> entry.answer == null ? null : entry);
    }

    private void forgetTooMany() {
        if (entries.size() > MOST_ANSWERS) {
            entries.pollFirstEntry();
        }
    }
}
