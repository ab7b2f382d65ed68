package org.ioatlab.rest.operations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Work that outlasted its request.
 *
 * @param id its name
 * @param summary what is done
 * @param machine on which
 * @param state how it stands
 * @param startedAt wall time
 * @param cancellable whether DELETE cuts it short
 * @param progress where the machine is, while it runs
 * @param status what the request would have been answered with
 * @param location the place of what was made
 * @param result the answer's body
 * @param problem why it failed
 */
public record OperationResponse(
        String id,
        String summary,
        @Nullable String machine,
        State state,
        Instant startedAt,
        boolean cancellable,
        @Nullable Progress progress,
        @Nullable Integer status,
        @Nullable String location,
        @Nullable Object result,
        @Nullable Object problem) {
    /** How it stands. */
    public enum State {
        /** Under way. */
        RUNNING,
        /** Done; there is a result. */
        DONE,
        /** Refused or failed; there is a problem. */
        FAILED,
        /** Cut short on somebody's wish; there may be a result of what was done until then. */
        CANCELLED
    }

    /** Where the machine is. */
    public record Progress(long nowNs, long eventsFired) {}
}
