package org.ioatlab.kernel.sched;

import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Event;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A thread of execution in process context, as the scheduler sees it. It runs in slices of at most one packet's or one page's work; where
 * it stands between slices is its own explicit state.
 */
public abstract class Task {
    /** What a slice ends with. */
    public enum Next {
        /** More to do at once. */
        CONTINUE,
        /** More to do, after others that are ready. */
        YIELD,
        /** Looks again and again until {@link Task#wake} or until another task is ready; charged as busy. */
        SPIN,
        /** Waits for {@link Task#wake}. */
        SLEEP,
        /** Done; {@link Task#exited} is called at the instant at which the slice's cycles end. */
        EXIT
    }

    /** Where a task stands. */
    public enum State {
        READY,
        RUNNING,
        SPINNING,
        SLEEPING,
        EXITED
    }

    private final String name;
    private Processor processor;
    private final WakeUp wakeUp = new WakeUp();
    private final Exit exit = new Exit();

    State state = State.SLEEPING;
    boolean wokenInSlice;
    CpuMask affinity = CpuMask.ALL;

    /** Where it waits while it is ready; null while it runs. */
    @Nullable
    PriorityArray array;

    @Nullable
    Task previousReady;

    @Nullable
    Task nextReady;

    /** Its urgency when it last became ready, see {@link Interactivity}. */
    int level;

    int sliceTicks;

    /** When it began to run, or stopped. */
    long sincePs;

    private long sleepAveragePs = Interactivity.MOST_SLEEP_PS / 2;
    private boolean begun;
    private long migrations;

    /** Its number in profiles, from its first slice on. */
    int profileContext = -1;

    /** Ends a sleep at a known instant. */
    private final class WakeUp extends Event {
        @Override
        protected void fire() {
            wake();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("wake");
            hash.put(name);
        }
    }

    /** The instant at which the last slice ends. */
    private final class Exit extends Event {
        @Override
        protected void fire() {
            exited();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("exit");
            hash.put(name);
        }
    }

    /** @param processor where it runs first; see {@link #setAffinity} */
    protected Task(String name, Processor processor) {
        this.name = name;
        this.processor = processor;
        sincePs = processor.loop().nowPs();
    }

    /** What it is called. */
    public final String name() {
        return name;
    }

    /** Where it runs, or ran last. Doesn't change during a slice. */
    public final Processor processor() {
        return processor;
    }

    /** How often it went on on another processor than before. */
    public final long migrations() {
        return migrations;
    }

    /** Says where it may run ({@code sched_setaffinity}); it leaves another processor before its next slice. */
    public final void setAffinity(CpuMask mask) {
        affinity = mask;
        if (!mayRunOn(processor)) {
            processor.tasks().evict(this);
        }
    }

    /** Where it stands. */
    public final State state() {
        return state;
    }

    /**
     * Makes a sleeping or spinning task ready now; does nothing to one that is ready or has exited. One that is woken by what its own slice
     * does goes on instead of waiting.
     */
    public final void wake() {
        processor.loop().cancel(wakeUp);
        processor.tasks().wakeUp(this);
    }

    /**
     * The same, done by {@code on}, which pays for waking a sleeper; on another processor it takes effect when that one's call to
     * reschedule has arrived.
     */
    public final void wake(Work on) {
        if (state == State.SLEEPING) {
            on.spend(processor.tasks().costs().wakeUp);
        }
        if (on instanceof Processor && on != processor && state != State.RUNNING) {
            wakeAt(on.nowPs() + processor.rescheduleLatencyPs());
        } else {
            wake();
        }
    }

    /** Makes it ready at {@code atPs} if nothing does earlier. */
    public final void wakeAt(long atPs) {
        if (state == State.EXITED) {
            return;
        }
        if (wakeUp.isPending()) {
            if (processor.loop().instantOf(wakeUp) <= atPs) {
                return;
            }
            processor.loop().cancel(wakeUp);
        }
        processor.loop().schedule(wakeUp, Math.max(atPs, processor.loop().nowPs()));
    }

    /** Runs one slice on {@link #processor()}, charging its cycles. */
    protected abstract Next resume();

    /** The thread it belongs to: going from one thread to another costs a context switch. */
    protected String thread() {
        return name;
    }

    /** Whether its thread ends with it, and doesn't stay for another task of the same thread. */
    protected boolean endsThread() {
        return true;
    }

    /** The program that it runs, as a profile names it. */
    protected String command() {
        return name;
    }

    /** Its {@code nice} value: -20, most urgent, to 19. */
    protected int nice() {
        return 0;
    }

    /** On whose account the next slice goes: {@link Processor.Account#USER} if it is the program's own computing. */
    protected Processor.Account account() {
        return Processor.Account.SYSTEM;
    }

    /** The function that spinning is charged to. */
    protected Symbol spinSymbol() {
        return Symbol.SCHEDULE;
    }

    /** The last slice has ended. */
    protected void exited() {}

    /** Feeds the task for something that it waits on. */
    public final void feed(StateHash hash) {
        hashInto(hash);
    }

    /** Feeds name and state; a task with state of its own adds it. */
    protected void hashInto(StateHash hash) {
        hash.put(name);
        hash.put(state.ordinal());
        hash.put(processor.cpu().id());
        hash.put(level);
        hash.put(sliceTicks);
        hash.put(sincePs);
        hash.put(sleepAveragePs);
        hash.put(migrations);
    }

    final boolean mayRunOn(Processor where) {
        return affinity.contains(where.cpu().id());
    }

    final boolean isBound() {
        return affinity.isSingle();
    }

    final boolean isInteractive() {
        return Interactivity.isInteractive(nice(), level);
    }

    final void migrate(Processor to) {
        processor = to;
        migrations++;
    }

    /** Whether it has never been ready. */
    final boolean isNew() {
        return !begun;
    }

    /** It becomes ready after a sleep. */
    final void wakeFrom(long nowPs, LocalTimer timer, LoadAverage load) {
        if (!begun) {
            begun = true;
            load.begin();
            beginSlice(timer);
        }
        load.change(1, nowPs);
        sleepAveragePs = Interactivity.afterSleep(sleepAveragePs, Math.max(0, nowPs - sincePs));
        level = Interactivity.level(nice(), sleepAveragePs);
    }

    /** It has run until {@code atPs}. */
    final void stopAt(long atPs) {
        sleepAveragePs = Interactivity.afterRun(sleepAveragePs, atPs - sincePs);
        sincePs = atPs;
    }

    final void beginSlice(LocalTimer timer) {
        sliceTicks = Interactivity.sliceTicks(nice(), timer.instantOf(1));
        level = Interactivity.level(nice(), sleepAveragePs);
    }

    final void finish(long atPs) {
        state = State.EXITED;
        processor.loop().cancel(wakeUp);
        processor.loop().schedule(exit, atPs);
    }
}
