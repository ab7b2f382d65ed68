package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** What a packet costs the host in memory on its way through IP, and that of its answer: nothing. */
class IpAllocationTest {
    private static final int FRAMES = 5000;
    private static final int PROTOCOL = 253;

    /** Sends every packet's length back. */
    private record Answering(IpWorld world, IpFlow flow, IpFlow flow6) implements TransportHandler {
        @Override
        public void receive(SocketBuffer packet, Processor on) {
            IpFlow way = packet.isIpv6() ? flow6 : flow;
            world.nic.buffers.free(packet, on);
            SocketBuffer answer = world.ip.output().allocate(40, on);
            if (answer != null) {
                world.ip.output().send(answer, way, PROTOCOL, false, on);
            }
        }

        @Override
        public void error(IpError error, Processor on) {}
    }

    @Test
    void packetsAreReceivedAndAnsweredWithoutAllocating() {
        for (NicSettings settings :
                new NicSettings[] {NicSettings.DEFAULT, NicSettings.DEFAULT.withSplitHeaders(true)}) {
            IpWorld world = IpWorld.of(settings).acquainted();
            world.nic.port.uplink().connect(null);
            IpFlow flow = new IpFlow();
            IpFlow flow6 = new IpFlow();
            world.ip.output().route(flow, false, 0, 0, 0, 0x0a00_0002, 0);
            world.ip.output().route(flow6, true, 0, 0, 0xfd00L << 48, 2, 0);
            world.ip.onProtocol(PROTOCOL, new Answering(world, flow, flow6));
            world.nic.send(frames()).settle();
            world.nic.send(frames());

            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            world.nic.settle();
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(world.count(IpMib.IN_DELIVERS)).isEqualTo(FRAMES);
            assertThat(world.count(IpMib.OUT_REQUESTS)).isEqualTo(FRAMES);
            assertThat(bytes / FRAMES).as("bytes a frame, %d in all", bytes).isZero();
        }
    }

    private static byte[][] frames() {
        byte[][] frames = new byte[FRAMES][];
        for (int i = 0; i < FRAMES; i++) {
            FrameBuilder frame = i % 2 == 0
                    ? FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1")
                    : FrameBuilder.ethernet().ipv6("fd00::2", "fd00::1");
            frames[i] = frame.protocol(PROTOCOL).payload(300 + i % 1100).build();
        }
        return frames;
    }
}
