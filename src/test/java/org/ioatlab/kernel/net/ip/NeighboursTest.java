package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;
import org.junit.jupiter.api.Test;

/** Finding link addresses: ARP (RFC 826) and neighbour discovery (RFC 4861). */
class NeighboursTest {
    private static final int PROTOCOL = 253;

    private final IpWorld world = IpWorld.plain();

    private static byte[] neighbourMessage(
            int type, int flags, String from, String to, String target, int option, int hops) {
        byte[] body = new byte[option == 0 ? 16 : 24];
        IpAddress address = IpAddress.parse(target);
        BigEndian.put64(body, 0, address.high());
        BigEndian.put64(body, 8, address.low());
        if (option != 0) {
            BigEndian.put16(body, 16, option << 8 | 1);
            BigEndian.put48(body, 18, FrameBuilder.SENDER);
        }
        byte[] frame = FrameBuilder.ethernet()
                .ipv6(from, to)
                .protocol(IpProtocol.ICMPV6)
                .payload(IpWorld.icmpv6(from, to, type, 0, flags, body))
                .build();
        Ipv6.setHopLimit(frame, Ethernet.HEADER_LENGTH, hops);
        if (to.startsWith("ff")) {
            long low = IpAddress.parse(to).low();
            Ethernet.setDestination(frame, 0, 0x3333_0000_0000L | (low & 0xffff_ffffL));
        }
        return frame;
    }

    private static byte[] solicitation(String from, int option, int hops) {
        return neighbourMessage(Icmpv6.NEIGHBOR_SOLICITATION, 0, from, "ff02::1:ff00:1", "fd00::1", option, hops);
    }

    private static byte[] advertisement(String of, int flags) {
        return neighbourMessage(Icmpv6.NEIGHBOR_ADVERTISEMENT, flags, of, "fd00::1", of, 2, 255);
    }

    @Test
    void aQuestionForItsAddressIsAnswered() {
        world.receive(IpWorld.arp(Arp.REQUEST, "10.0.0.2", "10.0.0.1"));

        List<byte[]> sent = world.takeFrames();
        assertThat(sent)
                .extracting(FrameText::of)
                .containsExactly("arp 10.0.0.1 is-at " + IpWorld.MAC + " to 10.0.0.2");
        assertThat(FrameText.to(sent.getFirst())).isEqualTo(IpWorld.PEER);
        assertThat(world.ip.neighbours().arpText())
                .contains("10.0.0.2         0x1         0x2         " + IpWorld.PEER);
    }

    @Test
    void aQuestionForAnotherAddressIsNot() {
        world.receive(IpWorld.arp(Arp.REQUEST, "10.0.0.2", "10.0.0.3"));

        assertThat(world.sent()).isEmpty();
        assertThat(world.ip.neighbours().entries()).isZero();
    }

    @Test
    void whoAsksWithoutAnAddressIsAnsweredAndNotRemembered() {
        world.receive(IpWorld.arp(Arp.REQUEST, "0.0.0.0", "10.0.0.1"));

        assertThat(world.sent()).containsExactly("arp 10.0.0.1 is-at " + IpWorld.MAC + " to 0.0.0.0");
        assertThat(world.ip.neighbours().entries()).isZero();
    }

    @Test
    void anAnswerThatNobodyAskedForIsNotRemembered() {
        world.receive(IpWorld.arp(Arp.REPLY, "10.0.0.2", "10.0.0.1"));

        assertThat(world.ip.neighbours().entries()).isZero();
    }

    @Test
    void packetsWaitForTheAnswer() {
        for (int length = 1; length <= 4; length++) {
            assertThat(world.send("10.0.0.1", "10.0.0.2", PROTOCOL, length, false))
                    .isTrue();
            if (length == 1) {
                assertThat(world.takeFrames())
                        .extracting(FrameText::of, FrameText::to)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple(
                                "arp who-has 10.0.0.2 tell 10.0.0.1", "ff:ff:ff:ff:ff:ff"));
            }
        }
        assertThat(world.sent()).isEmpty();
        world.receive(IpWorld.arp(Arp.REPLY, "10.0.0.2", "10.0.0.1"));

