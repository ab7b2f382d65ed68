package org.ioatlab.lab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.ioatlab.machine.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a machine, without a thread of its own. Whoever brings a job while nobody works on the machine does the work, up to
 * {@link #INLINE_EVENTS}; what is left then goes on among the workers in slices of {@link #SLICE_EVENTS}. Whoever comes meanwhile queues.
 * Looks go before all else, between slices; commands go strictly one after another; pacing goes last.
 */
final class Writer implements Runnable {
    /** About a quarter of a millisecond of simulation on the thread of the caller. */
    static final long INLINE_EVENTS = 2_000;

    /** A few milliseconds of simulation, after which it is another machine's turn. */
    static final long SLICE_EVENTS = 20_000;

    /** How many jobs one thread does before it lets others have the processor. */
    static final int MOST_TURNS = 64;

    /** How long a RUNNING machine may leave events undone while nobody waits for a call: bounds the wake-ups a second. */
    static final long PACING_QUANTUM_NANOS = 500_000;

    private final Bench bench;
    private final Workshop workshop;

    private @Nullable ArrayDeque<Job<?>> looks;
    private @Nullable ArrayDeque<Job<?>> commands;
    private boolean busy;
    private boolean woken;
    private @Nullable Refusal closed;

    private @Nullable Job<?> current;
    private boolean mustPace;
    private boolean timerSet;

    /** Owned by {@link Timers}. */
    int timerSlot = Timers.NOT_SET;

    /** Owned by {@link Timers}. */
    long timerNanos;

    Writer(Bench bench) {
        this.bench = bench;
        workshop = bench.workshop();
        mustPace = bench.setting().isRunning();
        woken = mustPace;
    }

    /** Does a job, or lets it queue. */
    <J extends Job<?>> J submit(J job) {
        Refusal refusal;
        synchronized (this) {
            refusal = closed;
            if (refusal == null && busy) {
                if (enqueue(job)) {
                    return job;
                }
                refusal = Refusals.mailboxFull(workshop.limits().queuedCommandsPerMachine());
            } else {
                busy = true;
            }
        }
        if (refusal != null) {
            job.fail(refusal);
        } else {
            workOn(job);
        }
        return job;
    }

    /** The moment that this writer set has come. */
    void wake() {
        synchronized (this) {
            woken = true;
            if (busy || closed != null) {
                return;
            }
            busy = true;
        }
        work(INLINE_EVENTS);
    }

    /** Ends everything: what is queued or under way fails with {@code reason}. Returns at once; whoever works on the machine cleans up. */
    void close(Refusal reason) {
        synchronized (this) {
            if (closed != null) {
                return;
            }
            closed = reason;
            if (busy) {
                return;
            }
            busy = true;
        }
        cleanUp(reason);
    }

    /** Closes if nobody uses the machine at this moment. */
    boolean closeIfUnused(Refusal reason) {
        synchronized (this) {
            if (busy || closed != null || bench.isAwaited()) {
                return false;
            }
            closed = reason;
            busy = true;
        }
        cleanUp(reason);
        return true;
    }

    /** A worker's slice. */
    @Override
    public void run() {
        work(SLICE_EVENTS);
    }

    private boolean enqueue(Job<?> job) {
        ArrayDeque<Job<?>> queue = job.isLook() ? looks() : commands();
        return queue.size() < workshop.limits().queuedCommandsPerMachine() && queue.add(job);
    }

    private ArrayDeque<Job<?>> looks() {
        if (looks == null) {
            looks = new ArrayDeque<>();
        }
        return looks;
    }

    private ArrayDeque<Job<?>> commands() {
        if (commands == null) {
            commands = new ArrayDeque<>();
        }
        return commands;
    }

    private void workOn(Job<?> job) {
        if (job.isLook()) {
            job.step(bench, 0);
        } else {
            current = job;
        }
        work(INLINE_EVENTS);
    }

    /** Does what is to be done; gives the rest to the workers when it is long. */
    private void work(long maxEvents) {
        long end = bench.fired() + maxEvents;
        for (int turn = 0; turn < MOST_TURNS && bench.fired() < end; turn++) {
            Job<?> job = nextJob();
            if (job != null) {
                step(job, end - bench.fired());
            } else if (pace(end - bench.fired()) && release()) {
                return;
            }
        }
        moveToWorkers();
    }

    private void moveToWorkers() {
        try {
            workshop.workers().execute(this);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                closed = closed == null ? Refusals.closing() : closed;
            }
            work(1);
        }
    }

    private synchronized @Nullable Job<?> nextJob() {
        if (looks != null && !looks.isEmpty()) {
            return looks.poll();
        }
        if (current == null && commands != null) {
            current = commands.poll();
        }
        return current;
    }

    private void step(Job<?> job, long maxEvents) {
        boolean over = true;
        try {
            over = isClosed(job) || job.step(bench, maxEvents);
        } catch (RuntimeException | Error e) {
            bench.breakDown();
            job.fail(e);
        }
        bench.tellWatchers();
        if (job == current) {
            mustPace = true;
            current = over ? null : job;
        }
    }

    private boolean isClosed(Job<?> job) {
        Refusal reason;
        synchronized (this) {
            reason = closed;
        }
        return reason != null && job.fail(reason);
    }

    /** Lets a running clock go on and sets the moment of the next time; whether that is done. */
    private boolean pace(long maxEvents) {
        if (mustPace) {
            try {
                if (!bench.pace(maxEvents)) {
                    return false;
                }
            } catch (RuntimeException | Error e) {
                bench.breakDown();
            }
            mustPace = false;
            bench.tellWatchers();
            setTimer();
        }
        return true;
    }

    private void setTimer() {
        long nanos = bench.nextNanos(PACING_QUANTUM_NANOS);
        if (nanos != Long.MAX_VALUE) {
            workshop.timers().set(this, nanos);
            timerSet = true;
        } else if (timerSet) {
            workshop.timers().cancel(this);
            timerSet = false;
        }
    }

    /** Leaves the machine alone, unless there is something to do after all. */
    private boolean release() {
        bench.countUsage();
        Refusal reason;
        synchronized (this) {
            reason = closed;
            if (reason == null) {
                if (woken) {
                    woken = false;
                    mustPace = true;
                    return false;
                }
                busy = isEmpty(looks) ? !isEmpty(commands) : true;
                return !busy;
            }
        }
        cleanUp(reason);
        return true;
    }

    private static boolean isEmpty(@Nullable ArrayDeque<?> queue) {
        return queue == null || queue.isEmpty();
    }

    /** Lets go of everything; the machine stays busy for ever, so that nobody touches it again. */
    private void cleanUp(Refusal reason) {
        workshop.timers().cancel(this);
        bench.failParked(reason);
        bench.endWatches(reason);
        List<Job<?>> left = new ArrayList<>();
        synchronized (this) {
            if (looks != null) {
                left.addAll(looks);
            }
            if (commands != null) {
                left.addAll(commands);
            }
            looks = null;
            commands = null;
        }
        left.forEach(job -> job.fail(reason));
        bench.forgetUsage();
    }
}
