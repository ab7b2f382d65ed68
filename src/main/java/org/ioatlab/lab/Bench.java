package org.ioatlab.lab;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.lab.JournalEntry.ClockChanged;
import org.ioatlab.lab.JournalEntry.What;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.Refusal;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.EventLoop.Stop;
import org.ioatlab.time.Picoseconds;
import org.jspecify.annotations.Nullable;

/** A machine with its pacing, its journal and the calls that haven't returned. Only the machine's one writer touches it. */
final class Bench {
    private final Machine machine;
    private final Journal journal;
    private final Workshop workshop;
    private final Pacing pacing;
    private @Nullable List<CommandJob<?>> parked;
    private @Nullable List<Watch> watches;
    private long version = 1;
    private long countedBacked;
    private long countedJournal;
    private long countedFrames;
    private boolean failed;

    Bench(Machine machine, Journal journal, ClockSetting setting, Workshop workshop) {
        this.machine = machine;
        this.journal = journal;
        this.workshop = workshop;
        pacing = new Pacing(setting, workshop.nanos(), machine.nowPs());
        countUsage();
    }

    Machine machine() {
        return machine;
    }

    Journal journal() {
        return journal;
    }

    Workshop workshop() {
        return workshop;
    }

    long fired() {
        return machine.fired();
    }

    long nowPs() {
        return machine.nowPs();
    }

    long nextPs() {
        return machine.nextEventPs();
    }

    ClockSetting setting() {
        return pacing.setting();
    }

    long version() {
        return version;
    }

    /** The instant that a RUNNING machine may reach now; a PAUSED one's own. */
    long pacedPs() {
        return setting().isRunning() ? pacing.instantAt(workshop.nanos()) : nowPs();
    }

    /** Lets the machine run and hands on what its calls returned. */
    Stop run(long untilPs, long maxEvents, boolean untilIdle) {
        Stop stop = machine.run(untilPs, maxEvents, untilIdle);
        if (stop == Stop.REQUESTED && parked != null) {
            parked.removeIf(CommandJob::settle);
        }
        return stop;
    }

    /** Moves a RUNNING machine's clock to where it may be, if nothing is due before. */
    void settle() {
        if (setting().isRunning()) {
            machine.run(pacedPs(), 0, false);
        }
    }

    /**
     * Lets a RUNNING machine go on to the instant that it may reach.
     *
     * @return whether it is there
     */
    boolean pace(long maxEvents) {
        long end = fired() + maxEvents;
        while (setting().isRunning()) {
            long left = end - fired();
            if (left <= 0) {
                return false;
            }
            if (run(pacedPs(), left, false) == Stop.TIME) {
                pauseAtHorizon();
                return true;
            }
        }
        return true;
    }

    /** The moment at which a RUNNING machine has something to do next, {@link Long#MAX_VALUE} for a PAUSED one. */
    long nextNanos(long patienceNanos) {
        if (!setting().isRunning()) {
            return Long.MAX_VALUE;
        }
        long due = pacing.nanosAt(Math.min(nextPs(), EventLoop.HORIZON_PS));
        return hasParked() ? due : Math.max(due, workshop.nanos() + patienceNanos);
    }

    boolean hasParked() {
        return parked != null && !parked.isEmpty();
    }

    /** Whether the machine will answer somebody without being asked for more. */
    boolean isAwaited() {
        return hasParked() && setting().isRunning();
    }

    void park(CommandJob<?> job) {
        if (parked == null) {
            parked = new ArrayList<>(1);
        }
        parked.add(job);
    }

    /** Tells a watcher what follows entry {@code sequence}, now and from now on. */
    Watch watch(long sequence, JournalWatcher watcher) {
        if (sequence < 0 || sequence > journal.size()) {
            throw Refusals.noSuchSequence(sequence, journal.size());
        }
        Watch watch = new Watch(watcher, (int) sequence);
        if (watch.tell(journal)) {
            watches = watches == null ? new ArrayList<>(1) : watches;
            watches.add(watch);
        }
        return watch;
    }

