package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Fields against bytes written by hand, and headers that are written byte for byte. */
class HeadersTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void ethernet() {
        byte[] frame = new byte[19];
        Ethernet.writeTaggedHeader(frame, 1, 0x0200_0000_0001L, 0x0200_0000_0002L, 0x6005, Ethernet.TYPE_IPV6);

        assertThat(hex(frame)).isEqualTo("00" + "020000000001" + "020000000002" + "8100" + "6005" + "86dd");
        assertThat(Ethernet.destination(frame, 1)).isEqualTo(0x0200_0000_0001L);
        assertThat(Ethernet.source(frame, 1)).isEqualTo(0x0200_0000_0002L);
        assertThat(Ethernet.type(frame, 1)).isEqualTo(Ethernet.TYPE_VLAN);
        assertThat(Ethernet.vlanTag(frame, 1)).isEqualTo(0x6005);
        assertThat(Ethernet.vlanId(0x6005)).isEqualTo(5);
    }

    @Test
    void arp() {
        byte[] packet = new byte[Arp.LENGTH];
        Arp.write(packet, 0, Arp.REQUEST, 0x0200_0000_0002L, 0x0a000002, 0, 0x0a000001);

        assertThat(hex(packet)).isEqualTo("0001080006040001" + "0200000000020a000002" + "0000000000000a000001");
        assertThat(Arp.hardwareType(packet, 0)).isEqualTo(Arp.HARDWARE_ETHERNET);
        assertThat(Arp.protocolType(packet, 0)).isEqualTo(Ethernet.TYPE_IPV4);
        assertThat(Arp.operation(packet, 0)).isEqualTo(Arp.REQUEST);
        assertThat(Arp.senderMac(packet, 0)).isEqualTo(0x0200_0000_0002L);
        assertThat(Arp.senderIpv4(packet, 0)).isEqualTo(0x0a000002);
        assertThat(Arp.targetMac(packet, 0)).isZero();
        assertThat(Arp.targetIpv4(packet, 0)).isEqualTo(0x0a000001);
    }

    /** The header of the Wikipedia article on the IPv4 checksum, whose checksum is b861. */
    @Test
    void ipv4() {
        byte[] header = bytes("45000073 00004000 4011b861 c0a80001 c0a800c7");

        assertThat(Ipv4.version(header, 0)).isEqualTo(4);
        assertThat(Ipv4.headerLength(header, 0)).isEqualTo(20);
        assertThat(Ipv4.totalLength(header, 0)).isEqualTo(115);
        assertThat(Ipv4.identification(header, 0)).isZero();
        assertThat(Ipv4.flagsAndOffset(header, 0)).isEqualTo(Ipv4.DONT_FRAGMENT);
        assertThat(Ipv4.timeToLive(header, 0)).isEqualTo(64);
        assertThat(Ipv4.protocol(header, 0)).isEqualTo(IpProtocol.UDP);
        assertThat(Ipv4.checksum(header, 0)).isEqualTo(0xb861);
        assertThat(Ipv4.source(header, 0)).isEqualTo(0xc0a80001);
        assertThat(Ipv4.destination(header, 0)).isEqualTo(0xc0a800c7);
        byte[] written = new byte[20];
        Ipv4.writeHeader(written, 0, 115, IpProtocol.UDP, 0xc0a80001, 0xc0a800c7);
        assertThat(written).isEqualTo(header);
    }

    @Test
    void headersWrittenWithTheirSumsAreSummedRight() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] header = new byte[28];
            for (int i = 0; i < 500; i++) {
                int length = random.nextInt(1 << 16);
                Ipv4.writeHeader(header, 0, length, random.nextInt(256), random.nextInt(), random.nextInt());
                assertThat(InternetChecksum.checksum(header, 0, 20)).isZero();
                assertThat(Ipv4.totalLength(header, 0)).isEqualTo(length);

                int source = random.nextInt(1 << 16);
                int destination = random.nextInt(1 << 16);
                Udp.writeHeader(header, 20, source, destination, length);
                assertThat(Udp.headerSum(source, destination, length)).isEqualTo(InternetChecksum.sum(header, 20, 8));
                assertThat(Udp.sourcePort(header, 20)).isEqualTo(source);
                assertThat(Udp.destinationPort(header, 20)).isEqualTo(destination);
                assertThat(Udp.length(header, 20)).isEqualTo(length);
                assertThat(Udp.checksum(header, 20)).isZero();
            }
        });
    }

    @Test
    void ipv4Setters() {
        byte[] header = new byte[20];
        header[0] = 0x45;
        Ipv4.setTrafficClass(header, 0, 0xb8);
        Ipv4.setIdentification(header, 0, 0x1234);
        Ipv4.setTimeToLive(header, 0, 255);
        Ipv4.setProtocol(header, 0, 6);

        assertThat(hex(header)).isEqualTo("45b80000" + "12340000" + "ff060000" + "0000000000000000");
        assertThat(Ipv4.trafficClass(header, 0)).isEqualTo(0xb8);
    }

    @Test
    void ipv6() {
        byte[] header = new byte[40];
        Ipv6.writeHeader(header, 0, 1280, IpProtocol.TCP);
        Ipv6.setTrafficClass(header, 0, 0xb9);
        Ipv6.setHopLimit(header, 0, 255);
        Ipv6.setSource(header, 0, 0x20010db8_00000000L, 1);
        Ipv6.setDestination(header, 0, 0x20010db8_00000000L, 2);

        assertThat(hex(header))
                .isEqualTo("6b900000" + "050006ff" + "20010db8000000000000000000000001"
                        + "20010db8000000000000000000000002");
        assertThat(Ipv6.version(header, 0)).isEqualTo(6);
        assertThat(Ipv6.trafficClass(header, 0)).isEqualTo(0xb9);
        assertThat(Ipv6.payloadLength(header, 0)).isEqualTo(1280);
        assertThat(Ipv6.hopLimit(header, 0)).isEqualTo(255);
        assertThat(Ipv6.sourceHigh(header, 0)).isEqualTo(0x20010db8_00000000L);
        assertThat(Ipv6.sourceLow(header, 0)).isEqualTo(1);
        assertThat(Ipv6.destinationLow(header, 0)).isEqualTo(2);
        assertThat(Ipv6.flowLabel(bytes("600fedcb"), 0)).isEqualTo(0xfedcb);
    }

    @Test
    void tcp() {
        byte[] header = bytes("1234 0050 89abcdef 01234567 8012 ffff abcd 0001");

        assertThat(Tcp.sourcePort(header, 0)).isEqualTo(0x1234);
        assertThat(Tcp.destinationPort(header, 0)).isEqualTo(80);
        assertThat(Tcp.sequence(header, 0)).isEqualTo(0x89abcdef);
        assertThat(Tcp.acknowledgment(header, 0)).isEqualTo(0x01234567);
        assertThat(Tcp.headerLength(header, 0)).isEqualTo(32);
        assertThat(Tcp.flags(header, 0)).isEqualTo(Tcp.SYN | Tcp.ACK);
        assertThat(Tcp.window(header, 0)).isEqualTo(0xffff);
        assertThat(Tcp.checksum(header, 0)).isEqualTo(0xabcd);
        assertThat(Tcp.urgentPointer(header, 0)).isEqualTo(1);
        byte[] written = new byte[20];
        Tcp.setSourcePort(written, 0, 0x1234);
        Tcp.setDestinationPort(written, 0, 80);
        Tcp.setSequence(written, 0, 0x89abcdef);
        Tcp.setAcknowledgment(written, 0, 0x01234567);
        Tcp.setHeaderLength(written, 0, 32);
        Tcp.setFlags(written, 0, Tcp.SYN | Tcp.ACK);
        Tcp.setWindow(written, 0, 0xffff);
        Tcp.setChecksum(written, 0, 0xabcd);
        Tcp.setUrgentPointer(written, 0, 1);
        assertThat(written).isEqualTo(header);
    }

    @Test
    void tcpOptions() {
        byte[] options = bytes("020405b4 0402 080a0000000100000002 01 030307 00 0000");

        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.MAXIMUM_SEGMENT_SIZE))
                .isZero();
        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.SACK_PERMITTED))
                .isEqualTo(4);
        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.TIMESTAMPS))
                .isEqualTo(6);
        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.WINDOW_SCALE))
                .isEqualTo(17);
        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.SACK)).isEqualTo(TcpOptions.ABSENT);
        assertThat(TcpOptions.find(options, 0, 15, TcpOptions.TIMESTAMPS)).isEqualTo(TcpOptions.ABSENT);
        assertThat(TcpOptions.find(bytes("0200 0303"), 0, 4, 3)).isEqualTo(TcpOptions.ABSENT);
    }

    @Test
    void icmpEcho() {
        byte[] message = new byte[10];
        Icmp.writeEcho(message, 0, Icmp.ECHO_REQUEST, 0x1234, 7);
        message[8] = 1;
        Icmp.writeChecksum(message, 0, 10);

        assertThat(hex(message)).isEqualTo("0800" + "e4c4" + "1234" + "0007" + "0100");
        assertThat(Icmp.type(message, 0)).isEqualTo(Icmp.ECHO_REQUEST);
        assertThat(Icmp.code(message, 0)).isZero();
        assertThat(Icmp.checksum(message, 0)).isEqualTo(0xe4c4);
        assertThat(Icmp.identifier(message, 0)).isEqualTo(0x1234);
        assertThat(Icmp.sequence(message, 0)).isEqualTo(7);
    }

    @Test
    void icmpv6() {
        byte[] message = new byte[8];
        Icmpv6.writeTypeAndCode(message, 0, Icmpv6.ECHO_REPLY, 0);
        int pseudo = InternetChecksum.pseudoHeader(
                IpAddress.parse("::1"), IpAddress.parse("::2"), IpProtocol.ICMPV6, message.length);
        Icmpv6.writeChecksum(message, 0, message.length, pseudo);

        assertThat(hex(message)).isEqualTo("8100" + "7eba" + "00000000");
        assertThat(Icmpv6.type(message, 0)).isEqualTo(Icmpv6.ECHO_REPLY);
        assertThat(Icmpv6.code(message, 0)).isZero();
        assertThat(Icmpv6.checksum(message, 0)).isEqualTo(0x7eba);
    }

    @Test
    void flowKeys() {
        FrameLayout layout = new FrameLayout();
        byte[] frame = FrameBuilder.ethernet()
                .ipv6("fd00::2", "fd00::1")
                .tcp(40000, 80)
                .build();
        layout.parse(frame, 0, frame.length);
        FlowKey key = FlowKey.of(frame, layout);

        assertThat(key).hasToString("[fd00::2]:40000 > [fd00::1]:80 proto 6");
        assertThat(key.reversed()).hasToString("[fd00::1]:80 > [fd00::2]:40000 proto 6");
        byte[] icmp = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .protocol(1)
                .payload(8)
                .build();
        layout.parse(icmp, 0, icmp.length);
        assertThat(FlowKey.of(icmp, layout)).hasToString("10.0.0.2:0 > 10.0.0.1:0 proto 1");
        layout.parse(new byte[60], 0, 60);
        assertThatIllegalArgumentException().isThrownBy(() -> FlowKey.of(new byte[60], layout));
    }
}
