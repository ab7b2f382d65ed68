package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.sched.Processor;
import org.junit.jupiter.api.Test;

/** Packets that are to be sent: room for headers, data behind, pages that others own too. */
class SocketBufferTest {
    private final NicWorld world = NicWorld.of(NicSettings.DEFAULT);
    private final Processor cpu = world.boot();

    private SocketBuffer packet(int size) {
        return Objects.requireNonNull(world.buffers.allocateForTransmit(size, cpu));
    }

    @Test
    void headersGoBeforeTheDataAndBytesBehind() {
        SocketBuffer packet = packet(128);
        long begin = packet.dataAddress();
        packet.reserve(64);
        assertThat(packet.put(10)).isEqualTo(begin + 64);
        assertThat(packet.put(6)).isEqualTo(begin + 74);
        assertThat(packet.push(20)).isEqualTo(begin + 44);
        assertThat(packet.push(14)).isEqualTo(begin + 30).isEqualTo(packet.linkAddress());

        assertThat(packet.length()).isEqualTo(50).isEqualTo(packet.linearLength());
        assertThat(packet.headroom()).isEqualTo(30);
        assertThat(packet.tailroom()).isEqualTo(48);
        assertThat(packet.truesize()).isEqualTo(128 + 176);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        SocketBuffer packet = packet(64);
        packet.reserve(20);
        assertThatThrownBy(() -> packet.push(21)).hasMessage("room for 20 bytes, not 21");
        assertThatThrownBy(() -> packet.put(45)).hasMessage("room for 44 bytes, not 45");
        assertThatThrownBy(() -> packet.reserve(45)).hasMessage("room for 44 bytes, not 45");
        assertThat(packet.length()).isZero();
    }

    @Test
    void theChecksumsPlaceStaysWhenHeadersAreAdded() {
        SocketBuffer packet = packet(128);
        packet.reserve(64);
        packet.put(20);
        packet.insertChecksum(0, 16);
        packet.push(20);
        packet.push(14);

        assertThat(packet.checksum()).isEqualTo(SocketBuffer.Checksum.HARDWARE);
        assertThat(packet.checksumStart()).isEqualTo(34);
        assertThat(packet.checksumOffset()).isEqualTo(16);
    }

    @Test
    void aPageOfAPacketLivesAsLongAsItsLastUser() {
        String before = world.allocations();
        int page = world.memory.pages().allocate(ZoneKind.HIGH, cpu);
        world.memory.pages().get(page);
        SocketBuffer packet = packet(64);
        packet.addFragment(page, 100, 1000);
        packet.extendLastFragment(448);
        assertThat(packet.length()).isEqualTo(1448);
        assertThat(packet.fragmentLength(0)).isEqualTo(1448);
        assertThat(packet.truesize()).isEqualTo(64 + 176 + 1448);

        world.buffers.free(packet, cpu);
        assertThat(world.memory.pages().users(page)).isEqualTo(1);
        world.memory.pages().free(page, cpu);
        assertThat(world.allocations()).isEqualTo(before);
    }

    @Test
    void aSharedPacketHasHeadersOfItsOwnAndTheSamePages() {
        String before = world.allocations();
        SocketBuffer packet = packet(128);
        packet.reserve(64);
        world.bytes.writeLong(packet.put(32), 0x1122334455667788L);
        packet.addFragment(world.memory.pages().allocate(ZoneKind.LOW, cpu), 0, 4096);
        packet.insertChecksum(0, 16);
        packet.setSegmentBytes(1448);
        SocketBuffer shared = Objects.requireNonNull(world.buffers.share(packet, cpu));
        world.bytes.writeLong(packet.dataAddress(), 0);

        assertThat(world.bytes.readLong(shared.dataAddress())).isEqualTo(0x1122334455667788L);
        assertThat(shared.headroom()).isEqualTo(64);
        assertThat(shared.fragmentPage(0)).isEqualTo(packet.fragmentPage(0));
        assertThat(shared.checksumStart()).isZero();
        assertThat(shared.segmentBytes()).isEqualTo(1448);
        assertThat(shared.length()).isEqualTo(packet.length());
        assertThat(shared.truesize()).isEqualTo(packet.truesize());
        world.buffers.free(packet, cpu);
        world.buffers.free(shared, cpu);
        assertThat(world.allocations()).isEqualTo(before);
    }
}
