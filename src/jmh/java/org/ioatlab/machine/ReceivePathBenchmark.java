package org.ioatlab.machine;

import java.util.concurrent.TimeUnit;
import org.ioatlab.workload.traffic.Verification;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Simulated packets a wall second on one core, from the remote host's TCP over wire, port, driver, NAPI, IP and TCP into the buffers of a
 * program that compares every byte; acknowledgments go all the way back. An operation is ten milliseconds of virtual time; {@code packets}
 * counts what programs have read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 2)
public class ReceivePathBenchmark {
    private static final int OPERATION_MS = 10;

    /** What is received: a TCP stream with segments of 1448 bytes, or datagrams in packets of 64 bytes. */
    @Param({"TCP", "UDP"})
    String traffic;

    /** The link's rate. */
    @Param({"1000", "10000"})
    int linkMbps;

    /** The processors' clock, 0 for the platform's own: fast ones keep up with every load, so that no packet is lost cheaply. */
    @Param({"0", "10000"})
    int frequencyMhz;

    /** Which of the three features: none, or all of them. */
    @Param({"LEGACY", "IOAT"})
    Presets preset;

    private ReceivingMachine receiver;
    private long packets;

    /** How many packets of data were read. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Counted {
        public long packets;
    }

    @Setup(Level.Trial)
    public void setUp() {
        Presets features = linkMbps > 1000 && preset == Presets.LEGACY ? Presets.MULTI_QUEUE : preset;
        receiver = new ReceivingMachine(features, linkMbps, 128, frequencyMhz);
        if (traffic.equals("TCP")) {
            receiver.streams(linkMbps > 1000 ? 8 : 1, Verification.COMPARE);
        } else {
            receiver.datagrams();
        }
        receiver.advance(500);
        packets = receiver.packets();
    }

    @TearDown(Level.Trial)
    public void everythingWasRight() {
        if (receiver.packets() == 0) {
            throw new IllegalStateException("nothing was received");
        }
    }

    @Benchmark
    public long receive(Counted counted) {
        receiver.advance(OPERATION_MS);
        long now = receiver.packets();
        counted.packets += now - packets;
        packets = now;
        return now;
    }
}
