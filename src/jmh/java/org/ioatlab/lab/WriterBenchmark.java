package org.ioatlab.lab;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.MemoryViews;
import org.ioatlab.machine.Presets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the one writer of a PAUSED machine adds to the simulation: the same kernel call on a bare machine and through its handle. Each
 * iteration begins with a new machine, because journals only grow.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class WriterBenchmark {
    private static final int PLENTY = Integer.MAX_VALUE;
    private static final MemoryCommand.WriteBuffer WRITE = new MemoryCommand.WriteBuffer("b1", 0, new byte[8]);
    private static final MemoryCommand.AllocatePages ALLOCATE = new MemoryCommand.AllocatePages(
            1, org.ioatlab.kernel.mm.ZoneKind.LOW, new Content(Content.Fill.ZERO, null), 0);

    private Machine bare;
    private Fleet fleet;
    private MachineHandle handle;

    @Setup(Level.Iteration)
    public void open() {
        bare = new Machine(Presets.IOAT.spec());
        bare.apply(buffer());
        bare.run(Long.MAX_VALUE / 4, 1_000, true);
        fleet = Fleet.open(WallClock.SYSTEM, limits(), 1);
        MachineCreation creation = new MachineCreation(
                "bench", Map.of(), "ioat", Presets.IOAT.spec(), new ClockSetting(ClockState.PAUSED, 1_000_000));
        handle = fleet.create(creation, true).join().machine();
        handle.execute(buffer()).join();
    }

    @TearDown(Level.Iteration)
    public void close() {
        fleet.close();
    }

    /** The laboratory's own hand writes eight bytes: no event. */
    @Benchmark
    public MemoryViews.Buffer writeBare() {
        return bare.apply(WRITE).result();
    }

    @Benchmark
    public MemoryViews.Buffer writeThroughHandle() {
        return handle.execute(WRITE).join();
    }

    /** A kernel call that is refused, so that its own cost is small: what is left is the writer. */
    @Benchmark
    public boolean refusedThroughHandle() {
        return handle.execute(new MemoryCommand.FreePage("p1", 0)).isCompletedExceptionally();
    }

    @Benchmark
    public boolean refusedBare() {
        try {
            bare.apply(new MemoryCommand.FreePage("p1", 0));
            return false;
        } catch (org.ioatlab.machine.Refusal refusal) {
            return true;
        }
    }

    /** A look that reads one number. */
    @Benchmark
    public long look() {
        return handle.look(machine -> machine.memory().backedBytes()).join();
    }

    @Benchmark
    public long executeAndLook() {
        handle.execute(WRITE).join();
        return handle.look(machine -> machine.memory().backedBytes()).join();
    }

    /** A kernel call with events: a page from the processor's list, kept. */
    @Benchmark
    public Object allocateThroughHandle() {
        return handle.execute(ALLOCATE).isDone();
    }

    private static MemoryCommand.AllocateBuffer buffer() {
        return new MemoryCommand.AllocateBuffer(64, new Content(Content.Fill.ZERO, null), 0);
    }

    private static LabLimits limits() {
        return new LabLimits(
                PLENTY,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                PLENTY,
                PLENTY,
                Long.MAX_VALUE,
                Duration.ofHours(1),
                PLENTY,
                PLENTY,
                PLENTY,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                PLENTY,
                Duration.ofHours(1),
                Duration.ofHours(1),
                PLENTY);
    }
}
