package org.ioatlab.rest.http;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Which part of a list is asked for. A token says after which item the part begins, so that it survives additions and removals. */
public class PageQuery {
    /** The most items in one part. */
    public static final int MOST_ITEMS = 500;

    private static final String SEPARATOR = "|";

    @QueryParam("pageSize")
    @DefaultValue("50")
    @Min(1)
    @Max(MOST_ITEMS)
    @Parameter(description = "the most items in the answer, 1 to 500", example = "50")
    public @Nullable Integer pageSize;

    @QueryParam("pageToken")
    @Parameter(description = "`nextPageToken` of the answer before this one; empty for the first part")
    public @Nullable String pageToken;

    /** The part of {@code all} that is asked for; keys are unique within the list. */
    public <T> Page<T> cut(List<T> all, Function<T, String> key) {
        int from = start(all, key);
        int to = Math.min(all.size(), from + size());
        String next = to < all.size() ? token(to, key.apply(all.get(to - 1))) : null;
        return new Page<>(all.subList(from, to), next);
    }

    /** Where a list of numbered items goes on: after the last one answered, or after {@code otherwise}. */
    public long after(long otherwise) {
        String text = decodedToken();
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text.substring(text.indexOf(SEPARATOR) + 1));
        } catch (NumberFormatException e) {
            throw unknownToken();
        }
    }

    /** The part of a list of numbered items, of which one more than asked for was fetched if there are more. */
    public <T> Page<T> cutFetched(List<T> fetched, Function<T, Long> number) {
        if (fetched.size() <= size()) {
            return new Page<>(fetched, null);
        }
        List<T> items = fetched.subList(0, size());
        return new Page<>(items, token(0, number.apply(items.getLast()).toString()));
    }

    /** The most items to answer. */
    public int size() {
        return pageSize == null ? 50 : pageSize;
    }

    private <T> int start(List<T> all, Function<T, String> key) {
        String text = decodedToken();
        if (text == null) {
            return 0;
        }
        int separator = text.indexOf(SEPARATOR);
        int position = position(text, separator);
        String last = text.substring(separator + 1);
        for (int i = 0; i < all.size(); i++) {
            if (key.apply(all.get(i)).equals(last)) {
                return i + 1;
            }
        }
        return Math.min(position, all.size());
    }

    private static int position(String text, int separator) {
        try {
            int position = Integer.parseInt(text, 0, Math.max(separator, 0), 10);
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw unknownToken();
    }

    private static String token(int position, String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position + SEPARATOR + key).getBytes(StandardCharsets.UTF_8));
    }

    /** What the token says, or null if the first part is asked for. */
    private @Nullable String decodedToken() {
        if (pageToken == null || pageToken.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(pageToken), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unknownToken();
        }
    }

    private static RuntimeException unknownToken() {
        return Problems.badValue("pageToken", "is none that this service gave");
    }
}
