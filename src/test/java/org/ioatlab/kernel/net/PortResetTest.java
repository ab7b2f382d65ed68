package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.hardware.nic.HashField;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.MacAddress;
import org.junit.jupiter.api.Test;

/** Settings that change while frames come. */
class PortResetTest {
    private static final NicSettings TWO =
            NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2);

    private static byte[][] flows(int count, int first) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .tcp(first + i, 80)
                    .payload(200)
                    .build();
        }
        return frames;
    }

    @Test
    void framesUnderWayAreHandedOnAndThoseBehindWaitOnTheWire() {
        NicWorld world = NicWorld.of(TWO).open().hold(2000);
        world.send(flows(1000, 1000));
        boolean changed =
                world.change(TWO.withSplitHeaders(false).withReceiveQueues(4).withRingSize(80));

        assertThat(changed).isTrue();
        assertThat(world.held()).hasSize(1000);
        assertThat(world.port.statistics().lost()).isZero();
        assertThat(world.count("rx_dropped")).isZero();
        assertThat(world.driver.queues()).isEqualTo(4);
        assertThat(world.held()).anyMatch(HeldPacket::split).anyMatch(packet -> !packet.split());
    }

    @Test
    void everySizeOfRingsGivesBackWhatItTook() {
        NicWorld world = NicWorld.of(TWO).open();
        String before = world.allocations();
        for (NicSettings settings : List.of(
                TWO.withRingSize(4096),
                TWO.withMtu(9000),
                TWO.withSplitHeaders(false).withMtu(9000).withRingSize(80),
                TWO.withReceiveQueues(8).withRingSize(512),
                TWO.withReceiveQueues(1).withSplitHeaders(false))) {
            assertThat(world.change(settings)).isTrue();
            world.send(flows(50, 1)).settle();
        }
        assertThat(world.change(TWO)).isTrue();

        assertThat(world.allocations()).isEqualTo(before);
        assertThat(world.tap.packets()).isEqualTo(250);
    }

    @Test
    void whatNeedsNoNewRingsAppliesWithoutTakingTheLinkDown() {
        NicWorld world = NicWorld.of(TWO).open();
        long address = world.driver.ring(0).address();
        long before = world.loop.nowPs();
        RssSettings rss = new RssSettings(RssSettings.DEFAULT.key(), List.of(), List.of(HashField.IPV4));
        world.change(TWO.withInterruptsPerSecond(20_000)
                .withPromiscuous(true)
                .withChecksumOffload(false)
                .withVlanStripping(true)
                .withRss(rss));

        assertThat(world.loop.nowPs() - before).isLessThan(PortReset.STEP_PS);
        assertThat(world.driver.ring(0).address()).isEqualTo(address);
        assertThat(register(world, PortRegister.ITR)).isEqualTo(50_000);
        assertThat(register(world, PortRegister.MRQC)).isEqualTo(PortRegister.MRQC_RSS | 1 << 17);
        assertThat(register(world, PortRegister.RXCSUM)).isEqualTo(PortRegister.RXCSUM_PCSD);
        assertThat(register(world, PortRegister.CTRL)).isEqualTo(PortRegister.CTRL_SLU | PortRegister.CTRL_VME);
        assertThat(register(world, PortRegister.RCTL) & (PortRegister.RCTL_UPE | PortRegister.RCTL_MPE))
                .isEqualTo(PortRegister.RCTL_UPE | PortRegister.RCTL_MPE);
    }

    private static int register(NicWorld world, int offset) {
        return (int) world.port.peek(offset, 4);
    }

    @Test
    void theRateIsNeverExceeded() {
        NicWorld world = NicWorld.of(TWO).open();
        for (int rate : List.of(100, 3000, 7000, 8000, 70_000, 100_000)) {
            world.change(TWO.withInterruptsPerSecond(rate));
            long interval = register(world, PortRegister.ITR);
            assertThat(interval * rate).as("%d a second", rate).isBetween(1_000_000_000L, 1_000_000_000L + rate);
        }
        world.change(TWO.withInterruptsPerSecond(0));
        assertThat(register(world, PortRegister.ITR)).isZero();
    }

    @Test
    void groupsThatAreLeftAreNoLongerHeard() {
        MacAddress group = MacAddress.parse("01:00:5e:01:02:03");
        NicWorld world = NicWorld.of(TWO.withMulticast(List.of(group))).open();
        byte[] frame = flows(1, 1)[0];
        System.arraycopy(new byte[] {1, 0, 0x5e, 1, 2, 3}, 0, frame, 0, 6);

        world.send(frame).settle();
        assertThat(world.tap.packets()).isEqualTo(1);
        world.change(TWO.withMulticast(List.of()));
        world.send(frame).settle();
        assertThat(world.tap.packets()).isEqualTo(1);
        world.change(TWO.withMulticast(List.of()).withAllMulticast(true));
        world.send(frame).settle();
        assertThat(world.tap.packets()).isEqualTo(2);
    }

    @Test
    void withoutMemoryForTheRingsItFailsAndTheOldSettingsStillWork() {
        NicWorld world = NicWorld.withLowMemory(TWO.withRingSize(80), 8).open();
        String before = world.allocations();
        NicSettings tooLarge =
                TWO.withSplitHeaders(false).withMtu(9000).withReceiveQueues(8).withRingSize(4096);
        // Eight rings of 64 KiB leave nothing for buffers of 32 KiB.
        world.hold(PacketTap.LARGEST_HOLD_PACKETS).send(flows(1500, 1)).settle();
        assertThat(world.change(tooLarge)).isFalse();
        world.tap.releaseAll(world.boot());
        assertThat(world.change(TWO.withRingSize(80))).isTrue();

        assertThat(world.allocations()).isEqualTo(before);
        assertThat(world.receive(flows(1, 1)[0]).split()).isTrue();
    }
}
