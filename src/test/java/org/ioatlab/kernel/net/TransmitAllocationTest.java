package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Tcp;
import org.junit.jupiter.api.Test;

/** What a packet costs the host in memory on its way out: nothing. */
class TransmitAllocationTest {
    private static final int PACKETS = 5_000;
    private static final int HEADERS = 66;

    private final byte[] headers = FrameBuilder.ethernet()
            .ipv4("10.0.0.1", "10.0.0.2")
            .tcp(1, 2, Tcp.ACK, 12)
            .payload(4096)
            .build();
    private final NicWorld world = NicWorld.of(NicSettings.DEFAULT).open();

    @Test
    void packetsAreSentWithoutAllocating() {
        send(PACKETS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        send(PACKETS);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(world.port.statistics().sentPackets()).isEqualTo(3 * 2 * PACKETS);
        assertThat(bytes / PACKETS).as("bytes a packet, %d in all", bytes).isZero();
    }

    /** Packets of a page that are cut in three. */
    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            Processor cpu = world.boot();
            SocketBuffer packet = Objects.requireNonNull(world.buffers.allocateForTransmit(128, cpu));
            packet.reserve(32);
            world.bytes.write(packet.put(HEADERS), headers, 0, HEADERS);
            packet.addFragment(world.memory.pages().allocate(ZoneKind.LOW, cpu), 0, PhysicalMemory.PAGE_SIZE);
            packet.insertChecksum(34, 16);
            packet.setSegmentBytes(1448);
            world.device.transmit(packet, cpu);
            world.runForMicroseconds(38);
        }
        world.settle();
    }
}
