package org.ioatlab.kernel.mm;

import java.util.concurrent.TimeUnit;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.observe.Observation;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Frequency;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Bursts of 256 allocations, as a receive ring makes them, and then as many frees; an operation is one pair. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageAllocatorBenchmark {
    private static final int BURST = 256;
    private static final int MIB = 128;

    private final int[] held = new int[BURST];
    private final long[] objects = new long[BURST];
    private Processor cpu;
    private PageAllocator pages;
    private KernelMemory memory;

    @Setup(Level.Iteration)
    public void boot() {
        Platform platform = Platform.load("xeon-e7520");
        cpu = new Processors(
                        new EventLoop(),
                        new CpuTopology(1, 1, 1).assemble(new Frequency(3400), 100, new Observation(1)),
                        platform)
                .get(0);
        pages = new PageAllocator(4, MIB, MIB, 1, platform);
        memory = new KernelMemory(new PhysicalMemory(pages.frames()), pages, 1, platform);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void singlePages() {
        for (int i = 0; i < BURST; i++) {
            held[i] = pages.allocate(ZoneKind.LOW, cpu);
        }
        for (int i = 0; i < BURST; i++) {
            pages.free(held[i], cpu);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void blocksOfEightPages() {
        for (int i = 0; i < BURST; i++) {
            held[i] = pages.allocateBlock(3, cpu);
        }
        for (int i = 0; i < BURST; i++) {
            pages.free(held[i], cpu);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void kmalloc256() {
        for (int i = 0; i < BURST; i++) {
            objects[i] = memory.allocate(256, cpu);
        }
        for (int i = 0; i < BURST; i++) {
            memory.free(objects[i], cpu);
        }
    }
}
