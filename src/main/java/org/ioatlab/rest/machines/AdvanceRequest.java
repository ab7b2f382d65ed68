package org.ioatlab.rest.machines;

import jakarta.validation.constraints.Min;
import java.util.Objects;
import java.util.stream.Stream;
import org.ioatlab.lab.Advance;
import org.ioatlab.rest.json.VirtualDuration;
import org.ioatlab.rest.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * How far a machine is to move: one of {@code by}, {@code until}, {@code untilIdle} and {@code events}.
 *
 * @param by for this long
 * @param until to this instant, counted from power-on
 * @param untilIdle until no foreground event is pending
 * @param limit the longest that it takes until idle; one second without it
 * @param events for this many events
 */
public record AdvanceRequest(
        @Nullable VirtualDuration by,
        @Nullable VirtualDuration until,
        @Nullable Boolean untilIdle,
        @Nullable VirtualDuration limit,
        @Nullable @Min(1) Long events) {
    private static final long SECOND_PS = 1_000_000_000_000L;

    Advance advance() {
        long given =
                Stream.of(by, until, untilIdle, events).filter(Objects::nonNull).count();
        if (given != 1 || Boolean.FALSE.equals(untilIdle)) {
            throw Problems.badValue("body", "must have exactly one of by, until, untilIdle (true) and events");
        }
        if (limit != null && untilIdle == null) {
            throw Problems.of(422, "limit-without-until-idle", "limit belongs to untilIdle only.");
        }
        if (by != null) {
            return new Advance.By(by.picoseconds());
        }
        if (until != null) {
            return new Advance.Until(until.picoseconds());
        }
        return events != null
                ? new Advance.Events(events)
                : new Advance.UntilIdle(limit == null ? SECOND_PS : limit.picoseconds());
    }
}