    /** Tells watchers what is new. */
    void tellWatchers() {
        if (watches != null) {
            watches.removeIf(watch -> !watch.tell(journal));
        }
    }

    /** Lets go of watchers. */
    void endWatches(Refusal reason) {
        if (watches != null) {
            watches.forEach(watch -> watch.watcher().ended(reason));
            watches = null;
        }
    }

    /** Lets go of the calls that haven't returned. */
    void failParked(Refusal reason) {
        if (parked != null) {
            parked.forEach(job -> job.fail(reason));
            parked = null;
        }
    }

    /** Checks what doesn't depend on the machine's own state. */
    void admit(Command<?> command) {
        requireWritable();
        workshop.requireRoom(CommandWeight.growth(command));
        Admission.requireFrames(workshop, command, machine.nics().framesOnWires());
        if (setting().isRunning()) {
            Admission.requireCalls(workshop.limits(), parked == null ? 0 : parked.size());
        }
        requireJournalRoom(CommandWeight.bytes(command));
    }

    /** Checks that the machine can still be changed. */
    void requireWritable() {
        if (failed) {
            throw Refusals.failed();
        }
        if (nowPs() >= EventLoop.HORIZON_PS) {
            throw Refusals.horizonReached();
        }
    }

    /** Checks that another entry of {@code bytes} fits into the journal. */
    void requireJournalRoom(long bytes) {
        Admission.requireJournalRoom(workshop, journal, bytes);
    }

    /** Applies a command at the present instant and records it, unless it is refused. */
    <R> Call<R> apply(Command<R> command) {
        long atPs = nowPs();
        long firedBefore = fired();
        try {
            Call<R> call = machine.apply(command);
            journal.append(atPs, firedBefore, command);
            return call;
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException e) {
            journal.append(atPs, firedBefore, command);
            throw e;
        }
    }

    void record(long atPs, long firedBefore, What what) {
        journal.append(atPs, firedBefore, what);
    }

    /** Gives the clock another setting from here on. */
    void change(ClockSetting setting) {
        version++;
        pacing.anchor(setting, workshop.nanos(), nowPs());
        journal.append(nowPs(), fired(), new ClockChanged(setting));
    }

    ClockView clockView() {
        boolean atEnd = nowPs() >= EventLoop.HORIZON_PS;
        return new ClockView(
                setting(),
                Picoseconds.toNanoseconds(nowPs()),
                Picoseconds.toNanoseconds(pacedPs() - nowPs()),
                machine.isIdle(),
                fired(),
                atEnd ? StoppedBy.HORIZON : null,
                version);
    }

    JournalEnd end() {
        return new JournalEnd(nowPs(), fired(), machine.digest());
    }

    /** The simulation broke; nothing may move it any more. */
    void breakDown() {
        failed = true;
        pacing.anchor(new ClockSetting(ClockState.PAUSED, setting().rateMillionths()), 0, nowPs());
        failParked(Refusals.failed());
    }

    /** Tells the fleet's usage what changed. */
    void countUsage() {
        long backed = machine.memory().backedBytes();
        if (backed != countedBacked) {
            workshop.usage().addBacked(backed - countedBacked);
            countedBacked = backed;
        }
        long frames = machine.nics().framesOnWires();
        if (frames != countedFrames) {
            workshop.usage().addFrames(frames - countedFrames);
            countedFrames = frames;
        }
        if (journal.bytes() != countedJournal) {
            workshop.usage().addJournal(journal.bytes() - countedJournal);
            countedJournal = journal.bytes();
        }
    }

    /** Gives back what the machine took. */
    void forgetUsage() {
        workshop.usage().addBacked(-countedBacked);
        workshop.usage().addFrames(-countedFrames);
        workshop.usage().addJournal(-countedJournal);
    }

    private void pauseAtHorizon() {
        if (nowPs() >= EventLoop.HORIZON_PS) {
            change(new ClockSetting(ClockState.PAUSED, setting().rateMillionths()));
            failParked(Refusals.horizonReached());
        }
    }
}
