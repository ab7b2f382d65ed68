package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.hardware.nic.HashType;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** One frame from the wire to the tap. */
class ReceivePathTest {
    private static final NicSettings SPLIT = NicSettings.DEFAULT.withSplitHeaders(true);

    @Test
    void aFullSegmentLiesInAHeaderBufferAndAPage() {
        NicWorld world = NicWorld.of(SPLIT).open();
        byte[] frame = FrameBuilder.ethernet()
                .ipv4("66.9.149.187", "161.142.100.80")
                .tcp(2794, 1766)
                .payload(1460)
                .build();

        HeldPacket packet = world.receive(frame);

        assertThat(packet.bytes(world.bytes)).isEqualTo(frame);
        assertThat(packet.split()).isTrue();
        assertThat(packet.headerLength()).isEqualTo(54);
        assertThat(packet.fragments()).singleElement().satisfies(page -> {
            assertThat(page.offset()).isZero();
            assertThat(page.length()).isEqualTo(1460);
        });
        assertThat(packet.hashType()).isEqualTo(HashType.IPV4_TCP);
        assertThat(packet.hash()).isEqualTo(0x51ccc178);
        assertThat(packet.checksum()).isEqualTo(SocketBuffer.Checksum.UNNECESSARY);
        assertThat(packet.truesize()).isEqualTo(192 + 176 + 1460);
        assertThat(world.count("rx_hdr_split")).isEqualTo(1);
    }
}
