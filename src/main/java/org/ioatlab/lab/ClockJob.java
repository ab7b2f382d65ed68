package org.ioatlab.lab;

import org.ioatlab.machine.Refusal;
import org.jspecify.annotations.Nullable;

/** Gives a machine's clock another setting, at the instant that pacing has reached. */
final class ClockJob extends Job<ClockView> {
    private final @Nullable ClockState state;
    private final @Nullable Long rateMillionths;
    private final @Nullable Long expectedVersion;
    private @Nullable CatchUp catchUp;

    ClockJob(@Nullable ClockState state, @Nullable Long rateMillionths, @Nullable Long expectedVersion) {
        this.state = state;
        this.rateMillionths = rateMillionths;
        this.expectedVersion = expectedVersion;
    }

    @Override
    boolean step(Bench bench, long maxEvents) {
        if (catchUp == null) {
            catchUp = new CatchUp(bench);
        }
        if (!catchUp.goOn(bench, maxEvents)) {
            return false;
        }
        try {
            return complete(change(bench));
        } catch (Refusal refusal) {
            return fail(refusal);
        }
    }

    private ClockView change(Bench bench) {
        if (expectedVersion != null && expectedVersion != bench.version()) {
            throw Refusal.conflict("precondition-failed", "The clock's setting has changed since.")
                    .with("version", bench.version());
        }
        ClockSetting old = bench.setting();
        ClockSetting wanted = new ClockSetting(
                state == null ? old.state() : state, rateMillionths == null ? old.rateMillionths() : rateMillionths);
        if (!wanted.equals(old)) {
            require(bench, wanted);
            bench.change(wanted);
        }
        return bench.clockView();
    }

    /** A machine can always be paused, even when its journal is full. */
    private static void require(Bench bench, ClockSetting wanted) {
        bench.requireWritable();
        if (wanted.isRunning()) {
            bench.requireJournalRoom(CommandWeight.MARKER_BYTES);
        }
    }
}
