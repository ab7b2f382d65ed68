package org.ioatlab.hardware.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/**
 * A memory bus that takes less than the link brings. Frames of 1000 bytes arrive every 8.192 us, the first one at 8.096 us; each takes 1016 bytes of the bus with
 * its descriptor, and 16 when that is written back. A slot of the bus's calendar lasts a microsecond.
 */
class FullMemoryBusTest {
    private static final long NS = 1000;
    private static final long MICROSECOND = 1000 * NS;

    /** Sends {@code count} frames of 1000 bytes, the last two of which are the frame's number. */
    private static PortWorld receives(int busBytes, int count, long untilPs) {
        PortWorld world = new PortWorld(busBytes);
        world.write(PortRegister.IMS, PortRegister.CAUSE_RXQ0);
        world.plainRing(0, 62).receiver(0);
        FrameBatch batch = new FrameBatch();
        for (int i = 0; i < count; i++) {
            batch.addUnpadded(frame(i), 0, 1000, 0);
        }
        world.link.attach(batch);
        world.loop.run(untilPs, Long.MAX_VALUE, false);
        return world;
    }

    private static byte[] frame(int number) {
        byte[] frame = PortWorld.frame(PortWorld.OWN, 1000);
        frame[999] = (byte) number;
        return frame;
    }

    private static boolean isDone(PortWorld world, int index) {
        return (world.word(0, index, 16, 8) >>> 32 & ReceiveDescriptor.DONE) != 0;
    }

