package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/**
 * Where the bytes of each kind of frame come to lie (OLS 2005 paper, section 2): the length of the linear part, those of the page
 * fragments, and whether the controller put the header apart.
 */
class SplitHeadersTest {
    private static final NicSettings SPLIT = NicSettings.DEFAULT.withSplitHeaders(true);

    private final NicWorld world = NicWorld.of(SPLIT).open();

    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet().ipv6("fd00::2", "fd00::1");
    }

    private void check(FrameBuilder frame, String expected) {
        check(world, frame.build(), expected);
    }

    private static void check(NicWorld world, byte[] frame, String expected) {
        HeldPacket packet = world.receive(frame);

        assertThat(NicWorld.describe(packet).replaceAll(" (split|whole) .*", " $1"))
                .isEqualTo(expected);
        byte[] padded = Arrays.copyOf(frame, Math.max(frame.length, Ethernet.MIN_FRAME_LENGTH));
        assertThat(packet.bytes(world.bytes)).isEqualTo(padded);
        assertThat(world.count("rx_hdr_split")).isEqualTo(expected.endsWith("split") ? 1 : 0);
    }

    @Test
    void tcpOverIpv4() {
        check(ipv4().tcp(1, 2).payload(1460), "54 + [1460] split");
    }

    @Test
    void tcpWithOptions() {
        check(ipv4().tcp(1, 2, 0x10, 12).payload(1448), "66 + [1448] split");
    }

    @Test
    void udpOverIpv4() {
        check(ipv4().udp(1, 2).payload(1000), "42 + [1000] split");
    }

    @Test
    void tcpOverIpv6() {
        check(ipv6().tcp(1, 2).payload(1000), "74 + [1000] split");
    }

    @Test
    void udpOverIpv6() {
        check(ipv6().udp(1, 2).payload(1000), "62 + [1000] split");
    }

    @Test
    void behindIpv6ExtensionHeaders() {
        check(ipv6().hopByHop(8).destinationOptions(16).tcp(1, 2).payload(1000), "98 + [1000] split");
    }

    @Test
    void firstFragmentOfIpv4EndsItsHeaderBehindIp() {
        check(ipv4().ipv4Fragment(0, true).udp(1, 2).payload(1000), "34 + [1008] split");
    }

    @Test
    void laterFragmentOfIpv4() {
        check(ipv4().ipv4Fragment(1480, false).payload(1000), "34 + [1000] split");
    }

    @Test
    void firstFragmentOfIpv6EndsItsHeaderBehindTheFragmentHeader() {
        check(ipv6().ipv6Fragment(0, true).udp(1, 2).payload(1000), "62 + [1008] split");
    }

    @Test
    void laterFragmentOfIpv6() {
        check(ipv6().ipv6Fragment(1448, false).udp(1, 2).payload(1000), "62 + [1008] split");
    }

    @Test
    void otherProtocolsEndTheirHeaderBehindIp() {
        check(ipv4().protocol(47).payload(1000), "34 + [1000] split");
        NicWorld another = NicWorld.of(SPLIT).open();
        check(another, ipv6().protocol(50).payload(1000).build(), "54 + [1000] split");
    }

    @Test
    void whatIsNotIpFillsTheHeaderBufferAndThenThePage() {
        check(FrameBuilder.ethernet().type(0x88b5).payload(986), "128 + [872] whole");
    }

    @Test
    void aHeaderThatJustFits() {
        check(ipv4().ipv4Options(40).tcp(1, 2, 0x10, 32).payload(1000), "126 + [1000] split");
    }

    @Test
    void aHeaderTooLongForItsBuffer() {
        check(ipv4().ipv4Options(40).tcp(1, 2, 0x10, 36).payload(1000), "128 + [1002] whole");
    }

    @Test
    void aMalformedHeader() {
        byte[] frame = ipv4().tcp(1, 2).payload(500).build();
        frame[14] = 0x41;
        check(world, frame, "128 + [426] whole");
    }

    @Test
    void aTaggedFrameKeepsItsTag() {
        check(
                FrameBuilder.ethernet()
                        .vlan(5)
                        .ipv4("10.0.0.2", "10.0.0.1")
                        .tcp(1, 2)
                        .payload(1000),
                "58 + [1000] split");
    }

    @Test
    void aPureAcknowledgementCountsAsSplit() {
        check(ipv4().tcp(1, 2), "60 + [] split");
    }

    @Test
    void whatFitsTheHeaderBufferAltogetherIsCopiedThere() {
        check(ipv4().tcp(1, 2).payload(74), "128 + [] split");
    }

    @Test
    void oneByteMoreStaysInItsPage() {
        check(ipv4().tcp(1, 2).payload(75), "54 + [75] split");
    }

    @Test
    void aCopiedFrameLeavesItsPageToTheRing() {
        byte[] small = ipv4().tcp(1, 2).payload(74).build();
        byte[] large = ipv4().tcp(1, 2).payload(75).build();
        for (int i = 0; i < 256; i++) {
            world.receive(small);
        }
        assertThat(world.allocations())
                .isEqualTo("pages=256 size-512=255 size-4096=1 size-8192=1 skbuff_head_cache=255");

        world.hold(100).send(small, small, small).settle();
        assertThat(world.allocations())
                .isEqualTo("pages=256 size-512=258 size-4096=1 size-8192=1 skbuff_head_cache=258");
        // The one descriptor without a buffer had kept its page from before; now it has given it away.
        world.send(large, large).settle();
        assertThat(world.allocations())
                .isEqualTo("pages=257 size-512=260 size-4096=1 size-8192=1 skbuff_head_cache=260");
    }

    @Test
    void truesizeCountsHeaderBufferAndDataButNotTheRestOfThePage() {
        HeldPacket packet = world.receive(ipv4().tcp(1, 2).payload(1460).build());
        // 128 + 18 rounded up to cache lines, the structure of 176, the data.
        assertThat(packet.truesize()).isEqualTo(192 + 176 + 1460);
    }

    @Test
    void aLargeFrameTakesUpToThreePages() {
        NicWorld jumbo = NicWorld.of(SPLIT.withMtu(9000)).open();
        check(jumbo, ipv4().tcp(1, 2).payload(8960).build(), "54 + [4096, 4096, 768] split");
    }

    @Test
    void withoutSplitAFrameLiesInOneSlabBuffer() {
        NicWorld legacy = NicWorld.of(NicSettings.DEFAULT).open();
        byte[] frame = ipv4().tcp(1, 2).payload(1460).build();
        check(legacy, frame, "1514 + [] whole");
        assertThat(legacy.allocations()).contains("size-2048=255");
        assertThat(legacy.receive(frame).truesize()).isEqualTo(1600 + 176);
    }

    @Test
    void withoutSplitASmallFrameIsCopiedIntoASmallBuffer() {
        NicWorld legacy = NicWorld.of(NicSettings.DEFAULT).open();
        assertThat(legacy.receive(ipv4().tcp(1, 2).payload(256 - 54).build()).truesize())
                .isEqualTo(320 + 176);
        assertThat(legacy.receive(ipv4().tcp(1, 2).payload(257 - 54).build()).truesize())
                .isEqualTo(1600 + 176);
    }

    @Test
    void withoutSplitALargeFrameNeedsEightConsecutivePages() {
        NicWorld jumbo = NicWorld.withCosts(NicSettings.DEFAULT.withMtu(9000).withRingSize(80), 1000, Map.of())
                .open();
        check(jumbo, ipv4().tcp(1, 2).payload(8960).build(), "9014 + [] whole");
        assertThat(jumbo.allocations()).contains("size-32768=79");
    }
}
