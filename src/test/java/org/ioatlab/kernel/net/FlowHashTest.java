package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.nic.HashField;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.ToeplitzHash;
import org.junit.jupiter.api.Test;

/** Which hash a frame gets and which queue that leads to. The hashes are those of Microsoft's verification suite. */
class FlowHashTest {
    private static final NicSettings TWO =
            NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2);

    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet().ipv4("66.9.149.187", "161.142.100.80");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet().ipv6("3ffe:2501:200:1fff::7", "3ffe:2501:200:3::1");
    }

    private static void check(FrameBuilder frame, String expected) {
        check(TWO, frame, expected);
    }

    private static void check(NicSettings settings, FrameBuilder frame, String expected) {
        HeldPacket packet = NicWorld.of(settings).open().receive(frame.build());
        assertThat(NicWorld.describe(packet).replaceAll(".*(split|whole) ", "")).startsWith(expected);
    }

    @Test
    void tcpOverIpv4() {
        check(ipv4().tcp(2794, 1766).payload(100), "IPV4_TCP 51ccc178 queue 0");
    }

    @Test
    void udpOverIpv4HasNoPortsInItsHash() {
        check(ipv4().udp(2794, 1766).payload(100), "IPV4 323e8fc2 queue 0");
    }

    @Test
    void fragmentsOfTcpHaveNoPortsInTheirHash() {
        check(ipv4().ipv4Fragment(0, true).tcp(2794, 1766).payload(100), "IPV4 323e8fc2 queue 0");
        check(ipv4().ipv4Fragment(800, false).payload(100), "IPV4 323e8fc2 queue 0");
    }

    @Test
    void tcpOverIpv6() {
        check(ipv6().tcp(2794, 1766).payload(100), "IPV6_TCP 40207d3d queue 1");
    }

    @Test
    void udpOverIpv6() {
        check(ipv6().udp(2794, 1766).payload(100), "IPV6 2cc18cd5 queue 1");
    }

    @Test
    void tcpBehindExtensionHeadersIsHashedByAddressUnlessThatFieldIsOn() {
        FrameBuilder frame = ipv6().hopByHop(8).tcp(2794, 1766).payload(100);
        check(frame, "IPV6 2cc18cd5 queue 1");
        check(with(HashField.TCP_IPV6_EX), frame, "IPV6_TCP 40207d3d queue 1");
        check(with(HashField.IPV6_EX), frame, "IPV6_EX 2cc18cd5 queue 1");
    }

    @Test
    void whatIsNotIpGoesToTheFirstQueueWithoutAHash() {
        check(FrameBuilder.ethernet().type(0x88b5).payload(100), "NONE queue 0");
    }

    @Test
    void fieldsThatAreOffFallBack() {
        check(with(HashField.IPV4), ipv4().tcp(2794, 1766).payload(100), "IPV4 323e8fc2 queue 0");
        check(with(HashField.TCP_IPV4), ipv4().udp(2794, 1766).payload(100), "NONE queue 0");
        check(with(HashField.IPV6), ipv6().tcp(2794, 1766).payload(100), "IPV6 2cc18cd5 queue 1");
        check(with(HashField.TCP_IPV6), ipv6().udp(2794, 1766).payload(100), "NONE queue 0");
        check(with(), ipv4().tcp(2794, 1766).payload(100), "NONE queue 0");
    }

    @Test
    void severalQueuesWithoutSplitTellTheHashToo() {
        check(TWO.withSplitHeaders(false), ipv6().tcp(2794, 1766).payload(100), "IPV6_TCP 40207d3d queue 1");
    }

    @Test
    void oneQueueWithoutSplitHasDescriptorsWithoutAHash() {
        NicSettings legacy = TWO.withSplitHeaders(false).withReceiveQueues(1);
        check(legacy, ipv4().tcp(2794, 1766).payload(100), "NONE queue 0");
    }

    @Test
    void aTableOfTheUsersOwnIsFollowed() {
        List<Integer> table = new ArrayList<>(RssSettings.DEFAULT.table(1));
        table.set(0x78, 1);
        RssSettings rss = new RssSettings(RssSettings.DEFAULT.key(), table, HashField.USUAL);
        check(TWO.withRss(rss), ipv4().tcp(2794, 1766).payload(100), "IPV4_TCP 51ccc178 queue 1");
    }

    @Test
    void aKeyOfTheUsersOwnIsUsed() {
        String swapped = RssSettings.DEFAULT.key().substring(2)
                + RssSettings.DEFAULT.key().substring(0, 2);
        RssSettings rss = new RssSettings(swapped, List.of(), HashField.USUAL);
        HeldPacket packet = NicWorld.of(TWO.withRss(rss))
                .open()
                .receive(ipv4().tcp(2794, 1766).payload(100).build());
        int expected = new ToeplitzHash(rss.keyBytes())
                .hash(IpAddress.parse("66.9.149.187"), IpAddress.parse("161.142.100.80"), 2794, 1766);
        assertThat(packet.hash()).isEqualTo(expected).isNotEqualTo(0x51ccc178);
    }

    private static NicSettings with(HashField... fields) {
        return TWO.withRss(new RssSettings(RssSettings.DEFAULT.key(), List.of(), List.of(fields)));
    }
}
