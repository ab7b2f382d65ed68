package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Ipv4;
import org.junit.jupiter.api.Test;

/** IP's way out: routes, headers, identifications and fragments. */
class IpOutputTest {
    private static final int PROTOCOL = 253;

    private final IpWorld world = IpWorld.of(NicSettings.DEFAULT.withMtu(1000)).acquainted();

    @Test
    void aPacketCarriesItsFlowsAddressesAndItsBytes() {
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 300, false);

        byte[] frame = world.takeFrames().getFirst();
        assertThat(FrameText.of(frame)).isEqualTo("10.0.0.1 > 10.0.0.2 DF: protocol 253 300");
        assertThat(FrameText.to(frame)).isEqualTo(IpWorld.PEER);
        assertThat(Arrays.copyOfRange(frame, 34, 334)).isEqualTo(IpWorld.counting(300));
        assertThat(Ipv4.timeToLive(frame, Ethernet.HEADER_LENGTH)).isEqualTo(64);
    }

    @Test
    void withoutAnAddressTheInterfacesIsTaken() {
        world.send("0.0.0.0", "10.0.0.2", PROTOCOL, 30, false);
        world.send("::", "fd00::2", PROTOCOL, 30, true);

        assertThat(world.sent())
                .containsExactly("10.0.0.1 > 10.0.0.2 DF: protocol 253 30", "fd00::1 > fd00::2: protocol 253 30");
    }

    @Test
    void theRestOfTheWorldIsANeighbourToo() {
        world.send("10.0.0.1", "192.0.2.9", PROTOCOL, 30, false);
        world.send("fd00::1", "2001:db8::9", PROTOCOL, 30, true);

        assertThat(world.sent())
                .containsExactly("arp who-has 192.0.2.9 tell 10.0.0.1", "fd00::1 > ff02::1:ff00:9: icmp 135/0 32");
    }

    @Test
    void groupsNeedNoNeighbour() {
        world.send("10.0.0.1", "224.1.2.3", PROTOCOL, 30, true);
        world.send("10.0.0.1", "10.0.0.255", PROTOCOL, 30, true);
        world.send("10.0.0.1", "255.255.255.255", PROTOCOL, 30, true);
        world.send("fd00::1", "ff02::1:2", PROTOCOL, 30, true);

        assertThat(world.takeFrames())
                .extracting(FrameText::to)
                .containsExactly("01:00:5e:01:02:03", "ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", "33:33:00:01:00:02");
    }

    @Test
    void nothingIsLoopedBack() {

        assertThat(world.send("10.0.0.1", "10.0.0.1", PROTOCOL, 30, true)).isFalse();
        assertThat(world.send("fd00::1", "fd00::1", PROTOCOL, 30, true)).isFalse();
        assertThat(world.sent()).isEmpty();
        assertThat(world.count(IpMib.OUT_NO_ROUTES)).isEqualTo(1);
        assertThat(world.count6(IpMib.OUT_NO_ROUTES)).isEqualTo(1);
        world.assertNothingIsLeft();
    }

    @Test
    void identificationsCountUpByDestination() {
        List<Integer> identifications = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 30, false);
            identifications.add(Ipv4.identification(world.takeFrames().getFirst(), Ethernet.HEADER_LENGTH));
        }

        int first = identifications.getFirst();
        assertThat(identifications).containsExactly(first, first + 1, first + 2);
    }

    @Test
    void whatIsLongerThanTheMtuIsCut() {
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 2000, true);
        world.send("fd00::1", "fd00::2", PROTOCOL, 2000, true);
        List<byte[]> frames = world.takeFrames();

        assertThat(frames)
                .extracting(FrameText::of)
                .containsExactly(
                        "10.0.0.1 > 10.0.0.2 @0+: 976 bytes",
                        "10.0.0.1 > 10.0.0.2 @976+: 976 bytes",
                        "10.0.0.1 > 10.0.0.2 @1952: 48 bytes",
                        "fd00::1 > fd00::2 @0+: 952 bytes",
                        "fd00::1 > fd00::2 @952+: 952 bytes",
                        "fd00::1 > fd00::2 @1904: 96 bytes");
        assertThat(frames.subList(0, 3).stream()
                        .map(frame -> Ipv4.identification(frame, Ethernet.HEADER_LENGTH))
                        .distinct())
                .hasSize(1);
        assertThat(world.count(IpMib.FRAG_OKS)).isEqualTo(1);
        assertThat(world.count6(IpMib.FRAG_CREATES)).isEqualTo(3);
        world.assertNothingIsLeft();
    }

    @Test
    void exactlyTheMtuIsNotCut() {
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 980, true);
        world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 981, true);

        assertThat(world.sent())
                .containsExactly(
                        "10.0.0.1 > 10.0.0.2: protocol 253 980",
                        "10.0.0.1 > 10.0.0.2 @0+: 976 bytes",
                        "10.0.0.1 > 10.0.0.2 @976: 5 bytes");
    }

    @Test
    void whatMayNotBeCutIsDropped() {

        assertThat(world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 981, false)).isFalse();
        assertThat(world.count(IpMib.FRAG_FAILS)).isEqualTo(1);
        assertThat(world.sent()).isEmpty();
        world.assertNothingIsLeft();
    }

    @Test
    void theLongestPacketThereIsGoesOut() {
        assertThat(world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 65_515, true)).isTrue();
        assertThat(world.send("10.0.0.1", "10.0.0.2", PROTOCOL, 65_516, true)).isFalse();

        assertThat(world.takeFrames()).hasSize(68);
        assertThat(world.count(IpMib.OUT_DISCARDS)).isEqualTo(1);
    }
}
