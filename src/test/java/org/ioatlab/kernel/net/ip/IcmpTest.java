package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.IpProtocol;
import org.junit.jupiter.api.Test;

/** Echoes, and errors in both directions (RFC 792, RFC 4443). */
class IcmpTest {
    private static final int PROTOCOL = 253;
    private static final int IP = Ethernet.HEADER_LENGTH;

    private final IpWorld world = IpWorld.split().acquainted();

    private static byte[] datagram(String from, String to, int port) {
        return FrameBuilder.ethernet().ip(from, to).udp(1000, port).payload(20).build();
    }

    /** The IP packet that the machine sent, from its header on. */
    private static byte[] quoted(byte[] frame) {
        return Arrays.copyOfRange(frame, IP, frame.length);
    }

    @Test
    void echoesComeBackWithTheirBytes() {
        byte[] body = IpWorld.counting(1000);
        world.receive(IpWorld.icmpFrame(8, 0, 0x1234_0001, body), IpWorld.icmpv6Frame(128, 0, 0x1234_0001, body));

        List<byte[]> sent = world.takeFrames();
        assertThat(sent)
                .extracting(FrameText::of)
                .containsExactly("10.0.0.1 > 10.0.0.2: icmp 0/0 1008", "fd00::1 > fd00::2: icmp 129/0 1008");
        assertThat(Arrays.copyOfRange(sent.getFirst(), IP + 28, IP + 28 + 1000)).isEqualTo(body);
        assertThat(Arrays.copyOfRange(sent.getLast(), IP + 48, IP + 48 + 1000)).isEqualTo(body);
        assertThat(world.ip.icmpCounters(false).get(IcmpMib.OUT_ECHO_REPS)).isEqualTo(1);
        assertThat(world.ip.icmpCounters(true).get(IcmpMib.OUT_ECHO_REPLIES)).isEqualTo(1);
    }

    @Test
    void anEchoWithAWrongChecksumIsDropped() {
        byte[] frame = IpWorld.icmpFrame(8, 0, 1, IpWorld.counting(100));
        frame[100] ^= 1;
        byte[] frame6 = IpWorld.icmpv6Frame(128, 0, 1, IpWorld.counting(100));
        frame6[100] ^= 1;
        world.receive(frame, frame6);

        assertThat(world.sent()).isEmpty();
        assertThat(world.ip.icmpCounters(false).get(IcmpMib.IN_ERRORS)).isEqualTo(1);
        assertThat(world.ip.icmpCounters(true).get(IcmpMib.IN_ERRORS)).isEqualTo(1);
    }

    @Test
    void echoesToEverybodyAreNotAnswered() {
        world.receive(FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.255")
                .protocol(IpProtocol.ICMP)
                .payload(IpWorld.icmp(8, 0, 1, new byte[8]))
                .build());

        assertThat(world.sent()).isEmpty();
    }

    @Test
    void aLongEchoComesInFragmentsAndGoesBackInFragments() {
        byte[] message = IpWorld.icmp(8, 0, 7, IpWorld.counting(3000));
        for (int offset = 0; offset < message.length; offset += 1480) {
            int end = Math.min(offset + 1480, message.length);
            world.receive(FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .ipv4Fragment(offset, end < message.length)
                    .protocol(IpProtocol.ICMP)
                    .payload(Arrays.copyOfRange(message, offset, end))
                    .build());
        }

        assertThat(world.sent())
                .containsExactly(
                        "10.0.0.1 > 10.0.0.2 @0+: 1480 bytes",
                        "10.0.0.1 > 10.0.0.2 @1480+: 1480 bytes",
                        "10.0.0.1 > 10.0.0.2 @2960: 48 bytes");
        assertThat(world.count(IpMib.REASM_OKS)).isEqualTo(1);
        assertThat(world.count(IpMib.FRAG_CREATES)).isEqualTo(3);
    }

    @Test
    void closedPortsAreTold() {
        world.receive(datagram("10.0.0.2", "10.0.0.1", 9), datagram("fd00::2", "fd00::1", 9));

        List<byte[]> sent = world.takeFrames();
        assertThat(sent)
                .extracting(FrameText::of)
                .containsExactly("10.0.0.1 > 10.0.0.2: icmp 3/3 56", "fd00::1 > fd00::2: icmp 1/4 76");
        assertThat(Arrays.copyOfRange(sent.getFirst(), IP + 28, IP + 28 + 48))
                .isEqualTo(quoted(datagram("10.0.0.2", "10.0.0.1", 9)));
        assertThat(world.ip.udp().counters(false).get(UdpMib.NO_PORTS)).isEqualTo(1);
        assertThat(world.ip.udp().counters(true).get(UdpMib.NO_PORTS)).isEqualTo(1);
    }

    @Test
    void errorsQuoteAtMost576Bytes() {
        world.receive(FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .udp(1, 9)
                .payload(1400)
                .build());

        assertThat(world.sent()).containsExactly("10.0.0.1 > 10.0.0.2: icmp 3/3 556");
    }

    @Test
    void aDestinationIsToldSixTimesAndThenOnceASecond() {
        for (int i = 0; i < 10; i++) {
            world.receive(datagram("10.0.0.2", "10.0.0.1", 9), datagram("fd00::2", "fd00::1", 9));
        }
        assertThat(world.sent()).hasSize(12);
        world.runForSeconds(2);
        for (int i = 0; i < 10; i++) {
            world.receive(datagram("10.0.0.2", "10.0.0.1", 9));
        }
        assertThat(world.sent()).hasSize(2);
    }

