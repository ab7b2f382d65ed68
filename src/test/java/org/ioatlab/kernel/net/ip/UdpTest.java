package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Udp;
import org.junit.jupiter.api.Test;

/** UDP: ports, queues, checksums, sending and errors. */
class UdpTest {
    private static final int UDP = Ethernet.HEADER_LENGTH + 20;

    private final IpWorld world = IpWorld.split().acquainted();
    private final UdpLayer udp = world.ip.udp();
    private final List<String> events = new ArrayList<>();

    private UdpSocketCore socket(boolean ipv6) {
        return udp.open(ipv6, (socket, on) -> events.add("readable " + socket.localPort()));
    }

    private UdpSocketCore bound(boolean ipv6, String address, int port) {
        UdpSocketCore socket = socket(ipv6);
        assertThat(bind(socket, address, port)).isZero();
        return socket;
    }

    private int bind(UdpSocketCore socket, String address, int port) {
        IpAddress own = IpAddress.parse(address);
        return udp.bind(socket, own.high(), own.low(), port);
    }

    private int connect(UdpSocketCore socket, String address, int port) {
        IpAddress peer = IpAddress.parse(address);
        return udp.connect(socket, peer.high(), peer.low(), port);
    }

    private int send(UdpSocketCore socket, int length, String address, int port) {
        IpAddress to = IpAddress.parse(address);
        int[] result = new int[1];
        world.run(on -> {
            SocketBuffer packet = udp.allocate(length, on);
            for (int i = 0; i < length; i++) {
                world.nic.bytes.write(packet.addressAt(i), new byte[] {(byte) i}, 0, 1);
            }
            result[0] = udp.send(socket, packet, to.high(), to.low(), port, on);
        });
        return result[0];
    }

    private static byte[] datagram(String from, String to, int fromPort, int toPort, int length) {
        return FrameBuilder.ethernet()
                .ip(from, to)
                .udp(fromPort, toPort)
                .payload(length)
                .build();
    }

    private String take(UdpSocketCore socket) {
        SocketBuffer packet = socket.first();
        if (packet == null) {
            return "nothing";
        }
        String text = world.bytesOf(packet).length + " bytes from port " + udp.sourcePort(packet)
                + (udp.isIntact(packet) ? "" : " BAD");
        world.run(socket::consume);
        return text;
    }

    @Test
    void datagramsWaitAtTheirPortInOrder() {
        UdpSocketCore socket = bound(false, "0.0.0.0", 2000);
        UdpSocketCore socket6 = bound(true, "::", 2000);
        world.receive(
                datagram("10.0.0.2", "10.0.0.1", 7, 2000, 300),
                datagram("10.0.0.2", "10.0.0.1", 8, 2000, 0),
                datagram("fd00::2", "fd00::1", 9, 2000, 20));

        assertThat(events).containsExactly("readable 2000", "readable 2000", "readable 2000");
        assertThat(socket.queued()).isEqualTo(2);
        assertThat(world.bytesOf(socket.first())).isEqualTo(IpWorld.counting(300));
        assertThat(List.of(take(socket), take(socket), take(socket), take(socket6)))
                .containsExactly("300 bytes from port 7", "0 bytes from port 8", "nothing", "20 bytes from port 9");
        assertThat(udp.counters(false).get(UdpMib.IN_DATAGRAMS)).isEqualTo(2);
        assertThat(socket.receiveBytes()).isZero();
        world.assertNothingIsLeft();
    }

    @Test
    void theSocketThatSuitsBestGetsIt() {
        UdpSocketCore any = bound(false, "0.0.0.0", 1000);
        UdpSocketCore own = bound(false, "10.0.0.1", 1001);
        assertThat(connect(own, "10.0.0.2", 5)).isZero();
        world.receive(
                datagram("10.0.0.2", "10.0.0.1", 5, 1001, 10),
                datagram("10.0.0.2", "10.0.0.1", 6, 1001, 10),
                datagram("10.0.0.3", "10.0.0.1", 5, 1000, 10));

        assertThat(own.queued()).isEqualTo(1);
        assertThat(any.queued()).isEqualTo(1);
        assertThat(udp.counters(false).get(UdpMib.NO_PORTS)).isEqualTo(1);
    }

