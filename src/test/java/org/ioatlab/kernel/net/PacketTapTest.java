package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** Packets held at the end of the receive path, and protocols that take theirs before. */
class PacketTapTest {
    private static final NicSettings SPLIT = NicSettings.DEFAULT.withSplitHeaders(true);

    private final NicWorld world = NicWorld.of(SPLIT).open();

    private static byte[] frame(int mark) {
        return FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .udp(mark, 2000)
                .payload(200)
                .build();
    }

    private List<Long> sequences() {
        return world.held().stream().map(HeldPacket::sequence).toList();
    }

    @Test
    void itFreesWhatItDoesNotHold() {
        String before = world.allocations();
        for (int i = 0; i < 3; i++) {
            world.send(frame(i)).settle();
        }

        assertThat(world.tap.packets()).isEqualTo(3);
        assertThat(world.tap.bytes()).isEqualTo(3 * 242);
        assertThat(world.tap.dropped()).isZero();
        assertThat(world.tap.held()).isZero();
        assertThat(world.allocations()).isEqualTo(before);
    }

    @Test
    void itHoldsAsManyAsAllowedAndDropsTheRest() {
        world.hold(2).send(frame(1), frame(2), frame(3)).settle();

        assertThat(sequences()).containsExactly(1L, 2L);
        assertThat(world.tap.dropped()).isEqualTo(1);
        assertThat(world.tap.packets()).isEqualTo(3);
    }

    @Test
    void releasedPacketsGoBackToTheAllocators() {
        String before = world.allocations();
        world.hold(10).send(frame(0), frame(1), frame(2), frame(3), frame(4)).settle();

        assertThat(world.tap.release(3, world.boot())).isTrue();
        assertThat(world.tap.release(3, world.boot())).isFalse();
        assertThat(sequences()).containsExactly(1L, 2L, 4L, 5L);
        assertThat(world.tap.releaseThrough(2, world.boot())).isEqualTo(2);
        assertThat(sequences()).containsExactly(4L, 5L);
        assertThat(world.tap.release(5, world.boot())).isTrue();
        world.send(frame(5)).settle();
        assertThat(sequences()).containsExactly(4L, 6L);
        assertThat(world.tap.releaseAll(world.boot())).isEqualTo(2);
        assertThat(world.tap.held()).isZero();
        assertThat(world.allocations()).isEqualTo(before);
    }

    @Test
    void aHeldPacketTellsWhereItCameFromAndWhereItLies() {
        long sent = world.loop.nowPs();
        world.hold(3).send(frame(1), frame(2)).settle();

        HeldPacket packet = world.tap.find(2);
        assertThat(packet).isEqualTo(world.tap.view(2, 1).getFirst());
        assertThat(packet.atPs()).isBetween(sent, world.loop.nowPs());
        assertThat(packet.protocol()).isEqualTo(0x0800);
        assertThat(packet.headerAddress()).isEqualTo(packet.bufferAddress() + ReceiveRing.DATA_OFFSET);
        assertThat(packet.length()).isEqualTo(242);
        assertThat(packet.bytes(world.bytes)).isEqualTo(frame(2));
        assertThat(world.tap.find(3)).isNull();
    }

    @Test
    void theLimitOfHeldPacketsIsNamed() {
        world.tap.setHoldPackets(PacketTap.LARGEST_HOLD_PACKETS);
        assertThatThrownBy(() -> world.tap.setHoldPackets(PacketTap.LARGEST_HOLD_PACKETS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> world.tap.setHoldPackets(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(world.tap.holdPackets()).isEqualTo(PacketTap.LARGEST_HOLD_PACKETS);
    }

    @Test
    void theTapSeesWhatAProtocolThenTakes() {
        List<String> taken = new ArrayList<>();
        world.netif.onProtocol(0x0800, new PacketHandler() {
            @Override
            public void receive(SocketBuffer packet, Processor on) {
                taken.add(packet.length() + " bytes for " + packet.destination());
                world.buffers.free(packet, on);
            }
        });
        byte[] other = FrameBuilder.ethernet().type(0x88b5).payload(100).build();
        world.send(frame(1), other).settle();

        assertThat(taken).containsExactly("228 bytes for HOST");
        assertThat(world.tap.packets()).isEqualTo(2);
    }

    @Test
    void aHeldPacketOutlivesItsProtocolsUseOfIt() {
        String before = world.allocations();
        List<String> lengths = new ArrayList<>();
        world.netif.onProtocol(0x0800, new PacketHandler() {
            @Override
            public void receive(SocketBuffer packet, Processor on) {
                packet.pull(20);
                packet.trim(100);
                lengths.add(packet.linearLength() + " + " + (packet.length() - packet.linearLength()));
                world.buffers.free(packet, on);
            }
        });
        world.hold(2).send(frame(1), frame(2)).settle();

        assertThat(lengths).containsExactly("8 + 92", "8 + 92");
        assertThat(world.held()).extracting(packet -> packet.bytes(world.bytes)).containsExactly(frame(1), frame(2));
        assertThat(world.tap.releaseAll(world.boot())).isEqualTo(2);
        assertThat(world.allocations()).isEqualTo(before);
    }

    @Test
    void theFrameTellsWhomItIsFor() {
        NicWorld all = NicWorld.of(SPLIT.withPromiscuous(true)).open().hold(4);
        byte[] host = frame(1);
        byte[] other = frame(1);
        other[5] = 9;
        byte[] group = frame(1);
        group[0] = 1;
        byte[] everybody = frame(1);
        Arrays.fill(everybody, 0, 6, (byte) -1);
        List<SocketBuffer.Destination> seen = new ArrayList<>();
        all.netif.onProtocol(0x0800, new PacketHandler() {
            @Override
            public void receive(SocketBuffer packet, Processor on) {
                seen.add(packet.destination());
                all.buffers.free(packet, on);
            }
        });
        all.send(host, other, group, everybody).settle();

        assertThat(seen)
                .containsExactly(
                        SocketBuffer.Destination.HOST,
                        SocketBuffer.Destination.OTHER_HOST,
                        SocketBuffer.Destination.MULTICAST,
                        SocketBuffer.Destination.BROADCAST);
    }

    @Test
    void anLlcFrameHasTheNumberOfItsOwnThatTheKernelGives() {
        world.hold(1)
                .send(FrameBuilder.ethernet().type(100).payload(100).build())
                .settle();

        assertThat(world.held().getFirst().protocol()).isEqualTo(NetifReceive.PROTOCOL_802_2);
    }
}
