package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What IP makes of packets that arrive: header checks, addresses, padding, options and extension headers. */
class IpInputTest {
    private static final int PROTOCOL = 253;
    private static final int IP = Ethernet.HEADER_LENGTH;

    private final IpWorld world = IpWorld.split();
    private final IpWorld.Collector protocol = world.collect(PROTOCOL);

    @AfterEach
    void nothingIsLeftBehind() {
        world.assertNothingIsLeft();
    }

    private static FrameBuilder ipv4(String from, String to) {
        return FrameBuilder.ethernet().ipv4(from, to).protocol(PROTOCOL).payload(100);
    }

    private static byte[] ipv4() {
        return ipv4("10.0.0.2", "10.0.0.1").build();
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet()
                .ipv6("fd00::2", "fd00::1")
                .protocol(PROTOCOL)
                .payload(100);
    }

    private static byte[] changed(byte[] frame, Consumer<byte[]> change) {
        change.accept(frame);
        return frame;
    }

    @Test
    void aPacketForTheMachineGetsToItsProtocol() {
        world.receive(ipv4(), ipv6().build());

        assertThat(protocol.payloads).containsExactly(IpWorld.counting(100), IpWorld.counting(100));
        assertThat(world.count(IpMib.IN_RECEIVES)).isEqualTo(1);
        assertThat(world.count(IpMib.IN_DELIVERS)).isEqualTo(1);
        assertThat(world.count6(IpMib.IN_RECEIVES)).isEqualTo(1);
        assertThat(world.count6(IpMib.IN_DELIVERS)).isEqualTo(1);
    }

    @Test
    void paddingIsCutOff() {
        world.receive(
                ipv4("10.0.0.2", "10.0.0.1").payload(3).padding(30).build(),
                ipv4("10.0.0.2", "10.0.0.1").payload(300).padding(30).build(),
                ipv6().payload(2).padding(10).build());

        assertThat(protocol.texts()).containsExactly("3 bytes", "300 bytes", "2 bytes");
    }

    @Test
    void optionsAreSkipped() {
        world.receive(
                ipv4("10.0.0.2", "10.0.0.1").ipv4Options(40).build(),
                ipv4("10.0.0.2", "10.0.0.1").ipv4Options(40).payload(1000).build());

        assertThat(protocol.texts()).containsExactly("100 bytes", "1000 bytes");
    }

    @Test
    void brokenHeadersOfIpv4AreCountedAndDropped() {
        world.receive(
                changed(ipv4(), frame -> frame[IP] = 0x55),
                changed(ipv4(), frame -> frame[IP] = 0x44),
                changed(ipv4(), frame -> Ipv4.setTimeToLive(frame, IP, 63)),
                changed(ipv4(), frame -> {
                    Ipv4.setTotalLength(frame, IP, 121);
                    Ipv4.writeChecksum(frame, IP);
                }),
                changed(ipv4(), frame -> {
                    Ipv4.setTotalLength(frame, IP, 19);
                    Ipv4.writeChecksum(frame, IP);
                }),
                changed(ipv4(), frame -> {
                    frame[IP] = 0x4f;
                    Ipv4.setTotalLength(frame, IP, 40);
                }));

        assertThat(protocol.payloads).isEmpty();
        assertThat(world.count(IpMib.IN_RECEIVES)).isEqualTo(6);
        assertThat(world.count(IpMib.IN_HDR_ERRORS)).isEqualTo(6);
        assertThat(world.sent()).isEmpty();
    }

    @Test
    void anyTimeToLiveWillDo() {
        world.receive(changed(ipv4(), frame -> {
            Ipv4.setTimeToLive(frame, IP, 0);
            Ipv4.writeChecksum(frame, IP);
        }));

        assertThat(protocol.texts()).containsExactly("100 bytes");
    }

    @Test
    void packetsForOthersAreDroppedInSilence() {
        world.receive(
                ipv4("10.0.0.2", "10.0.0.3").build(),
                ipv4("192.0.2.1", "198.51.100.1").build(),
                ipv4("10.0.0.2", "224.0.0.5").build(),
                FrameBuilder.ethernet()
                        .ipv6("fd00::2", "fd00::3")
                        .protocol(PROTOCOL)
                        .build(),
                FrameBuilder.ethernet()
                        .ipv6("fd00::2", "ff02::5")
                        .protocol(PROTOCOL)
                        .build());

        assertThat(protocol.payloads).isEmpty();
        assertThat(world.count(IpMib.IN_ADDR_ERRORS)).isEqualTo(3);
        assertThat(world.count6(IpMib.IN_ADDR_ERRORS)).isEqualTo(2);
        assertThat(world.sent()).isEmpty();
    }

    @Test
    void sendersThatCannotBeAreDropped() {
        for (String source :
                new String[] {"0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.0.1", "10.0.0.255"}) {
            world.receive(ipv4(source, "10.0.0.1").build());
        }
        for (String source : new String[] {"::1", "ff02::1", "fd00::1"}) {
            world.receive(FrameBuilder.ethernet()
                    .ipv6(source, "fd00::1")
                    .protocol(PROTOCOL)
                    .payload(50)
                    .build());
        }

        assertThat(protocol.payloads).isEmpty();
        assertThat(world.count(IpMib.IN_ADDR_ERRORS)).isEqualTo(6);
        assertThat(world.count6(IpMib.IN_ADDR_ERRORS)).isEqualTo(3);
        assertThat(world.sent()).isEmpty();
    }

