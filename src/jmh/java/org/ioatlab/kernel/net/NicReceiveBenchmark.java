package org.ioatlab.kernel.net;

import java.util.concurrent.TimeUnit;
import org.ioatlab.hardware.nic.FrameSource;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameBuilder;
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
 * Frames a wall second through link, filter, checksums, flow hash, header split, two rings, interrupts, cross-CPU calls, driver, socket
 * buffers and tap. The link runs at its rate, and no frame may be lost: a lost one would be a cheap one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class NicReceiveBenchmark {
    private static final int FRAMES = 1000;
    private static final int FLOWS = 64;

    /** Bytes on the wire, frame check sequence included; 1514 without it is the full frame of an MTU of 1500. */
    @Param({"64", "1518"})
    int frameBytes;

    private NicWorld world;
    private long target;

    /** The same frames over and over, one behind the other. */
    private static final class Repeated implements FrameSource {
        private final byte[] bytes;
        private final int length;
        private int offset;

        Repeated(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public long notBeforePs() {
            return 0;
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public void advance(long freePs) {
            offset += length;
            if (offset == bytes.length) {
                offset = 0;
            }
        }

        @Override
        public int waiting() {
            return 1;
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public void hashInto(StateHash hash) {
            hash.put(offset);
        }
    }

    @Setup(Level.Trial)
    public void setUp() {
        world = NicWorld.of(NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2))
                .open();
        int length = frameBytes - 4;
        byte[] frames = new byte[FLOWS * length];
        for (int flow = 0; flow < FLOWS; flow++) {
            byte[] frame = FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .tcp(1000 + flow, 5001)
                    .payload(length - 54)
                    .build();
            System.arraycopy(frame, 0, frames, flow * length, length);
        }
        world.link.attach(new Repeated(frames, length));
    }

    @TearDown(Level.Trial)
    public void nothingWasLost() {
        if (world.port.statistics().lost() > 0) {
            throw new IllegalStateException("lost " + world.port.statistics().lost() + " frames");
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long receive() {
        target += FRAMES;
        while (world.tap.packets() < target) {
            world.runForMicroseconds(10);
        }
        return world.loop.fired();
    }
}
