package org.ioatlab.lab;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.ioatlab.lab.JournalEntry.ClockChanged;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * All machines of the laboratory. Any thread may use it; futures fail with {@link Refusal}.
 *
 * <p>A fleet that {@link #open} makes has threads of its own: a few workers, and one pacer that calls {@link #tick} when a RUNNING machine
 * has something to do. One that is made by the constructor has none: its owner brings the workers and the ticks.
 */
public final class Fleet implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SWEEPS_PER_LIFETIME = 60;
    private static final long MIB = 1L << 20;

    private final Workshop workshop;
    private final Registry registry;
    private final Runnable onClose;
    private final long sweepNanos;
    private volatile long nextSweepNanos;
    private volatile boolean closed;

    /** A fleet without threads: long work goes to {@code workers}, and somebody has to {@link #tick}. */
    public Fleet(WallClock clock, LabLimits limits, Executor workers) {
        this(clock, limits, workers, () -> {}, () -> {});
    }

    Fleet(WallClock clock, LabLimits limits, Executor workers, Runnable onEarlier, Runnable onClose) {
        workshop = new Workshop(clock, limits, workers, new Timers(onEarlier), new Usage(), clock.nanoTime());
        registry = new Registry(limits);
        this.onClose = onClose;
        sweepNanos = Math.max(
                1, Math.min(10 * NANOS_PER_SECOND, limits.machineLifetime().toNanos() / SWEEPS_PER_LIFETIME));
        nextSweepNanos = sweepNanos;
    }

    /** A fleet with {@code workers} threads for long work and one that paces. */
    public static Fleet open(WallClock clock, LabLimits limits, int workers) {
        return new FleetThreads(workers).open(clock, limits);
    }

    /**
     * Makes a machine.
     *
     * @param failIfPresent whether the name of an existing machine is refused even if that one was made from the same
     */
    public CompletableFuture<Created> create(MachineCreation creation, boolean failIfPresent) {
        try {
            Created present = failIfPresent ? null : present(creation);
            if (present != null) {
                return CompletableFuture.completedFuture(present);
            }
            requireMemory(creation.spec());
            String id = reserve(creation.name());
            CompletableFuture<Machine> booted = new CompletableFuture<>();
            onWorker(booted, () -> booted.complete(new Machine(creation.spec())));
            return booted.handle((machine, problem) -> new Created(
                    admit(id, creation.named(id), null, machine, new Journal(), creation.clock(), problem), true));
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /**
     * The machine of that name.
     *
     * @throws Refusal UNKNOWN, or GONE if it has expired
     */
    public MachineHandle find(String id) {
        MachineHandle machine = registry.get(id);
        if (machine != null && !expireIfDue(machine)) {
            return machine;
        }
        throw registry.isExpired(id) ? Refusals.expired(id) : Refusal.unknown("machine", id);
    }

    /**
     * Machines in the order of their names.
     *
     * @param after the name before the first; null to begin with the first of all
     * @param most how many at most
     * @param labels those that a machine must have, by key
     */
    public List<MachineHandle> list(@Nullable String after, int most, Map<String, String> labels) {
        return registry.list(after, most, labels);
    }

    /** How many machines there are. */
    public int size() {
        return registry.size();
    }

    /** What they take together. */
    public FleetFigures figures() {
        return new FleetFigures(
                registry.size(),
                workshop.timers().size(),
                workshop.usage().backedBytes(),
                workshop.usage().journalBytes());
    }

    /**
     * Deletes a machine. Calls in flight end with {@link Refusal.Kind#GONE}, those that are being worked on as soon as their slice ends.
     *
     * @throws Refusal UNKNOWN, or GONE if it has expired
     */
    public void delete(String id) {
        MachineHandle machine = find(id);
        if (registry.remove(machine)) {
            machine.writer().close(Refusals.deleted(id));
        }
    }

    /** Makes another machine that has the first part of a machine's history. The original doesn't notice. */
    public CompletableFuture<MachineHandle> fork(String id, ForkRequest request, @Nullable Cancellation cancellation) {
        try {
            MachineHandle original = find(id);
            return original.journal().thenCompose(journal -> fork(original.id(), journal, request, cancellation));
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /** Makes a machine from a journal, and refuses it if that doesn't give the digest at the journal's end. */
    public CompletableFuture<MachineHandle> importJournal(
            JournalFile file, @Nullable String name, @Nullable Cancellation cancellation) {
        try {
            requireMemory(file.creation().spec());
            String origin =
                    file.creation().name() == null ? "" : file.creation().name();
            Rebuild rebuild = new Rebuild(file, file.entries().size(), null, workshop.workers(), cancellation);
            return rebuild(
                    rebuild, origin, file.entries().size(), file.creation().named(name), null);
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    /**
     * Does what is due now: wakes RUNNING machines and lets unused ones expire.
     *
     * @return in how many nanoseconds it should be called again, 0 for at once
     */
    public long tick() {
        long now = workshop.nanos();
        Writer due;
        while ((due = workshop.timers().pollDue(now)) != null) {
            due.wake();
        }
        if (now >= nextSweepNanos) {
            nextSweepNanos = now + sweepNanos;
            registry.all().forEach(this::expireIfDue);
        }
        return Math.max(0, Math.min(workshop.timers().earliest(), nextSweepNanos) - workshop.nanos());
    }

    /** Ends all machines and all threads. */
    @Override
    public void close() {
        closed = true;
        for (MachineHandle machine : registry.all()) {
            registry.remove(machine);
            machine.writer().close(Refusals.closing());
        }
        onClose.run();
    }

    private @Nullable Created present(MachineCreation creation) {
        MachineHandle present = creation.name() == null ? null : registry.get(creation.name());
        if (present == null || expireIfDue(present)) {
            return null;
        }
        if (!present.creation().equals(creation)) {
            throw Refusals.nameTaken(present.id());
        }
        return new Created(present, false);
    }

    private String reserve(@Nullable String name) {
        if (closed) {
            throw Refusals.closing();
        }
        workshop.requireRoom(1);
        return registry.reserve(name);
    }

    private void requireMemory(MachineSpec spec) {
        long bytes = spec.memory().totalMib() * MIB;
        long limit = workshop.limits().memoryBytesPerMachine();
        if (bytes > limit) {
            throw Refusals.limit(
                    "machine-too-large",
                    "memoryBytesPerMachine",
                    limit,
                    "A machine may have at most " + limit / MIB + " MiB of memory.");
        }
    }

    private CompletableFuture<MachineHandle> fork(
            String id, JournalFile journal, ForkRequest request, @Nullable Cancellation cancellation) {
        int last = journal.entries().size();
        long at = request.atSequence() == null ? last : request.atSequence();
        if (at < 0 || at > last) {
            throw Refusals.noSuchSequence(at, last);
        }
        MachineCreation creation = journal.creation().named(request.name());
        if (request.spec() != null) {
            creation = creation.with(request.spec());
            requireMemory(request.spec());
        }
        Rebuild rebuild = new Rebuild(journal, (int) at, request.spec(), workshop.workers(), cancellation);
        return rebuild(rebuild, id, at, creation, request.clock());
    }

    private CompletableFuture<MachineHandle> rebuild(
            Rebuild rebuild, String origin, long at, MachineCreation creation, @Nullable ClockSetting clock) {
        String id = reserve(creation.name());
        onWorker(rebuild, rebuild);
        return rebuild.handle((rebuilt, problem) -> {
            if (rebuilt == null) {
                registry.cancel(id);
                throw Refusals.unchecked(problem);
            }
            ClockSetting setting = clock == null ? rebuilt.setting() : clock;
            Journal journal = rebuilt.journal();
            if (!setting.equals(rebuilt.setting())) {
                journal.append(rebuilt.machine().nowPs(), rebuilt.machine().fired(), new ClockChanged(setting));
            }
            Origin from = new Origin(origin, at, rebuilt.skipped(), rebuilt.skippedCount());
            return admit(id, creation.named(id), from, rebuilt.machine(), journal, setting, null);
        });
    }

    private MachineHandle admit(
            String id,
            MachineCreation creation,
            @Nullable Origin origin,
            @Nullable Machine machine,
            Journal journal,
            ClockSetting setting,
            @Nullable Throwable problem) {
        if (machine == null || closed) {
            registry.cancel(id);
            throw Refusals.unchecked(problem == null ? Refusals.closing() : problem);
        }
        Bench bench = new Bench(machine, journal, setting, workshop);
        MachineHandle handle = new MachineHandle(id, creation, origin, bench);
        registry.add(handle);
        if (setting.isRunning()) {
            handle.writer().wake();
        }
        return handle;
    }

    private void onWorker(CompletableFuture<?> answer, Runnable work) {
        Consumer<Throwable> fail = answer::completeExceptionally;
        try {
            workshop.workers().execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    fail.accept(e);
                }
            });
        } catch (RejectedExecutionException e) {
            fail.accept(Refusals.closing());
        }
    }

    private boolean expireIfDue(MachineHandle machine) {
        if (machine.isExpired(workshop.nanos()) && machine.writer().closeIfUnused(Refusals.expired(machine.id()))) {
            registry.expire(machine);
            return true;
        }
        return false;
    }
}
