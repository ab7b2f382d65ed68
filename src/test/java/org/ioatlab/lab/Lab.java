package org.ioatlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.Presets;
import org.ioatlab.machine.Refusal;

/** A laboratory in the test's own hands: its wall clock moves, and its workers work, only when told. */
final class Lab implements AutoCloseable {
    final HandClock wall = new HandClock();
    final Hands hands = new Hands();
    final Fleet fleet;

    /** Workers that do what piles up when they are told to. */
    static final class Hands implements Executor {
        private final ArrayDeque<Runnable> pile = new ArrayDeque<>();

        @Override
        public void execute(Runnable work) {
            pile.add(work);
        }

        /** One piece of work; whether there was one. */
        boolean workOnce() {
            Runnable work = pile.poll();
            if (work != null) {
                work.run();
            }
            return work != null;
        }

        void work() {
            while (workOnce()) {}
        }

        int waiting() {
            return pile.size();
        }
    }

    Lab() {
        this(LabLimits.defaults());
    }

    Lab(LabLimits limits) {
        fleet = new Fleet(wall, limits, hands);
    }

    /** Lets the wall clock go on and the fleet do what is due. */
    void pass(long nanos) {
        wall.move(nanos);
        fleet.tick();
        hands.work();
    }

    MachineHandle paused() {
        return make(null, ClockState.PAUSED, ClockSetting.REAL_TIME);
    }

    MachineHandle running() {
        return make(null, ClockState.RUNNING, ClockSetting.REAL_TIME);
    }

    MachineHandle make(String name, ClockState state, long rateMillionths) {
        return done(fleet.create(creation(name, state, rateMillionths), true)).machine();
    }

    static MachineCreation creation(String name, ClockState state, long rateMillionths) {
        return new MachineCreation(name, Map.of(), "ioat", spec(), new ClockSetting(state, rateMillionths));
    }

    static MachineSpec spec() {
        return Presets.IOAT.spec();
    }

    /** What it answered, after the workers have done what they had to. */
    <R> R done(CompletableFuture<R> future) {
        hands.work();
        assertThat(future).as("answered").isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    /** Doesn't wait for the answer. */
    static void leave(CompletableFuture<?> call) {
        assertThat(call).isNotCompletedExceptionally();
    }

    /** Doesn't even ask whether it was refused. */
    static void leaveAnyhow(CompletableFuture<?> call) {
        assertThat(call).isNotNull();
    }

    /** The problem with which it was refused. */
    String refused(CompletableFuture<?> future) {
        try {
            done(future);
        } catch (Refusal refusal) {
            return refusal.kind() + " " + refusal.type();
        }
        throw new AssertionError("not refused: " + future);
    }

    /** Where it stands and its digest. */
    static JournalEnd end(MachineHandle machine) {
        return machine.journal().join().end();
    }

    /** Makes the machine of that journal in a laboratory of its own. */
    static JournalEnd replayed(JournalFile journal) {
        try (Lab other = new Lab()) {
            return end(other.done(other.fleet.importJournal(journal, "replayed", null)));
        }
    }

    /** A kernel call of at least {@code count} events. */
    static MemoryCommand.AllocatePages pages(int count) {
        return new MemoryCommand.AllocatePages(count, ZoneKind.LOW, new Content(Content.Fill.ZERO, null), 0);
    }

    static MemoryCommand.AllocateBuffer buffer(int size) {
        return new MemoryCommand.AllocateBuffer(size, new Content(Content.Fill.INCREMENTING, null), 0);
    }

    @Override
    public void close() {
        fleet.close();
    }
}
