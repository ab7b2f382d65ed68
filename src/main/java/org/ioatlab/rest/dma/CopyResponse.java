package org.ioatlab.rest.dma;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.ioatlab.machine.DmaViews;
import org.jspecify.annotations.Nullable;

/** What became of submitted copies. */
public sealed interface CopyResponse {
    /** The newest cookie, null when the processor copied. */
    @Nullable
    Integer newestCookie();

    /** The channel that took them, null when the processor copied. */
    @Nullable
    String channel();

    /**
     * One copy.
     *
     * @param cookie null when the processor copied
     * @param memcpy which of the three calls it was
     * @param status as far as the driver knows when the call returns
     * @param copiedBy ENGINE or CPU
     * @param descriptors that it took
     * @param cycles that the call cost its processor
     */
    record Single(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Integer cookie,

            String memcpy,
            String status,
            String copiedBy,
            int descriptors,
            long cycles,
            @Nullable String channel,
            long nowNs)
            implements CopyResponse {
        @Override
        public @Nullable Integer newestCookie() {
            return cookie;
        }
    }

    /**
     * A list of copies.
     *
     * @param cookies of those that an engine got, in order
     * @param lastCookie the newest of them
     * @param copies one by one
     */
    record Several(
            List<Integer> cookies,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Integer lastCookie,

            List<DmaViews.Copy> copies,
            @Nullable String channel,
            long nowNs)
            implements CopyResponse {
        @Override
        public @Nullable Integer newestCookie() {
            return lastCookie;
        }
    }

    /** The answer in the form of the request. */
    static CopyResponse of(DmaViews.Submitted submitted, boolean single) {
        if (single) {
            DmaViews.Copy copy = submitted.copies().getFirst();
            return new Single(
                    copy.cookie(),
                    copy.memcpy(),
                    copy.status(),
                    copy.copiedBy(),
                    copy.descriptors(),
                    copy.cycles(),
                    submitted.channel(),
                    submitted.nowNs());
        }
        List<Integer> cookies = submitted.copies().stream()
                .map(DmaViews.Copy::cookie)
                .filter(Objects::nonNull)
                .toList();
        return new Several(
                cookies,
                cookies.isEmpty() ? null : cookies.getLast(),
                submitted.copies(),
                submitted.channel(),
                submitted.nowNs());
    }
}