    private static List<Integer> stored(PortWorld world) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < world.read(PortRegister.RDH); i++) {
            assertThat(isDone(world, i)).isTrue();
            numbers.add((int) world.stored(0, i, 999, 1)[0]);
        }
        return numbers;
    }

    private static long counter(PortWorld world, String name) {
        Map<String, Long> counters = new TreeMap<>();
        world.port.statistics().addTo(counters);
        return counters.getOrDefault(name, -1L);
    }

    /** When each of the first {@code count} descriptors was written back, in nanoseconds. */
    private static List<Long> writtenBack(PortWorld world, int count) {
        List<Long> instants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            while (world.read(PortRegister.RDH) == i) {
                assertThat(isDone(world, i)).isFalse();
                world.loop.run(EventLoop.HORIZON_PS, 1, true);
            }
            assertThat(isDone(world, i)).isTrue();
            instants.add(world.loop.nowPs() / NS);
        }
        return instants;
    }

    @Test
    void aBusThatIsWideEnoughTakesFramesAsTheyArrive() {
        assertThat(writtenBack(receives(2000, 3, 0), 3)).containsExactly(8_096L, 16_288L, 24_480L);
    }

    /** The first 1016 bytes fill the microseconds from the 8th to the 17th and 16 bytes of the 18th; the next ones follow the write-back. */
    @Test
    void aDescriptorIsWrittenBackWhenTheBusHasTakenItsFrame() {
        PortWorld world = receives(100, 3, 0);
        assertThat(writtenBack(world, 3)).containsExactly(18_000L, 28_000L, 38_000L);
        assertThat(stored(world)).containsExactly(0, 1, 2);
        assertThat(counter(world, "rx_bytes")).isEqualTo(3000);
    }

    @Test
    void theInterruptWaitsForTheDescriptor() {
        assertThat(receives(100, 1, 30 * MICROSECOND).interrupts).containsExactly(18 * MICROSECOND);
        assertThat(receives(2000, 1, 30 * MICROSECOND).interrupts).containsExactly(8_096 * NS);
    }

    /** A frame lies in the packet buffer until its descriptor is written back, and so do those behind it. */
    @Test
    void framesWaitInThePacketBuffer() {
        PortWorld world = receives(100, 3, 17 * MICROSECOND);
        assertThat(world.port.packetBufferFrames()).isEqualTo(2);
        assertThat(world.port.packetBufferBytes()).isEqualTo(2000);
        assertThat(counter(world, "rx_packets")).isZero();
        world.loop.run(18 * MICROSECOND, Long.MAX_VALUE, false);
        assertThat(world.port.packetBufferFrames()).isEqualTo(1);
        assertThat(counter(world, "rx_packets")).isEqualTo(1);
        assertThat(counter(world, "rx_no_buffer_count"))
                .as("descriptors are there")
                .isZero();
    }

    /**
     * At 10 bytes a microsecond a frame takes some 103 us. The fourth is in memory at 419 us, so that there is room for the 53rd, which arrives at
     * 434 us. The fifth is at 522 us, when all 60 have arrived.
     */
    @Test
    void aFullPacketBufferMissesFrames() {
        PortWorld world = receives(10, 60, 10_000 * MICROSECOND);
        assertThat(counter(world, "rx_missed_errors")).isEqualTo(7);
        assertThat(stored(world)).isEqualTo(IntStream.range(0, 53).boxed().toList());
    }

    @Test
    void aReceiverThatIsSwitchedOffForgetsTheFrame() {
        PortWorld world = receives(100, 2, 17 * MICROSECOND);
        world.write(PortRegister.RCTL, 0);
        world.loop.run(100 * MICROSECOND, Long.MAX_VALUE, false);
        assertThat(isDone(world, 0)).isFalse();
        assertThat(counter(world, "rx_missed_errors")).isEqualTo(2);
        world.receiver(0).send(frame(7));
        assertThat(stored(world)).containsExactly(7);
    }

    /** The first frame is read in 10 us before it leaves, the second one from then on. */
    @Test
    void aFrameLeavesWhenTheBusHasBroughtIt() {
        assertThat(sent(100)).containsExactly(18_096L, 28_000L);
        assertThat(sent(2000)).containsExactly(8_096L, 16_288L);
    }

    private static List<Long> sent(int busBytes) {
        PortWorld world = new PortWorld(busBytes);
        List<Long> instants = new ArrayList<>();
        world.port.uplink().connect((bytes, offset, length) -> instants.add(world.loop.nowPs() / NS));
        for (int i = 0; i < 2; i++) {
            world.memory.writeLong(0x1a_0000 + 16 * i, 0x30_0000 + 0x1000 * i);
            world.memory.writeLong(
                    0x1a_0008 + 16 * i,
                    TransmitDescriptor.EXTENDED | TransmitDescriptor.DATA | TransmitDescriptor.END_OF_PACKET | 1000);
        }
        world.write(PortRegister.TDBAL, 0x1a_0000).write(PortRegister.TDLEN, 256);
        world.write(PortRegister.TCTL, PortRegister.TCTL_EN).write(PortRegister.TDT, 2);
        world.loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
        return instants;
    }

    /** What a descriptor will tell is state, though nothing shows it yet: here whether checksums are verified. */
    @Test
    void theDigestCoversADescriptorThatIsStillToBeWrittenBack() {
        assertThat(hash(true)).isEqualTo(hash(true)).isNotEqualTo(hash(false));
    }

    private static String hash(boolean verified) {
        PortWorld world = new PortWorld(100);
        byte[] frame = FrameBuilder.ethernet()
                .ipv4("66.9.149.187", "161.142.100.80")
                .tcp(2794, 1766)
                .payload(1000)
                .build();
        int checks = PortRegister.RXCSUM_IPOFLD | PortRegister.RXCSUM_TUOFLD;
        world.plainRing(0, 62).receiver(PortRegister.RCTL_UPE).write(PortRegister.RXCSUM, verified ? checks : 0);
        FrameBatch batch = new FrameBatch();
        batch.addUnpadded(frame, 0, frame.length, 0);
        world.link.attach(batch);
        world.loop.run(12 * MICROSECOND, Long.MAX_VALUE, false);
        world.write(PortRegister.RXCSUM, 0);
        assertThat(world.port.packetBufferFrames()).isEqualTo(1);
        StateHash hash = new StateHash();
        world.port.hashInto(hash);
        world.loop.hashInto(hash);
        return hash.hex();
    }
}
