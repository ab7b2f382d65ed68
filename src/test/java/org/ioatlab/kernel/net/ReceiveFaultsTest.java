package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.MacAddress;
import org.junit.jupiter.api.Test;

/** Wrong frames, missing memory, settings without sense. */
class ReceiveFaultsTest {
    private static final NicSettings SPLIT = NicSettings.DEFAULT.withSplitHeaders(true);

    private static byte[] frame() {
        return FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(1, 2)
                .payload(200)
                .build();
    }

    private static byte[] damaged(int at) {
        byte[] frame = frame();
        frame[at] ^= 0x10;
        return frame;
    }

    @Test
    void wrongChecksumsAreCountedAndHandedOn() {
        NicWorld world = NicWorld.of(SPLIT).open().hold(3);
        // Sound; a byte of the payload; the time to live, which only IP's checksum covers.
        world.send(frame(), damaged(100), damaged(22)).settle();

        assertThat(world.count("rx_csum_offload_good")).isEqualTo(1);
        assertThat(world.count("rx_csum_offload_errors")).isEqualTo(2);
        assertThat(world.held()).extracting(HeldPacket::checksumError).containsExactly(false, true, true);
        assertThat(world.held())
                .extracting(HeldPacket::checksum)
                .containsExactly(
                        SocketBuffer.Checksum.UNNECESSARY, SocketBuffer.Checksum.NONE, SocketBuffer.Checksum.NONE);
    }

    @Test
    void withoutOffloadNothingIsSaidOfChecksums() {
        for (NicSettings settings : List.of(SPLIT, NicSettings.DEFAULT)) {
            NicWorld world =
                    NicWorld.of(settings.withChecksumOffload(false)).open().hold(2);
            world.send(frame(), damaged(100)).settle();

            assertThat(world.count("rx_csum_offload_good")).isZero();
            assertThat(world.count("rx_csum_offload_errors")).isZero();
            assertThat(world.held()).allSatisfy(packet -> {
                assertThat(packet.checksum()).isEqualTo(SocketBuffer.Checksum.NONE);
                assertThat(packet.checksumError()).isFalse();
            });
        }
    }

    @Test
    void aDatagramWithoutChecksumIsNeitherGoodNorBad() {
        byte[] frame = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .udp(1, 2)
                .payload(200)
                .build();
        frame[40] = 0;
        frame[41] = 0;
        NicWorld world = NicWorld.of(SPLIT).open();

        assertThat(world.receive(frame).checksum()).isEqualTo(SocketBuffer.Checksum.NONE);
        assertThat(world.count("rx_csum_offload_errors")).isZero();
    }

    @Test
    void aTagThatHardwareTookOutIsToldBeside() {
        byte[] tagged = FrameBuilder.ethernet()
                .vlan(5)
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(1, 2)
                .payload(200)
                .build();
        for (NicSettings settings : List.of(SPLIT, NicSettings.DEFAULT, NicSettings.DEFAULT.withReceiveQueues(2))) {
            NicWorld stripping = NicWorld.of(settings.withVlanStripping(true)).open();
            HeldPacket packet = stripping.receive(tagged);
            assertThat(packet.vlanTag()).isEqualTo(5);
            assertThat(packet.bytes(stripping.bytes)).isEqualTo(frame());
            assertThat(stripping.receive(frame()).vlanTag()).isEqualTo(SocketBuffer.NO_TAG);

            NicWorld keeping = NicWorld.of(settings).open();
            assertThat(keeping.receive(tagged).bytes(keeping.bytes)).isEqualTo(tagged);
        }
    }

    @Test
    void aRingThatMemoryWasTooShortForIsFilledWhenThereIsSome() {
        NicWorld world = NicWorld.withLowMemory(SPLIT.withRingSize(512), 8).open();
        byte[][] frames = new byte[3000][];
        Arrays.fill(frames, frame());
        world.hold(PacketTap.LARGEST_HOLD_PACKETS).send(frames).settle();
        int held = world.tap.held();
        assertThat(held).isBetween(200, 2999);
        assertThat(world.count("rx_alloc_buff_failed")).isPositive();
        assertThat(world.count("rx_missed_errors") + world.port.packetBufferFrames() + held)
                .isEqualTo(3000);

        world.tap.releaseAll(world.boot());
        world.runFor(E1000Driver.WATCHDOG_PS + 1_000_000_000L);

        assertThat(world.port.packetBufferFrames()).isZero();
        assertThat(world.tap.packets() + world.count("rx_missed_errors")).isEqualTo(3000);
        assertThat(world.driver.ring(0).filled()).isEqualTo(511);
        assertThat(world.loop.pending()).as("the watchdog sleeps").isZero();
    }

    @Test
    void aPortThatFindsNoMemoryForItsRingsDoesNotOpen() {
        NicWorld world = NicWorld.withLowMemory(SPLIT.withReceiveQueues(8).withRingSize(4096), 8);
        Processor boot = world.boot();
        while (world.memory.allocate(65_536, boot) != 0) {
            // All that is left is smaller.
        }

        String before = world.allocations();
        assertThat(world.driver.open(boot)).isFalse();
        assertThat(world.allocations()).isEqualTo(before);
    }

    @Test
    void settingsOutOfTheirRangeAreRefusedByName() {
        NicSettings good = NicSettings.DEFAULT;
        good.withMtu(576).withMtu(9000).withRingSize(80).withRingSize(4096).withReceiveQueues(8);
        good.withInterruptsPerSecond(0).withInterruptsPerSecond(100).withInterruptsPerSecond(100_000);

        refused("mtu", () -> good.withMtu(575));
        refused("mtu", () -> good.withMtu(9001));
        refused("receiveQueues", () -> good.withReceiveQueues(0));
        refused("receiveQueues", () -> good.withReceiveQueues(9));
        refused("ringSize", () -> good.withRingSize(72));
        refused("ringSize", () -> good.withRingSize(4104));
        refused("ringSize", () -> good.withRingSize(3));
        refused("ringSize", () -> good.withRingSize(100));
        refused("interruptsPerSecond", () -> good.withInterruptsPerSecond(99));
        refused("interruptsPerSecond", () -> good.withInterruptsPerSecond(100_001));
        refused("queueCpus", () -> good.withQueueCpus(List.of(0, 1)));
        refused("multicast", () -> good.withMulticast(Collections.nCopies(16, MacAddress.BROADCAST)));
        refused("key", () -> new RssSettings("6d5a", List.of(), List.of()));
        refused("key", () -> new RssSettings("x".repeat(80), List.of(), List.of()));
        refused("indirectionTable", () -> new RssSettings(RssSettings.DEFAULT.key(), List.of(0), List.of()));
        RssSettings second = new RssSettings(RssSettings.DEFAULT.key(), Collections.nCopies(128, 1), List.of());
        refused("indirectionTable", () -> good.withRss(second));
        assertThat(good.withReceiveQueues(2).withRss(second).rss().table(2)).containsOnly(1);
    }

    private static void refused(String name, Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name);
    }
}