    @Test
    void aPortIsTakenOnce() {
        UdpSocketCore first = bound(false, "10.0.0.1", 2000);

        assertThat(bind(socket(false), "0.0.0.0", 2000)).isEqualTo(-UdpLayer.EADDRINUSE);
        assertThat(bind(socket(false), "10.0.0.1", 2000)).isEqualTo(-UdpLayer.EADDRINUSE);
        assertThat(bind(socket(false), "10.0.0.9", 2001)).isEqualTo(-UdpLayer.EADDRNOTAVAIL);
        assertThat(bind(socket(true), "::", 2000)).isZero();
        world.run(on -> udp.close(first, on));
        assertThat(bind(socket(false), "0.0.0.0", 2000)).isZero();
    }

    @Test
    void portsOfTheLayersChoiceDiffer() {
        UdpSocketCore one = bound(false, "0.0.0.0", 0);
        UdpSocketCore two = bound(false, "0.0.0.0", 0);

        assertThat(one.localPort()).isBetween(32_768, 61_000).isNotEqualTo(two.localPort());
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        UdpSocketCore socket = bound(false, "0.0.0.0", 2000);
        socket.setReceiveBufferBytes(4000);
        for (int i = 0; i < 5; i++) {
            world.receive(datagram("10.0.0.2", "10.0.0.1", 7, 2000, 1000));
        }

        assertThat(socket.queued()).isEqualTo(2);
        assertThat(socket.drops()).isEqualTo(3);
        assertThat(socket.receiveBytes()).isLessThan(4000);
        assertThat(udp.counters(false).get(UdpMib.RCVBUF_ERRORS)).isEqualTo(3);
        assertThat(udp.counters(false).get(UdpMib.IN_ERRORS)).isEqualTo(3);
        world.run(on -> udp.close(socket, on));
        world.assertNothingIsLeft();
    }

    @Test
    void checksumsThatHardwareDidNotCheckAreSeenAtTheCopy() {
        IpWorld unchecked = IpWorld.of(NicSettings.DEFAULT.withChecksumOffload(false));
        UdpLayer layer = unchecked.ip.udp();
        UdpSocketCore socket = layer.open(false, (each, on) -> {});
        assertThat(layer.bind(socket, 0, 0, 2000)).isZero();
        byte[] bad = datagram("10.0.0.2", "10.0.0.1", 7, 2000, 101);
        bad[60] ^= 4;
        byte[] none = datagram("10.0.0.2", "10.0.0.1", 7, 2000, 101);
        none[60] ^= 4;
        Udp.setChecksum(none, UDP, 0);
        unchecked.receive(datagram("10.0.0.2", "10.0.0.1", 7, 2000, 101), bad, none);

        List<Boolean> intact = new ArrayList<>();
        while (socket.first() != null) {
            intact.add(layer.isIntact(socket.first()));
            unchecked.run(socket::consume);
        }
        assertThat(intact).containsExactly(true, false, true);
    }

    @Test
    void lengthsThatCannotBeAreDropped() {
        UdpSocketCore socket = bound(false, "0.0.0.0", 2000);
        byte[] tooLong = datagram("10.0.0.2", "10.0.0.1", 7, 2000, 50);
        Udp.setLength(tooLong, UDP, 59);
        byte[] tooShort = datagram("10.0.0.2", "10.0.0.1", 7, 2000, 50);
        Udp.setLength(tooShort, UDP, 7);
        byte[] shorter = datagram("10.0.0.2", "10.0.0.1", 7, 2000, 50);
        Udp.setLength(shorter, UDP, 38);
        Udp.setChecksum(shorter, UDP, 0);
        world.receive(tooLong, tooShort, shorter);

        assertThat(udp.counters(false).get(UdpMib.IN_ERRORS)).isEqualTo(2);
        assertThat(take(socket)).isEqualTo("30 bytes from port 7");
    }

    @Test
    void overIpv6AChecksumIsNotOptional() {
        UdpSocketCore socket = bound(true, "::", 2000);
        byte[] frame = datagram("fd00::2", "fd00::1", 7, 2000, 50);
        Udp.setChecksum(frame, Ethernet.HEADER_LENGTH + 40, 0);
        world.receive(frame);

        assertThat(socket.queued()).isZero();
        assertThat(udp.counters(true).get(UdpMib.IN_ERRORS)).isEqualTo(1);
    }

    @Test
    void everySocketOfAPortGetsWhatIsForAll() {
        UdpSocketCore any = bound(false, "0.0.0.0", 2000);
        world.receive(
                datagram("10.0.0.2", "10.0.0.255", 7, 2000, 400), datagram("10.0.0.2", "10.0.0.255", 7, 2001, 400));

        assertThat(world.bytesOf(any.first())).isEqualTo(IpWorld.counting(400));
        assertThat(take(any)).isEqualTo("400 bytes from port 7");
        assertThat(world.sent()).isEmpty();
        world.assertNothingIsLeft();
    }

