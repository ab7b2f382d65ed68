package org.ioatlab.lab;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.MachineFaces;
import org.ioatlab.machine.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One virtual machine of the fleet. Any thread may use it; what is asked of it is done one thing after another. A short thing is done on
 * the caller's own thread before the method returns, so the future is often complete already.
 *
 * <p>Futures fail with {@link Refusal}. Their dependents may run on the thread that works on the machine and must be short.
 */
public final class MachineHandle {
    private final String id;
    private final MachineCreation creation;
    private final @Nullable Origin origin;
    private final Workshop workshop;
    private final Writer writer;
    private final long createdAtEpochMillis;
    private volatile long lastUsedNanos;

    MachineHandle(String id, MachineCreation creation, @Nullable Origin origin, Bench bench) {
        this.id = id;
        this.creation = creation;
        this.origin = origin;
        workshop = bench.workshop();
        createdAtEpochMillis = workshop.clock().epochMillis();
        lastUsedNanos = workshop.nanos();
        writer = new Writer(bench);
    }

    /** Its name in the fleet. */
    public String id() {
        return id;
    }

    /** What it was made from. */
    public MachineCreation creation() {
        return creation;
    }

    /** Where it came from, if it was forked or imported. */
    public @Nullable Origin origin() {
        return origin;
    }

    /** Words of its owner, by key. */
    public Map<String, String> labels() {
        return creation.labels();
    }

    /** When it was made. */
    public long createdAtEpochMillis() {
        return createdAtEpochMillis;
    }

    /** When it will be gone if nobody uses it until then. */
    public long expiresAtEpochMillis() {
        long left = expiresAtNanos() - workshop.nanos();
        return workshop.clock().epochMillis() + left / 1_000_000;
    }

    /**
     * Applies a command and lets the machine go on until its call returns. On a RUNNING machine it is applied at the instant that pacing
     * has reached, and the future completes when the wall clock has come to the call's return.
     *
     * <p>The command, and what it holds, must not be changed afterwards.
     */
    public <R> CompletableFuture<R> execute(Command<R> command) {
        return execute(command, null);
    }

    /** The same; a PAUSED machine stops on request, with the call still in flight. */
    public <R> CompletableFuture<R> execute(Command<R> command, @Nullable Cancellation cancellation) {
        return use(new CommandJob<>(command, cancellation));
    }

    /**
     * Looks at the machine between two events. A running clock doesn't catch up for it, but shows the present if nothing is due.
     *
     * @param reader takes what it needs from the machine and must neither change nor keep it
     */
    public <R> CompletableFuture<R> look(Function<MachineFaces, R> reader) {
        return use(new LookJob<>(bench -> reader.apply(bench.machine())));
    }

    /** The clock. */
    public CompletableFuture<ClockView> clock() {
        return use(new LookJob<>(Bench::clockView));
    }

    /**
     * Changes how the clock moves; it goes on from where it stands.
     *
     * @param state null leaves it
     * @param rateMillionths null leaves it
     * @param expectedVersion refused with {@code precondition-failed} if the setting's version is another; null for any
     */
    public CompletableFuture<ClockView> patchClock(
            @Nullable ClockState state, @Nullable Long rateMillionths, @Nullable Long expectedVersion) {
        return use(new ClockJob(state, rateMillionths, expectedVersion));
    }

    /** Moves a PAUSED machine; see {@link Advance}. */
    public CompletableFuture<AdvanceResult> advance(Advance advance, @Nullable Cancellation cancellation) {
        return use(new AdvanceJob(advance, cancellation));
    }

    /** All that was done to it, and where it stands. */
    public CompletableFuture<JournalFile> journal() {
        return use(new LookJob<>(this::journal));
    }

    /**
     * Tells {@code watcher} every entry of the journal that follows {@code sequence}: those that are there before this returns, others as
     * they are recorded.
     */
    public CompletableFuture<Watch> watch(long sequence, JournalWatcher watcher) {
        return use(new LookJob<>(bench -> bench.watch(sequence, watcher)));
    }

    private JournalFile journal(Bench bench) {
        return new JournalFile(creation, bench.journal().entries(), bench.end());
    }

    private <R> Job<R> use(Job<R> job) {
        lastUsedNanos = workshop.nanos();
        return writer.submit(job);
    }

    Writer writer() {
        return writer;
    }

    boolean isExpired(long nowNanos) {
        return nowNanos >= expiresAtNanos();
    }

    private long expiresAtNanos() {
        return lastUsedNanos + workshop.limits().machineLifetime().toNanos();
    }
}
