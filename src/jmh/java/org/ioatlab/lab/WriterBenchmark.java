package org.ioatlab.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ioatlab.machine.Call;
import org.ioatlab.machine.Command;
import org.ioatlab.machine.Content;
import org.ioatlab.machine.DmaCommand;
import org.ioatlab.machine.DmaViews;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.MemoryCommand;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.Presets;
import org.ioatlab.time.EventLoop;
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
 * What the one writer of a PAUSED machine adds to the simulation: the same on a bare machine and through its handle. Each iteration begins
 * with new machines, because journals only grow.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class WriterBenchmark {
    private static final int PLENTY = Integer.MAX_VALUE;
    private static final ObservationCommand.SetTimeline NOTHING = new ObservationCommand.SetTimeline(false);
    private static final DmaCommand.SubmitCopies COPY = new DmaCommand.SubmitCopies(
            "dma0chan0", null, List.of(new DmaCommand.Copy(place("b2"), place("b1"), 64)), false, 0);

    private Machine bare;
    private Fleet fleet;
    private MachineHandle handle;

    @Setup(Level.Iteration)
    public void open() {
        bare = new Machine(Presets.IOAT.spec());
        fleet = Fleet.open(WallClock.SYSTEM, limits(), 1);
        MachineCreation creation = new MachineCreation(
                "bench",
                Map.of(),
                "ioat",
                Presets.IOAT.spec(),
                new ClockSetting(ClockState.PAUSED, ClockSetting.REAL_TIME));
        handle = fleet.create(creation, true).join().machine();
        MemoryCommand.AllocateBuffer buffer =
                new MemoryCommand.AllocateBuffer(64, new Content(Content.Fill.ZERO, null), 0);
        List<Command<?>> beginning = List.of(
                buffer, buffer, new DmaCommand.RegisterClient("c", 0), new DmaCommand.RequestChannels("c", 1, 0));
        for (Command<?> command : beginning) {
            handle.execute(command).join();
            run(bare.apply(command));
        }
    }

    @TearDown(Level.Iteration)
    public void close() {
        fleet.close();
    }

    /** A command without an event. */
    @Benchmark
    public Object commandBare() {
        return bare.apply(NOTHING).result();
    }

    @Benchmark
    public Object commandThroughHandle() {
        return handle.execute(NOTHING).join();
    }

    /** A look that reads one number. */
    @Benchmark
    public long look() {
        return handle.look(machine -> machine.memory().backedBytes()).join();
    }

    @Benchmark
    public long commandAndLook() {
        handle.execute(NOTHING).join();
        return handle.look(machine -> machine.memory().backedBytes()).join();
    }

    /** Submits a copy and polls for its completion, both kernel calls. */
    @Benchmark
    public DmaViews.Cookie submitAndPollBare() {
        DmaViews.Submitted submitted = run(bare.apply(COPY));
        return run(bare.apply(poll(submitted)));
    }

    @Benchmark
    public DmaViews.Cookie submitAndPollThroughHandle() {
        return handle.execute(poll(handle.execute(COPY).join())).join();
    }

    private static DmaCommand.CompleteCookie poll(DmaViews.Submitted submitted) {
        return new DmaCommand.CompleteCookie(
                "dma0chan0", submitted.copies().getFirst().cookie(), 0);
    }

    private <R> R run(Call<R> call) {
        while (!call.isDone()) {
            bare.run(EventLoop.HORIZON_PS, Writer.INLINE_EVENTS, false);
        }
        return call.result();
    }

    private static DmaCommand.Place place(String buffer) {
        return new DmaCommand.Place(buffer, null, 0);
    }

    private static LabLimits limits() {
        return new LabLimits(
                PLENTY,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                PLENTY,
                PLENTY,
                Long.MAX_VALUE,
                PLENTY,
                Long.MAX_VALUE,
                PLENTY,
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
