package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ioatlab.time.EventLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Simulated copies a wall second on the default machine: sixty-four of a size in one call, then a wait for the last one, every descriptor,
 * completion word, interrupt and cleanup included. Beside it, {@link System#arraycopy} of the same bytes between as many arrays.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EngineCopyBenchmark {
    static final int COPIES = 64;
    private static final long TIMEOUT_PS = 1_000_000_000_000L;
    private static final String CHANNEL = "dma0chan0";

    /** Bytes of one copy. */
    @Param({"64", "4096", "65536"})
    int bytes;

    /** Pairs of buffers that the copies take in turn: many stream through memory, a few stay in the host's cache. */
    @Param({"64", "4"})
    int pairs;

    private final Machine machine = new Machine(Presets.IOAT.spec());
    private final List<DmaCommand.Copy> copies = new ArrayList<>();
    private final List<String> targets = new ArrayList<>();
    private final byte[][] from = new byte[COPIES][];
    private final byte[][] to = new byte[COPIES][];

    /** A client with a channel, buffers, and arrays with the same bytes. */
    @Setup
    public void begin() {
        run(new DmaCommand.RegisterClient("net", 0));
        run(new DmaCommand.RequestChannels("net", 1, 0));
        for (int i = 0; i < COPIES; i++) {
            if (i >= pairs) {
                repeat(i, i - pairs);
                continue;
            }
            String source = buffer(Content.Fill.RANDOM);
            String target = buffer(Content.Fill.ZERO);
            targets.add(target);
            copies.add(new DmaCommand.Copy(
                    new DmaCommand.Place(target, null, 0), new DmaCommand.Place(source, null, 0), bytes));
            from[i] = machine.memory().readBuffer(source, 0, -1);
            to[i] = new byte[bytes];
        }
    }

    private void repeat(int copy, int earlier) {
        targets.add(targets.get(earlier));
        copies.add(copies.get(earlier));
        from[copy] = from[earlier];
        to[copy] = to[earlier];
    }

    /** By the engine. */
    @Benchmark
    @OperationsPerInvocation(COPIES)
    public int engine() {
        DmaViews.Submitted submitted = run(new DmaCommand.SubmitCopies(CHANNEL, null, copies, false, 0));
        Integer last = submitted.copies().getLast().cookie();
        return run(new DmaCommand.WaitForCookie(CHANNEL, last, TIMEOUT_PS, 0)).cookie();
    }

    /** By the host. */
    @Benchmark
    @OperationsPerInvocation(COPIES)
    public byte[][] arraycopy() {
        for (int i = 0; i < COPIES; i++) {
            System.arraycopy(from[i], 0, to[i], 0, bytes);
        }
        return to;
    }

    /** The bytes have really moved. */
    @TearDown(Level.Iteration)
    public void check() {
        for (int i = 0; i < COPIES && machine.dma().channel(CHANNEL).memcpyCount() > 0; i++) {
            if (!Arrays.equals(machine.memory().readBuffer(targets.get(i), 0, -1), from[i])) {
                throw new IllegalStateException("copy " + i + " has other bytes");
            }
        }
    }

    private String buffer(Content.Fill fill) {
        return run(new MemoryCommand.AllocateBuffer(bytes, new Content(fill, null), 0))
                .id();
    }

    private <R> R run(Command<R> command) {
        Call<R> call = machine.apply(command);
        while (!call.isDone()) {
            machine.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, false);
        }
        return call.result();
    }
}