    @Test
    void errorsAreNeverAnswered() {
        byte[] quoted = quoted(datagram("10.0.0.1", "10.0.0.2", 9));
        world.receive(IpWorld.icmpFrame(3, 3, 0, quoted), IpWorld.icmpFrame(11, 0, 0, quoted));
        world.receive(FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.255")
                .udp(1, 9)
                .payload(30)
                .build());

        assertThat(world.sent()).isEmpty();
    }

    @Test
    void errorsAboutItsPacketsGetToTheirProtocol() {
        IpWorld.Collector protocol = world.collect(PROTOCOL);
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 1000, false);
        byte[] sent = quoted(world.takeFrames().getFirst());
        world.receive(
                IpWorld.icmpFrame(3, 0, 0, sent),
                IpWorld.icmpFrame(3, 1, 0, Arrays.copyOf(sent, 28)),
                IpWorld.icmpFrame(3, 2, 0, sent),
                IpWorld.icmpFrame(3, 3, 0, sent),
                IpWorld.icmpFrame(3, 4, 900, sent),
                IpWorld.icmpFrame(3, 4, 0, sent),
                IpWorld.icmpFrame(3, 4, 60, sent),
                IpWorld.icmpFrame(3, 13, 0, sent),
                IpWorld.icmpFrame(11, 0, 0, sent),
                IpWorld.icmpFrame(12, 0, 0, sent),
                IpWorld.icmpFrame(3, 3, 0, Arrays.copyOf(sent, 27)),
                IpWorld.icmpFrame(3, 99, 0, sent));

        assertThat(protocol.errors)
                .containsExactly(
                        "NETWORK_UNREACHABLE 10.0.0.2:515 from port 1",
                        "HOST_UNREACHABLE 10.0.0.2:515 from port 1",
                        "PROTOCOL_UNREACHABLE 10.0.0.2:515 from port 1",
                        "PORT_UNREACHABLE 10.0.0.2:515 from port 1",
                        "PACKET_TOO_BIG 10.0.0.2:515 from port 1 mtu 900",
                        "PACKET_TOO_BIG 10.0.0.2:515 from port 1 mtu 576",
                        "PACKET_TOO_BIG 10.0.0.2:515 from port 1 mtu 576",
                        "PROHIBITED 10.0.0.2:515 from port 1",
                        "TIME_EXCEEDED 10.0.0.2:515 from port 1",
                        "PARAMETER_PROBLEM 10.0.0.2:515 from port 1");
    }

    @Test
    void errorsOfIpv6GetToTheirProtocol() {
        IpWorld.Collector protocol = world.collect(PROTOCOL);
        world.send("fd00::1", "fd00::2", PROTOCOL, 1400, true);
        byte[] sent = Arrays.copyOf(quoted(world.takeFrames().getFirst()), 1200);
        world.receive(
                IpWorld.icmpv6Frame(1, 0, 0, sent),
                IpWorld.icmpv6Frame(1, 4, 0, sent),
                IpWorld.icmpv6Frame(2, 0, 1300, sent),
                IpWorld.icmpv6Frame(2, 0, 5, sent),
                IpWorld.icmpv6Frame(3, 0, 0, sent),
                IpWorld.icmpv6Frame(4, 1, 0, sent),
                IpWorld.icmpv6Frame(100, 1, 0, sent));

        assertThat(protocol.errors)
                .containsExactly(
                        "NETWORK_UNREACHABLE fd00::2:515 from port 1",
                        "PORT_UNREACHABLE fd00::2:515 from port 1",
                        "PACKET_TOO_BIG fd00::2:515 from port 1 mtu 1300",
                        "PACKET_TOO_BIG fd00::2:515 from port 1 mtu 1280",
                        "TIME_EXCEEDED fd00::2:515 from port 1",
                        "PARAMETER_PROBLEM fd00::2:515 from port 1");
    }

    @Test
    void errorsAboutPacketsThatItCannotHaveSentAreIgnored() {
        IpWorld.Collector protocol = world.collect(PROTOCOL);
        byte[] foreign = FrameBuilder.rawIp()
                .ipv4("10.0.0.7", "10.0.0.2")
                .protocol(PROTOCOL)
                .payload(50)
                .build();
        byte[] foreign6 = FrameBuilder.rawIp()
                .ipv6("fd00::7", "fd00::2")
                .protocol(PROTOCOL)
                .payload(50)
                .build();
        world.receive(
                IpWorld.icmpFrame(3, 3, 0, foreign),
                IpWorld.icmpv6Frame(1, 4, 0, foreign6),
                IpWorld.icmpFrame(3, 3, 0, foreign6),
                IpWorld.icmpv6Frame(1, 4, 0, foreign));

        assertThat(protocol.errors).isEmpty();
    }

    @Test
    void whatIsTooBigForThePathGoesInFragmentsForTenMinutes() {
        world.collect(PROTOCOL);
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 1400, true);
        world.receive(IpWorld.icmpFrame(3, 4, 1000, quoted(world.takeFrames().getFirst())));
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 1400, true);
        assertThat(world.sent())
                .containsExactly("10.0.0.1 > 10.0.0.2 @0+: 976 bytes", "10.0.0.1 > 10.0.0.2 @976: 424 bytes");

        world.runForSeconds(600);
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 1400, true);
        assertThat(world.sent()).containsExactly("10.0.0.1 > 10.0.0.2: protocol 253 1400");
    }

    @Test
    void echoesToAnIpv6GroupAreAnsweredFromTheInterfacesAddress() {
        byte[] message = IpWorld.icmpv6("fd00::2", "ff02::1", 128, 0, 1, new byte[8]);
        world.receive(FrameBuilder.ethernet()
                .ipv6("fd00::2", "ff02::1")
                .protocol(IpProtocol.ICMPV6)
                .payload(message)
                .build());

        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: icmp 129/0 16");
    }
}