        // Three may wait: the fourth drove the first one out.
        assertThat(world.sent())
                .containsExactly(
                        "10.0.0.1 > 10.0.0.2 DF: protocol 253 2",
                        "10.0.0.1 > 10.0.0.2 DF: protocol 253 3",
                        "10.0.0.1 > 10.0.0.2 DF: protocol 253 4");
        assertThat(world.count(IpMib.OUT_DISCARDS)).isEqualTo(1);
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 5, false);
        assertThat(world.sent()).containsExactly("10.0.0.1 > 10.0.0.2 DF: protocol 253 5");
    }

    @Test
    void afterThreeQuestionsItsSendersHearThatTheHostIsMissing() {
        IpWorld.Collector protocol = world.collect(PROTOCOL);
        world.run(on -> {});
        List<String> timeline = new ArrayList<>();
        long start = world.nic.loop.nowPs();
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 20, false);
        timeline.addAll(world.sent());
        for (int tenths = 0; tenths < 40; tenths++) {
            world.nic.runFor(100_000_000_000L);
            for (String each : world.sent()) {
                timeline.add((world.nic.loop.nowPs() - start) / 1_000_000_000_000L + " s " + each);
            }
        }
        assertThat(timeline)
                .containsExactly(
                        "arp who-has 10.0.0.2 tell 10.0.0.1",
                        "1 s arp who-has 10.0.0.2 tell 10.0.0.1",
                        "2 s arp who-has 10.0.0.2 tell 10.0.0.1");
        assertThat(protocol.errors).containsExactly("HOST_UNREACHABLE 10.0.0.2:515 from port 1 (own)");
        assertThat(world.ip.neighbours().entries()).isZero();
        world.assertNothingIsLeft();
    }

    @Test
    void aSolicitationForItsAddressIsAnswered() {
        world.receive(solicitation("fd00::2", 1, 255));

        List<byte[]> sent = world.takeFrames();
        assertThat(sent).extracting(FrameText::of).containsExactly("fd00::1 > fd00::2: icmp 136/0 32");
        assertThat(FrameText.to(sent.getFirst())).isEqualTo(IpWorld.PEER);
        assertThat(BigEndian.u8(sent.getFirst(), 14 + 40 + 4)).isEqualTo(0x60);
        assertThat(BigEndian.u48(sent.getFirst(), 14 + 40 + 26)).isEqualTo(FrameBuilder.RECEIVER);
        world.send("fd00::1", "fd00::2", PROTOCOL, 9, true);
        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: protocol 253 9");
    }

    @Test
    void aSolicitationFromNoAddressIsAnsweredToAll() {
        world.receive(solicitation("::", 0, 255));

        List<byte[]> sent = world.takeFrames();
        assertThat(sent).extracting(FrameText::of).containsExactly("fd00::1 > ff02::1: icmp 136/0 32");
        assertThat(FrameText.to(sent.getFirst())).isEqualTo("33:33:00:00:00:01");
        assertThat(BigEndian.u8(sent.getFirst(), 14 + 40 + 4)).isEqualTo(0x20);
    }

    @Test
    void aSolicitationThatCameThroughARouterIsNot() {
        world.receive(solicitation("fd00::2", 1, 254), solicitation("::", 1, 255));

        assertThat(world.sent()).isEmpty();
        assertThat(world.ip.neighbours().entries()).isZero();
    }

    @Test
    void anAdvertisementLetsPacketsOfIpv6Go() {
        world.send("fd00::1", "fd00::2", PROTOCOL, 9, true);
        List<byte[]> asked = world.takeFrames();
        assertThat(asked).extracting(FrameText::of).containsExactly("fd00::1 > ff02::1:ff00:2: icmp 135/0 32");
        assertThat(FrameText.to(asked.getFirst())).isEqualTo("33:33:ff:00:00:02");
        world.receive(advertisement("fd00::2", 0x6000_0000));

        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: protocol 253 9");
    }

    @Test
    void itRemembersAThousandHostsAndForgetsTheOneLongestNotUsed() {
        world.run(on -> {
            for (int i = 0; i < Neighbours.MOST_ENTRIES; i++) {
                world.learn("10.0.%d.%d".formatted(i >> 8, i & 0xff), IpWorld.PEER, on);
            }
            world.learn("10.0.0.0", IpWorld.PEER, on);
            for (int i = 0; i < 10; i++) {
                world.learn("10.0.4." + i, IpWorld.PEER, on);
            }
        });

        assertThat(world.ip.neighbours().entries()).isEqualTo(Neighbours.MOST_ENTRIES);
        assertThat(world.ip.neighbours().arpText())
                .contains("10.0.0.0 ")
                .doesNotContain("10.0.0.10 ")
                .contains("10.0.0.11 ")
                .contains("10.0.4.9 ");
    }

    @Test
    void nothingIsSentUnasked() {
        world.runForSeconds(100);

        assertThat(world.sent()).isEmpty();
    }
}
