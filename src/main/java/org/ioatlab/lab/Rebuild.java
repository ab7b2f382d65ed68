package org.ioatlab.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.ioatlab.lab.JournalEntry.Advanced;
import org.ioatlab.lab.JournalEntry.Applied;
import org.ioatlab.lab.JournalEntry.ClockChanged;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.Refusal;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.EventLoop.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Makes a machine by doing again what a journal tells, in slices among the workers.
 *
 * <p>With the spec of the journal every step happens at the very same point, named by instant and count of events. With another spec counts
 * mean nothing, so only instants are kept: the machine goes to each entry's instant, unless calls before it took it further already; on a
 * PAUSED clock a call returns before the next entry's turn; commands that are refused now are left out.
 */
final class Rebuild extends CompletableFuture<Rebuild.Rebuilt> implements Runnable {
    private final MachineSpec spec;
    private final JournalFile source;
    private final int entries;
    private final boolean exact;
    private final @Nullable Cancellation cancellation;
    private final Executor workers;
    private final Journal journal = new Journal();
    private final List<Origin.Skipped> skipped = new ArrayList<>();
    private long skippedCount;
    private @Nullable Machine machine;
    private ClockSetting setting;
    private int next;
    private @Nullable Call<?> pending;
    private @Nullable JournalEntry open;

    /** The machine, what was done to it, and its clock's setting at the end. */
    record Rebuilt(
            Machine machine, Journal journal, ClockSetting setting, List<Origin.Skipped> skipped, long skippedCount) {}

    /**
     * @param spec null for the journal's own
     * @param entries how many of the journal's entries to do
     */
    Rebuild(
            JournalFile source,
            int entries,
            @Nullable MachineSpec spec,
            Executor workers,
            @Nullable Cancellation cancellation) {
        this.source = source;
        this.entries = entries;
        this.spec = spec == null ? source.creation().spec() : spec;
        this.workers = workers;
        this.cancellation = cancellation;
        exact = this.spec.equals(source.creation().spec());
        setting = source.creation().clock();
    }

    @Override
    public void run() {
        try {
            if (CommandJob.isCancelled(cancellation)) {
                throw Refusals.cancelled();
            }
            Machine made = machine == null ? new Machine(spec) : machine;
            machine = made;
            if (goOn(made, made.fired() + Writer.SLICE_EVENTS)) {
                complete(new Rebuilt(made, journal, setting, skipped, skippedCount));
            } else {
                workers.execute(this);
            }
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    private boolean goOn(Machine made, long sliceEnd) {
        while (next < entries) {
            JournalEntry entry = source.entries().get(next);
            if (!reach(made, entry.atPs(), entry.firedBefore(), sliceEnd)) {
                return false;
            }
            next++;
            perform(made, entry);
        }
        return reachEnd(made, sliceEnd);
    }

    private boolean reachEnd(Machine made, long sliceEnd) {
        if (next < source.entries().size()) {
            JournalEntry following = source.entries().get(next);
            return reach(made, following.atPs(), following.firedBefore(), sliceEnd);
        }
        JournalEnd end = source.end();
        if (!reach(made, end.nowPs(), end.fired(), sliceEnd)) {
            return false;
        }
        if (exact && !made.digest().equals(end.digest())) {
            throw Refusal.meaningless(
                            "digest-mismatch",
                            "Doing what the journal tells gives a machine of another digest than the journal's.")
                    .with("expected", end.digest())
                    .with("actual", made.digest());
        }
        return true;
    }

    /** Goes on towards a point of the run; whether it is reached. */
    private boolean reach(Machine made, long atPs, long fired, long sliceEnd) {
        if (atPs > EventLoop.HORIZON_PS) {
            throw diverges("instant " + atPs + " ps lies beyond the end of every clock");
        }
        if (exact) {
            return reachPoint(made, atPs, fired, sliceEnd);
        }
        if (!returned(made, sliceEnd) || !reachInstant(made, atPs, sliceEnd)) {
            return false;
        }
        recordAdvance(made);
        return true;
    }

    private boolean reachPoint(Machine made, long atPs, long fired, long sliceEnd) {
        while (made.fired() < fired) {
            long left = Math.min(fired, sliceEnd) - made.fired();
            if (left <= 0) {
                return false;
            }
            if (made.run(atPs, left, false) == Stop.TIME) {
                break;
            }
        }
        if (made.fired() != fired) {
            throw diverges("at " + atPs + " ps " + made.fired() + " events have fired instead of " + fired);
        }
        try {
            made.replayTo(fired, atPs);
        } catch (IllegalStateException e) {
            throw diverges(e.getMessage());
        }
        return true;
    }

    /** Lets the last call of a PAUSED machine return. */
    private boolean returned(Machine made, long sliceEnd) {
        while (pending != null && !pending.isDone() && made.nextEventPs() <= EventLoop.HORIZON_PS) {
            if (made.fired() >= sliceEnd) {
                return false;
            }
            made.run(EventLoop.HORIZON_PS, sliceEnd - made.fired(), false);
        }
        pending = null;
        return true;
    }

    private static boolean reachInstant(Machine made, long atPs, long sliceEnd) {
        while (made.nowPs() < atPs || made.nextEventPs() <= atPs) {
            if (made.fired() >= sliceEnd) {
                return false;
            }
            made.run(atPs, sliceEnd - made.fired(), false);
        }
        return true;
    }

    private void perform(Machine made, JournalEntry entry) {
        if (entry.sequence() != next) {
            throw diverges("entry " + next + " says that it is " + entry.sequence());
        }
        switch (entry.what()) {
            case Applied(Command<?> command) -> apply(made, entry.sequence(), command);
            case Advanced a when exact -> journal.append(made.nowPs(), made.fired(), a);
            case Advanced a -> open = new JournalEntry(next, made.nowPs(), made.fired(), a);
            case ClockChanged c -> {
                setting = c.setting();
                journal.append(made.nowPs(), made.fired(), c);
            }
        }
    }

    /** The machine has come to where the advance ended: the next entry is never earlier. */
    private void recordAdvance(Machine made) {
        if (open != null && open.what() instanceof Advanced original) {
            Advanced now = new Advanced(made.nowPs(), made.fired(), original.stoppedBy());
            journal.append(open.atPs(), open.firedBefore(), now);
            open = null;
        }
    }

    private void apply(Machine made, long sequence, Command<?> command) {
        long atPs = made.nowPs();
        long fired = made.fired();
        try {
            pending = made.apply(command);
        } catch (Refusal refusal) {
            skip(sequence, refusal);
            return;
        } catch (RuntimeException e) {
            // The original did the same, and went on from there.
            pending = null;
        }
        if (setting.isRunning()) {
            pending = null;
        }
        journal.append(atPs, fired, command);
    }

    private void skip(long sequence, Refusal refusal) {
        if (exact) {
            throw diverges("entry " + sequence + " is refused: " + refusal.detail());
        }
        if (skippedCount++ < Origin.MOST_SKIPPED) {
            skipped.add(new Origin.Skipped(sequence, refusal.type(), refusal.detail()));
        }
    }

    private static Refusal diverges(@Nullable String detail) {
        return Refusal.meaningless("journal-diverges", "The journal can't be done again: " + detail + ".");
    }
}
