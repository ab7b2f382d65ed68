package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameLayoutTest {
    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet().ipv6("fd00::2", "fd00::1");
    }

    @Test
    void tcpOverIpv4() {
        assertThat(LayoutText.of(ipv4().tcp(1, 2).payload(10).build())).isEqualTo("ipv4 14-34 tcp 34-54 payload 54-64");
        assertThat(LayoutText.of(ipv4().tcp(1, 2, Tcp.ACK, 12).payload(1448).build()))
                .isEqualTo("ipv4 14-34 tcp 34-66 payload 66-1514");
        assertThat(LayoutText.of(ipv4().ipv4Options(40).tcp(1, 2, Tcp.ACK, 40).build()))
                .isEqualTo("ipv4 14-74 tcp 74-134 payload 134-134");
    }

    @Test
    void udpAndOtherProtocolsOverIpv4() {
        assertThat(LayoutText.of(ipv4().udp(1, 2).payload(10).build())).isEqualTo("ipv4 14-34 udp 34-42 payload 42-52");
        assertThat(LayoutText.of(ipv4().protocol(IpProtocol.ICMP).payload(8).build()))
                .isEqualTo("ipv4 14-34 proto 1 payload 34-42");
    }

    @Test
    void paddingIsNotPayload() {
        assertThat(LayoutText.of(ipv4().tcp(1, 2).padding(6).build())).isEqualTo("ipv4 14-34 tcp 34-54 payload 54-54");
        assertThat(LayoutText.of(ipv6().udp(1, 2).payload(1).padding(9).build()))
                .isEqualTo("ipv6 14-54 udp 54-62 payload 62-63");
    }

    @Test
    void aUdpLengthShorterThanThePacketEndsThePayload() {
        byte[] frame = ipv4().udp(1, 2).payload(10).build();
        Udp.setLength(frame, 34, 12);
        assertThat(LayoutText.of(frame)).isEqualTo("ipv4 14-34 udp 34-42 payload 42-46");
    }

    @Test
    void vlanTagsShiftEverything() {
        assertThat(LayoutText.of(FrameBuilder.ethernet()
                        .vlan(5)
                        .ipv4("10.0.0.2", "10.0.0.1")
                        .tcp(1, 2)
                        .build()))
                .isEqualTo("vlan 5 ipv4 18-38 tcp 38-58 payload 58-58");
        byte[] stacked = FrameBuilder.ethernet()
                .tag(Ethernet.TYPE_QINQ, 0xe007)
                .vlan(9)
                .ipv6("::1", "::2")
                .udp(1, 2)
                .build();
        assertThat(LayoutText.of(stacked)).isEqualTo("vlan 7 ipv6 22-62 udp 62-70 payload 70-70");
        FrameLayout layout = new FrameLayout();
        layout.parse(stacked, 0, stacked.length);
        assertThat(layout.vlanTag()).isEqualTo(0xe007);
        assertThat(layout.vlanTagCount()).isEqualTo(2);
    }

    @Test
    void ipv6AndItsExtensionHeaders() {
        assertThat(LayoutText.of(ipv6().tcp(1, 2, Tcp.SYN, 20).build()))
                .isEqualTo("ipv6 14-54 tcp 54-94 payload 94-94");
        assertThat(LayoutText.of(ipv6().hopByHop(8)
                        .destinationOptions(24)
                        .routing(16, 0)
                        .tcp(1, 2)
                        .payload(3)
                        .build()))
                .isEqualTo("ipv6 14-102 extensions tcp 102-122 payload 122-125");
        assertThat(LayoutText.of(ipv6().protocol(IpProtocol.NO_NEXT_HEADER).build()))
                .isEqualTo("ipv6 14-54 proto 59 payload 54-54");
        assertThat(LayoutText.of(ipv6().protocol(IpProtocol.ICMPV6).payload(8).build()))
                .isEqualTo("ipv6 14-54 proto 58 payload 54-62");
    }

    @Test
    void fragments() {
        assertThat(LayoutText.of(
                        ipv4().ipv4Fragment(0, true).udp(1, 2).payload(8).build()))
                .isEqualTo("ipv4 14-34 first-fragment udp 34-42 payload 42-50");
        assertThat(LayoutText.of(
                        ipv4().ipv4Fragment(16, false).protocol(17).payload(8).build()))
                .isEqualTo("ipv4 14-34 later-fragment proto 17 payload 34-42");
        assertThat(LayoutText.of(
                        ipv6().ipv6Fragment(0, true).tcp(1, 2).payload(4).build()))
                .isEqualTo("ipv6 14-62 extensions first-fragment tcp 62-82 payload 82-86");
        assertThat(LayoutText.of(ipv6().hopByHop(8)
                        .ipv6Fragment(1448, true)
                        .protocol(6)
                        .payload(4)
                        .build()))
                .isEqualTo("ipv6 14-70 extensions later-fragment proto 6 payload 70-74");
    }

    @Test
    void theUdpLengthOfAFirstFragmentCountsTheWholeDatagram() {
        byte[] frame = ipv4().ipv4Fragment(0, true).udp(1, 2).payload(8).build();
        Udp.setLength(frame, 34, 3000);
        assertThat(LayoutText.of(frame)).isEqualTo("ipv4 14-34 first-fragment udp 34-42 payload 42-50");
    }

    @Test
    void theReservedByteOfAFragmentHeaderIsNoLength() {
        byte[] frame = ipv6().ipv6Fragment(0, true).tcp(1, 2).build();
        frame[55] = 9;
        assertThat(LayoutText.of(frame)).isEqualTo("ipv6 14-62 extensions first-fragment tcp 62-82 payload 82-82");
    }

    @Test
    void anAtomicFragmentIsAWholePacket() {
        assertThat(LayoutText.of(ipv6().ipv6Fragment(0, false).tcp(1, 2).build()))
                .isEqualTo("ipv6 14-62 extensions tcp 62-82 payload 82-82");
    }

    @Test
    void aFirstFragmentMayBeTooShortForItsTransportHeader() {
        assertThat(LayoutText.of(
                        ipv4().ipv4Fragment(0, true).protocol(6).payload(8).build()))
                .isEqualTo("ipv4 14-34 first-fragment proto 6 payload 34-42");
    }

    @Test
    void arpAndOtherTypes() {
        byte[] arp =
                Arrays.copyOf(FrameBuilder.ethernet().type(Ethernet.TYPE_ARP).build(), 60);
        assertThat(LayoutText.of(arp)).isEqualTo("arp payload 14-60");
        assertThat(LayoutText.of(
                        FrameBuilder.ethernet().type(0x88cc).payload(46).build()))
                .isEqualTo("type 88cc payload 14-60");
        assertThat(LayoutText.of(FrameBuilder.ethernet().type(46).payload(46).build()))
                .isEqualTo("type 2e payload 14-60");
    }

    @Test
    void contradictionsAreMalformed() {
        byte[] shortIhl = ipv4().tcp(1, 2).build();
        shortIhl[14] = 0x44;
        assertThat(LayoutText.of(shortIhl)).isEqualTo("type 800 payload 14-54 malformed");
        byte[] version = ipv6().tcp(1, 2).build();
        version[14] = 0x45;
        assertThat(LayoutText.of(version)).isEqualTo("type 86dd payload 14-74 malformed");
        byte[] totalLength = ipv4().tcp(1, 2).build();
        Ipv4.setTotalLength(totalLength, 14, 19);
        assertThat(LayoutText.of(totalLength)).isEqualTo("type 800 payload 14-54 malformed");
    }

    @Test
    void transportHeadersThatDontFitTheirPacketAreMalformed() {
        byte[] dataOffset = ipv4().tcp(1, 2).payload(4).build();
        Tcp.setHeaderLength(dataOffset, 34, 16);
        assertThat(LayoutText.of(dataOffset)).isEqualTo("ipv4 14-34 proto 6 payload 34-58 malformed");
        Tcp.setHeaderLength(dataOffset, 34, 28);
        assertThat(LayoutText.of(dataOffset)).isEqualTo("ipv4 14-34 proto 6 payload 34-58 malformed");
        byte[] udpLength = ipv6().udp(1, 2).payload(4).build();
        Udp.setLength(udpLength, 54, 13);
        assertThat(LayoutText.of(udpLength)).isEqualTo("ipv6 14-54 proto 17 payload 54-66 malformed");
        Udp.setLength(udpLength, 54, 7);
        assertThat(LayoutText.of(udpLength)).isEqualTo("ipv6 14-54 proto 17 payload 54-66 malformed");
        assertThat(LayoutText.of(ipv4().protocol(6).payload(19).build()))
                .isEqualTo("ipv4 14-34 proto 6 payload 34-53 malformed");
    }

    @Test
    void anExtensionHeaderThatDoesntFitItsPacketIsMalformed() {
        byte[] frame = ipv6().hopByHop(8).tcp(1, 2).build();
        frame[55] = 9;
        assertThat(LayoutText.of(frame)).isEqualTo("ipv6 14-54 extensions payload 54-82 malformed");
        assertThat(LayoutText.of(ipv6().protocol(IpProtocol.ROUTING).payload(7).build()))
                .isEqualTo("ipv6 14-54 extensions payload 54-61 malformed");
    }

    @Test
    void aFrameThatEndsEarlyIsTruncatedWhereverItEnds() {
        byte[] v4 = ipv4().tcp(1, 2).payload(10).build();
        assertThat(LayoutText.of(Arrays.copyOf(v4, 60))).isEqualTo("ipv4 14-34 tcp 34-54 payload 54-60 truncated");
        assertThat(LayoutText.of(Arrays.copyOf(v4, 53))).isEqualTo("ipv4 14-34 proto 6 payload 34-53 truncated");
        assertThat(LayoutText.of(Arrays.copyOf(v4, 33))).isEqualTo("type 800 payload 14-33 truncated");
        assertThat(LayoutText.of(Arrays.copyOf(v4, 13))).isEqualTo("type 0 payload 0-13 truncated");
        byte[] all = FrameBuilder.ethernet()
                .vlan(1)
                .ipv6("::1", "::2")
                .hopByHop(16)
                .udp(1, 2)
                .payload(3)
                .build();
        for (int length = 0; length < all.length; length++) {
            assertThat(LayoutText.of(Arrays.copyOf(all, length))).endsWith(" truncated");
        }
        assertThat(LayoutText.of(all)).isEqualTo("vlan 1 ipv6 18-74 extensions udp 74-82 payload 82-85");
    }

    @Test
    void theHeaderToSplitEndsBehindTheTransportHeaderOfWholeTcpAndUdpPackets() {
        assertThat(headerLength(ipv4().tcp(1, 2, Tcp.ACK, 12).payload(9))).isEqualTo(66);
        assertThat(headerLength(ipv6().udp(1, 2).payload(9))).isEqualTo(62);
        assertThat(headerLength(ipv4().protocol(IpProtocol.ICMP).payload(9))).isEqualTo(34);
        assertThat(headerLength(ipv4().ipv4Fragment(0, true).udp(1, 2).payload(8)))
                .isEqualTo(34);
        assertThat(headerLength(ipv6().ipv6Fragment(0, true).tcp(1, 2).payload(4)))
                .isEqualTo(62);
        assertThat(headerLength(FrameBuilder.ethernet().type(0x88cc).payload(46)))
                .isZero();
    }

    @Test
    void brokenFramesHaveNoHeaderToSplit() {
        byte[] cut = Arrays.copyOf(ipv4().tcp(1, 2).payload(9).build(), 60);
        FrameLayout layout = new FrameLayout();
        layout.parse(cut, 0, cut.length);
        assertThat(layout.headerLength()).isZero();
        assertThat(headerLength(ipv4().protocol(6).payload(19))).isZero();
    }

    private static int headerLength(FrameBuilder builder) {
        byte[] frame = builder.build();
        FrameLayout layout = new FrameLayout();
        layout.parse(frame, 0, frame.length);
        return layout.headerLength();
    }

    @Test
    void offsetsAreIndexesIntoTheArray() {
        byte[] frame = ipv4().tcp(1, 2, Tcp.ACK, 12).payload(5).build();
        byte[] among = new byte[100 + frame.length];
        Arrays.fill(among, (byte) 0x45);
        System.arraycopy(frame, 0, among, 37, frame.length);
        FrameLayout layout = new FrameLayout();
        layout.parse(among, 37, frame.length);

        assertThat(LayoutText.of(layout)).isEqualTo("ipv4 51-71 tcp 71-103 payload 103-108");
        assertThat(layout.frameOffset()).isEqualTo(37);
        assertThat(layout.frameLength()).isEqualTo(frame.length);
        assertThat(layout.headerLength()).isEqualTo(66);
        assertThat(layout.tcpOptionsLength()).isEqualTo(12);
        assertThat(layout.transportLength()).isEqualTo(37);
    }

    @Test
    void aLayoutForgetsTheFrameBefore() {
        FrameLayout layout = new FrameLayout();
        byte[] first = FrameBuilder.ethernet()
                .vlan(5)
                .ipv6("::1", "::2")
                .routing(8, 1)
                .tcp(1, 2)
                .build();
        layout.parse(first, 0, first.length);
        assertThat(layout.hasUnvisitedSegments()).isTrue();
        byte[] second = ipv4().udp(1, 2).build();
        layout.parse(second, 0, second.length);

        assertThat(LayoutText.of(layout)).isEqualTo("ipv4 14-34 udp 34-42 payload 42-42");
        assertThat(layout.hasUnvisitedSegments()).isFalse();
        assertThat(layout.vlanTag()).isEqualTo(FrameLayout.NONE);
        assertThat(layout.tcpOptionsLength()).isZero();
    }

    @Test
    void packetsWithoutALinkHeader() {
        byte[] v4 = FrameBuilder.rawIp()
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(1, 2)
                .payload(3)
                .build();
        byte[] v6 = FrameBuilder.rawIp().ipv6("::1", "::2").udp(1, 2).payload(3).build();
        FrameLayout layout = new FrameLayout();
        layout.parseIp(v4, 0, v4.length);
        assertThat(LayoutText.of(layout)).isEqualTo("ipv4 0-20 tcp 20-40 payload 40-43");
        layout.parseIp(v6, 0, v6.length);
        assertThat(LayoutText.of(layout)).isEqualTo("ipv6 0-40 udp 40-48 payload 48-51");
        layout.parseIp(v6, 0, 0);
        assertThat(layout.isTruncated()).isTrue();
    }

    @Test
    void aRangeOutsideTheArrayIsRefused() {
        FrameLayout layout = new FrameLayout();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> layout.parse(new byte[60], 1, 60));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> layout.parseIp(new byte[60], -1, 10));
    }
}
