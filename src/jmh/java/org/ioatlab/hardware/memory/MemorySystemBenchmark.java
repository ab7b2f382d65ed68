package org.ioatlab.hardware.memory;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.hardware.platform.Platform;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the caches of a simulated machine cost the host for a packet of 1448 bytes: the controller's write, the copy of what it wrote to a program's buffer, the
 * same copy with everything in the cache, and a header line that is hit. Buffers go round as those of a ring of 256 do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemorySystemBenchmark {
    private static final int FRAMES = 32_768;
    private static final int BUFFERS = 256;
    private static final long RING = 16 << 20;
    private static final long USER = 64 << 20;
    private static final int USER_BYTES = 60 * 1448;
    private static final int PAYLOAD = 84;

    private final MemorySystem memory =
            new MemorySystem(Platform.load("xeon-e7520").with(Map.of()), new CpuTopology(2, 1, 2).caches(1), FRAMES);

    private int slot;
    private int filled;
    private long cycle;

    @Benchmark
    public long deviceWrite() {
        return memory.deviceWrites(BusTraffic.NIC, next(), 1514, cycle, 0);
    }

    @Benchmark
    public long coldCopy() {
        long source = next();
        memory.deviceWrites(BusTraffic.NIC, source, 1514, cycle, 0);
        return memory.port(0).copy(MemoryUse.USER, USER + filled, MemoryUse.PAYLOAD, source + PAYLOAD, 1448, cycle);
    }

    @Benchmark
    public long warmCopy() {
        next();
        return memory.port(0).copy(MemoryUse.USER, USER + filled, MemoryUse.PAYLOAD, RING + PAYLOAD, 1448, cycle);
    }

    @Benchmark
    public long hit() {
        return memory.port(0).read(MemoryUse.HEADER, RING, 14, cycle);
    }

    private long next() {
        cycle += 40_000;
        slot = (slot + 1) % BUFFERS;
        filled = filled + 1448 < USER_BYTES ? filled + 1448 : 0;
        return RING + 2048L * slot + 18;
    }
}