    @Test
    void datagramsGoOut() {
        UdpSocketCore socket = bound(false, "0.0.0.0", 2000);
        UdpSocketCore socket6 = bound(true, "::", 2000);

        assertThat(send(socket, 100, "10.0.0.2", 9)).isZero();
        assertThat(send(socket6, 100, "fd00::2", 9)).isZero();
        assertThat(send(socket, 0, "10.0.0.2", 9)).isZero();
        List<byte[]> frames = world.takeFrames();
        assertThat(frames)
                .extracting(FrameText::of)
                .containsExactly(
                        "10.0.0.1 > 10.0.0.2 DF: udp 2000 > 9 100",
                        "fd00::1 > fd00::2: udp 2000 > 9 100",
                        "10.0.0.1 > 10.0.0.2 DF: udp 2000 > 9 0");
        assertThat(Arrays.copyOfRange(frames.getFirst(), UDP + 8, UDP + 108)).isEqualTo(IpWorld.counting(100));
        assertThat(udp.counters(false).get(UdpMib.OUT_DATAGRAMS)).isEqualTo(2);
    }

    @Test
    void withoutOffloadTheChecksumIsSoftwares() {
        IpWorld plain =
                IpWorld.of(NicSettings.DEFAULT.withChecksumOffload(false)).acquainted();
        UdpLayer layer = plain.ip.udp();
        UdpSocketCore socket = layer.open(false, (each, on) -> {});
        plain.run(on -> assertThat(layer.send(
                        socket,
                        layer.allocate(333, on),
                        0,
                        IpAddress.parse("10.0.0.2").low(),
                        9,
                        on))
                .isZero());

        assertThat(plain.sent()).containsExactly("10.0.0.1 > 10.0.0.2 DF: udp 32768 > 9 333");
    }

    @Test
    void longDatagramsGoOutInFragmentsAndBackTogether() {
        UdpSocketCore socket = bound(false, "0.0.0.0", 2000);
        assertThat(send(socket, 5000, "10.0.0.2", 2000)).isZero();
        List<byte[]> fragments = world.takeFrames();
        assertThat(fragments).hasSize(4);

        // The same fragments from the other side: addresses exchanged, which no checksum notices.
        for (byte[] frame : fragments) {
            Ethernet.writeHeader(frame, 0, FrameBuilder.RECEIVER, FrameBuilder.SENDER, Ethernet.TYPE_IPV4);
            byte[] source = Arrays.copyOfRange(frame, 26, 30);
            System.arraycopy(frame, 30, frame, 26, 4);
            System.arraycopy(source, 0, frame, 30, 4);
            world.receive(frame);
        }
        assertThat(world.bytesOf(socket.first())).isEqualTo(IpWorld.counting(5000));
        assertThat(take(socket)).isEqualTo("5000 bytes from port 2000");
    }

    @Test
    void aConnectedSocketHearsThatNobodyListens() {
        UdpSocketCore connected = socket(false);
        assertThat(connect(connected, "10.0.0.2", 9)).isZero();
        assertThat(connected.localLow()).isEqualTo(IpAddress.parse("10.0.0.1").low());
        UdpSocketCore loose = bound(false, "0.0.0.0", 2000);
        assertThat(send(connected, 10, "0.0.0.0", 0)).isZero();
        assertThat(send(loose, 10, "10.0.0.2", 9)).isZero();
        for (byte[] frame : world.takeFrames()) {
            world.receive(IpWorld.icmpFrame(3, 3, 0, Arrays.copyOfRange(frame, 14, 42)));
        }

        assertThat(connected.takeError()).isEqualTo(111);
        assertThat(connected.hasError()).isFalse();
        assertThat(loose.hasError()).isFalse();
        assertThat(events).containsExactly("readable " + connected.localPort());
    }

    @Test
    void whatCannotBeSentIsRefused() {
        UdpSocketCore socket = socket(false);

        assertThat(send(socket, 10, "0.0.0.0", 0)).isEqualTo(-UdpLayer.EDESTADDRREQ);
        assertThat(send(socket, 10, "10.0.0.1", 9)).isEqualTo(-UdpLayer.ENOBUFS);
        assertThat(send(socket, 65_507, "10.0.0.2", 9)).isZero();
        assertThat(send(socket, 65_508, "10.0.0.2", 9)).isEqualTo(-UdpLayer.EMSGSIZE);
        world.assertNothingIsLeft();
    }
}
