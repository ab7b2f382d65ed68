package org.ioatlab.hardware.memory;

import java.util.concurrent.TimeUnit;
import org.ioatlab.time.SeededRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** 64 KiB from one place of a machine's memory to another, beside the same bytes in two arrays of the host. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemoryCopyBenchmark {
    private static final int LENGTH = 65_536;
    private static final int FRAMES = 4096;

    /** Byte offset of the source within its first page; the target begins on a page. */
    @Param({"0", "1000"})
    int sourceOffset;

    private final PhysicalMemory memory = new PhysicalMemory(FRAMES);
    private final byte[] source = new byte[LENGTH];
    private final byte[] target = new byte[LENGTH];
    private long sourceAddress;
    private long targetAddress;

    @Setup
    public void fill() {
        new SeededRandom(1).fill(source, 0, LENGTH);
        sourceAddress = 100L * PhysicalMemory.PAGE_SIZE + sourceOffset;
        targetAddress = 1000L * PhysicalMemory.PAGE_SIZE;
        memory.write(sourceAddress, source, 0, LENGTH);
    }

    @Benchmark
    public void pages() {
        memory.copy(targetAddress, sourceAddress, LENGTH);
    }

    @Benchmark
    public byte[] arraycopy() {
        System.arraycopy(source, 0, target, 0, LENGTH);
        return target;
    }
}
