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
    private final Processor processor;
    private final WakeUp wakeUp = new WakeUp();
    private final Exit exit = new Exit();

    State state = State.SLEEPING;
    boolean wokenInSlice;

    @Nullable
    Task nextReady;

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

    /** @param processor where it runs */
    protected Task(String name, Processor processor) {
        this.name = name;
        this.processor = processor;
    }

    /** What it is called. */
    public final String name() {
        return name;
    }

    /** Where it runs. */
    public final Processor processor() {
        return processor;
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
        processor.makeReady(this);
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
    }

    final void finish(long atPs) {
        state = State.EXITED;
        processor.loop().cancel(wakeUp);
        processor.loop().schedule(exit, atPs);
    }
}