    @Test
    void broadcastsAndAllHostsAreForTheMachineToo() {
        world.receive(
                ipv4("10.0.0.2", "255.255.255.255").build(),
                ipv4("10.0.0.2", "10.0.0.255").build(),
                ipv4("0.0.0.0", "255.255.255.255").build(),
                ipv4("10.0.0.2", "224.0.0.1").build(),
                FrameBuilder.ethernet()
                        .ipv6("fd00::2", "ff02::1")
                        .protocol(PROTOCOL)
                        .payload(9)
                        .build());

        assertThat(protocol.texts()).containsExactly("100 bytes", "100 bytes", "100 bytes", "100 bytes", "9 bytes");
    }

    @Test
    void framesForAnotherStationAreNotLookedAt() {
        IpWorld all = IpWorld.of(NicSettings.DEFAULT.withPromiscuous(true));
        byte[] frame = ipv4();
        frame[5] = 9;
        all.receive(frame);

        assertThat(all.count(IpMib.IN_RECEIVES)).isZero();
    }

    @Test
    void framesOfAVlanAreNobodys() {
        IpWorld stripping = IpWorld.of(NicSettings.DEFAULT.withVlanStripping(true));
        for (IpWorld each : new IpWorld[] {stripping, world}) {
            each.receive(FrameBuilder.ethernet()
                    .vlan(5)
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .protocol(PROTOCOL)
                    .payload(100)
                    .build());
            assertThat(each.count(IpMib.IN_RECEIVES)).isZero();
            assertThat(each.nic.tap.packets()).isEqualTo(1);
        }
    }

    @Test
    void aProtocolThatNobodyTakesIsAnswered() {
        world.acquainted()
                .receive(
                        FrameBuilder.ethernet()
                                .ipv4("10.0.0.2", "10.0.0.1")
                                .protocol(200)
                                .payload(40)
                                .build(),
                        FrameBuilder.ethernet()
                                .ipv6("fd00::2", "fd00::1")
                                .protocol(200)
                                .payload(40)
                                .build(),
                        FrameBuilder.ethernet()
                                .ipv6("fd00::2", "fd00::1")
                                .protocol(59)
                                .payload(40)
                                .build());

        assertThat(world.sent()).containsExactly("10.0.0.1 > 10.0.0.2: icmp 3/2 68", "fd00::1 > fd00::2: icmp 4/1 88");
        assertThat(world.count(IpMib.IN_UNKNOWN_PROTOS)).isEqualTo(1);
        assertThat(world.count6(IpMib.IN_UNKNOWN_PROTOS)).isEqualTo(1);
    }

    @Test
    void extensionHeadersAreWalkedOver() {
        world.receive(
                ipv6().hopByHop(8).build(),
                ipv6().destinationOptions(24).build(),
                ipv6().routing(8, 0).build(),
                ipv6().hopByHop(16).routing(8, 0).destinationOptions(8).build(),
                ipv6().ipv6Fragment(0, false).build());

        assertThat(protocol.texts()).containsExactly("100 bytes", "100 bytes", "100 bytes", "100 bytes", "100 bytes");
        assertThat(world.count6(IpMib.REASM_REQDS))
                .as("an atomic fragment is none")
                .isZero();
    }

    @Test
    void aRouteThatIsNotUsedUpAndAMisplacedHeaderAreAnswered() {
        world.acquainted()
                .receive(
                        ipv6().routing(8, 1).build(),
                        ipv6().destinationOptions(8).hopByHop(8).build());

        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: icmp 4/0 156", "fd00::1 > fd00::2: icmp 4/1 164");
        assertThat(world.count6(IpMib.IN_HDR_ERRORS)).isEqualTo(2);
    }

    @Test
    void anUnknownOptionSaysItselfWhatBecomesOfThePacket() {
        world.acquainted();
        for (int type : new int[] {0x1e, 0x5e, 0x9e, 0xde}) {
            byte[] frame = ipv6().destinationOptions(8).build();
            frame[IP + Ipv6.HEADER_LENGTH + 2] = (byte) type;
            frame[IP + Ipv6.HEADER_LENGTH + 3] = 4;
            world.receive(frame);
        }

        assertThat(protocol.texts()).containsExactly("100 bytes");
        assertThat(world.count6(IpMib.IN_HDR_ERRORS)).isEqualTo(3);
        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: icmp 4/2 156", "fd00::1 > fd00::2: icmp 4/2 156");
    }

    @Test
    void shortPacketsOfIpv6AreCountedAndDropped() {
        world.receive(
                changed(ipv6().build(), frame -> Ipv6.setPayloadLength(frame, IP, 101)),
                changed(ipv6().build(), frame -> frame[IP] = 0x45),
                changed(ipv6().destinationOptions(8).build(), frame -> frame[IP + Ipv6.HEADER_LENGTH + 1] = 40));

        assertThat(protocol.payloads).isEmpty();
        assertThat(world.count6(IpMib.IN_TRUNCATED_PKTS)).isEqualTo(1);
        assertThat(world.count6(IpMib.IN_HDR_ERRORS)).isEqualTo(2);
    }

    @Test
    void theTapsClonesKeepTheWholeFrame() {
        byte[] padded = ipv4("10.0.0.2", "10.0.0.1").payload(500).padding(20).build();
        world.nic.hold(1);
        world.receive(padded);

        assertThat(protocol.texts()).containsExactly("500 bytes");
        assertThat(world.nic.held().getFirst().bytes(world.nic.bytes)).isEqualTo(padded);
        world.nic.tap.releaseAll(world.nic.boot());
    }
}
