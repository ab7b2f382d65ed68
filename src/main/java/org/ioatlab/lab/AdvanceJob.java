package org.ioatlab.lab;

import org.ioatlab.lab.JournalEntry.Advanced;
import org.ioatlab.machine.Refusal;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/** Moves a PAUSED machine as far as asked, or until its budgets are used up or somebody has had enough. */
final class AdvanceJob extends Job<AdvanceResult> {
    private final Advance advance;
    private final @Nullable Cancellation cancellation;
    private boolean begun;
    private long startPs;
    private long startFired;
    private long startNanos;
    private long targetPs = EventLoop.HORIZON_PS;
    private long lastEvent;

    AdvanceJob(Advance advance, @Nullable Cancellation cancellation) {
        this.advance = advance;
        this.cancellation = cancellation;
    }

    @Override
    boolean step(Bench bench, long maxEvents) {
        try {
            if (!begun) {
                begin(bench);
            }
        } catch (Refusal refusal) {
            return fail(refusal);
        }
        StoppedBy stoppedBy = goOn(bench, bench.fired() + maxEvents);
        return stoppedBy != null && finish(bench, stoppedBy);
    }

    private void begin(Bench bench) {
        if (bench.setting().isRunning()) {
            throw Refusal.conflict("clock-running", "A RUNNING clock follows the wall clock; pause it to advance it.")
                    .with("state", ClockState.RUNNING.name());
        }
        begun = true;
        startPs = bench.nowPs();
        startFired = bench.fired();
        startNanos = bench.workshop().nanos();
        lastEvent = startFired + bench.workshop().limits().eventsPerAdvance();
        aim();
        bench.requireWritable();
        bench.requireJournalRoom(CommandWeight.MARKER_BYTES);
        Workshop workshop = bench.workshop();
        Admission.takeAdvance(workshop);
        var _ = whenComplete((result, failure) -> workshop.usage().endAdvance());
    }

    private void aim() {
        switch (advance) {
            case Advance.By(long ps) -> targetPs = later(ps);
            case Advance.Until(long ps) -> targetPs = future(ps);
            case Advance.UntilIdle(long limitPs) -> targetPs = later(limitPs);
            case Advance.Events(long count) ->
                lastEvent = Math.min(lastEvent, startFired + Math.min(positive(count), Long.MAX_VALUE - startFired));
        }
    }

    private long later(long ps) {
        if (ps < 0) {
            throw Refusal.meaningless("negative-duration", "A clock can't go backwards.");
        }
        return ps > EventLoop.HORIZON_PS - startPs ? EventLoop.HORIZON_PS : startPs + ps;
    }

    private long future(long ps) {
        if (ps < startPs) {
            throw Refusal.meaningless(
                    "in-the-past",
                    "The machine's clock already stands at " + Picoseconds.toNanoseconds(startPs) + " ns.");
        }
        return Math.min(ps, EventLoop.HORIZON_PS);
    }

    private static long positive(long count) {
        if (count < 1) {
            throw Refusal.meaningless("no-events", "At least one event must be asked for.");
        }
        return count;
    }

    /** Goes on until {@code sliceEnd} events have fired; null if it isn't over then. */
    private @Nullable StoppedBy goOn(Bench bench, long sliceEnd) {
        while (true) {
            if (CommandJob.isCancelled(cancellation)) {
                return StoppedBy.CANCELLED;
            }
            long left = Math.min(sliceEnd, lastEvent) - bench.fired();
            if (left <= 0 && bench.fired() < lastEvent) {
                return isWallBudgetUsed(bench) ? StoppedBy.WALL_BUDGET : null;
            }
            StoppedBy stoppedBy = run(bench, left);
            if (stoppedBy != null) {
                return stoppedBy;
            }
        }
    }

    /** Runs {@code left} events; null if they fired, or a call returned, before the end. */
    private @Nullable StoppedBy run(Bench bench, long left) {
        if (advance instanceof Advance.Events) {
            return runEvents(bench, left);
        }
        boolean untilIdle = advance instanceof Advance.UntilIdle;
        return switch (bench.run(targetPs, left, untilIdle)) {
            case TIME -> arrival(bench);
            case IDLE -> StoppedBy.IDLE;
            case EVENTS -> bench.fired() >= lastEvent ? StoppedBy.EVENTS : null;
            case REQUESTED -> null;
        };
    }

    /** One event at a time, because the clock must stay at the last one and never go where there is none. */
    private @Nullable StoppedBy runEvents(Bench bench, long left) {
        for (long i = 0; i < left; i++) {
            long next = bench.nextPs();
            if (next == Long.MAX_VALUE) {
                return StoppedBy.IDLE;
            }
            if (next > EventLoop.HORIZON_PS) {
                bench.run(EventLoop.HORIZON_PS, 0, false);
                return StoppedBy.HORIZON;
            }
            bench.run(next, 1, false);
        }
        return bench.fired() >= lastEvent ? StoppedBy.EVENTS : null;
    }

    private StoppedBy arrival(Bench bench) {
        if (bench.nowPs() >= EventLoop.HORIZON_PS) {
            return StoppedBy.HORIZON;
        }
        return advance instanceof Advance.UntilIdle ? StoppedBy.LIMIT : StoppedBy.TIME;
    }

    private boolean isWallBudgetUsed(Bench bench) {
        long elapsed = bench.workshop().nanos() - startNanos;
        return elapsed >= bench.workshop().limits().wallBudget().toNanos();
    }

    private boolean finish(Bench bench, StoppedBy stoppedBy) {
        long events = bench.fired() - startFired;
        if (events > 0 || bench.nowPs() > startPs) {
            bench.record(startPs, startFired, new Advanced(bench.nowPs(), bench.fired(), stoppedBy));
        }
        return complete(new AdvanceResult(
                Picoseconds.toNanoseconds(bench.nowPs()),
                events,
                stoppedBy,
                bench.machine().digest()));
    }
}
