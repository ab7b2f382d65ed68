package org.ioatlab.lab;

import org.ioatlab.machine.Call;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Refusal;
import org.ioatlab.time.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A command: the machine catches up if its clock runs, takes the command, and goes on until the call returns. On a RUNNING machine the
 * call is left to pacing.
 */
final class CommandJob<R> extends Job<R> {
    private final Command<R> command;
    private final @Nullable Cancellation cancellation;
    private @Nullable CatchUp catchUp;
    private @Nullable Call<R> call;

    CommandJob(Command<R> command, @Nullable Cancellation cancellation) {
        this.command = command;
        this.cancellation = cancellation;
    }

    @Override
    boolean step(Bench bench, long maxEvents) {
        long end = bench.fired() + maxEvents;
        if (call == null && !begin(bench, maxEvents)) {
            return false;
        }
        return isDone() || settle() || parked(bench) || runUntilReturn(bench, end);
    }

    /** Hands on what the call returned, if it has. */
    boolean settle() {
        Call<R> started = call;
        if (started == null || !started.isDone()) {
            return false;
        }
        try {
            complete(started.result());
        } catch (Refusal refusal) {
            fail(refusal);
        }
        return true;
    }

    private boolean begin(Bench bench, long maxEvents) {
        if (catchUp == null) {
            if (isCancelled(cancellation)) {
                return fail(Refusals.cancelled());
            }
            catchUp = new CatchUp(bench);
        }
        if (!catchUp.goOn(bench, maxEvents)) {
            return false;
        }
        apply(bench);
        return true;
    }

    private void apply(Bench bench) {
        try {
            bench.admit(command);
            call = bench.apply(command);
        } catch (Refusal refusal) {
            fail(refusal);
        }
    }

    private boolean parked(Bench bench) {
        if (bench.setting().isRunning()) {
            bench.park(this);
            return true;
        }
        return false;
    }

    private boolean runUntilReturn(Bench bench, long end) {
        while (bench.fired() < end) {
            if (isCancelled(cancellation)) {
                return fail(Refusals.cancelled());
            }
            if (bench.nextPs() > EventLoop.HORIZON_PS) {
                return fail(Refusals.horizonReached());
            }
            bench.run(EventLoop.HORIZON_PS, end - bench.fired(), false);
            if (settle()) {
                return true;
            }
        }
        return false;
    }

    static boolean isCancelled(@Nullable Cancellation cancellation) {
        return cancellation != null && cancellation.isRequested();
    }
}
