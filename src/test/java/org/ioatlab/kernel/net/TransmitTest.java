package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.Udp;
import org.junit.jupiter.api.Test;

/** Packets on their way from {@code dev_queue_xmit} to the other end of the wire. */
class TransmitTest {
    private static final long NS_PER_BYTE = 8;
    private static final int HEADERS_V4 = 14 + 20 + 32;
    private static final int HEADERS_V6 = 14 + 40 + 32;
    private static final int SEGMENT = 1448;

    private static FrameBuilder ipv4() {
        return FrameBuilder.ethernet().ipv4("10.0.0.1", "10.0.0.2");
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet().ipv6("fd00::1", "fd00::2");
    }

    private static byte[] full() {
        return ipv4().tcp(80, 1000).payload(1460).build();
    }

    @Test
    void aFrameArrivesWithItsLastBit() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame = full();
        long doorbell = port.send(port.packet(frame));
        port.settle();

        assertThat(port.wire).containsExactly(frame);
        assertThat(port.arrivals).containsExactly(doorbell + (8 + 1514 + 4) * NS_PER_BYTE * 1000);
        port.checkBalanced();
    }

    @Test
    void fullFramesFollowEachOtherEvery12304Nanoseconds() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        SocketBuffer[] packets = new SocketBuffer[100];
        Arrays.setAll(packets, i -> port.packet(full()));
        port.send(packets);
        port.settle();

        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < port.arrivals.size(); i++) {
            gaps.add(port.arrivals.get(i) - port.arrivals.get(i - 1));
        }
        assertThat(gaps).hasSize(99).containsOnly(12_304_000L);
        port.checkBalanced();
    }

    @Test
    void shortFramesAreFilledUp() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] ack = ipv4().tcp(80, 1000).build();
        long doorbell = port.send(port.packet(full()), port.packet(ack), port.packet(ack));
        port.settle();

        assertThat(doorbell).isPositive();
        assertThat(port.wire.get(2)).hasSize(60).startsWith(ack).endsWith(0, 0, 0, 0, 0, 0);
        assertThat(port.arrivals.get(2) - port.arrivals.get(1)).isEqualTo(84 * NS_PER_BYTE * 1000);
    }

    @Test
    void checksumsArePutInForEveryProtocol() {
        for (FrameBuilder builder : List.of(
                ipv4().tcp(80, 1000).payload(1001),
                ipv4().udp(80, 1000).payload(1001),
                ipv6().tcp(80, 1000).payload(1002),
                ipv6().udp(80, 1000).payload(0),
                ipv4().ipv4Options(8).tcp(80, 1000, Tcp.ACK, 12).payload(300))) {
            SendWorld port = SendWorld.of(NicSettings.DEFAULT);
            byte[] frame = builder.build();
            port.send(port.unfinished(frame, frame.length));
            port.settle();
            assertThat(Arrays.copyOf(port.wire.getFirst(), frame.length)).isEqualTo(frame);
        }
    }

    @Test
    void aUdpChecksumOfZeroIsSentAsAllOnes() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame = ipv4().udp(80, 1000).payload(100).build();
        // With its own checksum added to a word of the payload the sum comes out as all ones.
        BigEndian.put16(frame, 42, InternetChecksum.add(BigEndian.u16(frame, 42), Udp.checksum(frame, 34)));
        port.send(port.unfinished(frame, frame.length));
        port.settle();

        assertThat(Udp.checksum(port.wire.getFirst(), 34)).isEqualTo(0xffff);
    }

    @Test
    void sixtyFourKibibytesAreCutAsSoftwareWouldCutThem() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame = ipv4().tcp(80, 1000, Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR, 12)
                .payload(65_536)
                .build();
        Ipv4.setIdentification(frame, 14, 0xfff0);
        Tcp.setSequence(frame, 34, -5000);
        check(port, frame, HEADERS_V4);
    }

    @Test
    void ipv6IsCutToo() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame =
                ipv6().tcp(80, 1000, Tcp.ACK | Tcp.PSH, 12).payload(65_536).build();
        check(port, frame, HEADERS_V6);
    }

    private static void check(SendWorld port, byte[] frame, int headers) {
        SocketBuffer packet = port.unfinished(frame, headers);
        packet.setSegmentBytes(SEGMENT);
        port.send(packet);
        port.settle();

        assertThat(port.wire).hasSize(46).containsExactlyElementsOf(SendWorld.cut(frame, headers, SEGMENT));
        FrameLayout layout = new FrameLayout();
        for (byte[] segment : port.wire) {
            layout.parse(segment, 0, segment.length);
            assertThat(ChecksumVerifier.transport(segment, layout)).isEqualTo(ChecksumStatus.GOOD);
            assertThat(ChecksumVerifier.ipv4Header(segment, layout)).isNotEqualTo(ChecksumStatus.BAD);
        }
        assertThat(port.world.count("tx_tcp_seg_good")).isEqualTo(1);
        assertThat(port.world.count("tx_packets")).isEqualTo(46);
        assertThat(port.world.count("tx_bytes")).isEqualTo(46L * headers + 65_536);
        port.checkBalanced();
    }

    @Test
    void pagesThatOthersOwnAreReadByTheControllerAndStayTheirs() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame = full();
        SocketBuffer packet = port.packet(frame, 54);
        int page = packet.fragmentPage(0);
        port.world.memory.pages().get(page);
        port.send(packet);
        // Nothing was copied: what the page holds when the frame begins is what goes out.
        long address = ((long) page << PhysicalMemory.PAGE_SHIFT) + packet.fragmentOffset(0);
        port.world.bytes.write(address, new byte[] {9, 8, 7}, 0, 3);
        port.settle();

        assertThat(Arrays.copyOfRange(port.wire.getFirst(), 54, 57)).containsExactly(9, 8, 7);
        assertThat(port.world.memory.pages().users(page)).isEqualTo(1);
        assertThat(port.world.observation.profile().cycles(0, Symbol.MEMCPY)).isZero();
        port.world.memory.pages().free(page, port.world.boot());
        port.checkBalanced();
    }

    @Test
    void everyStepIsChargedUnderItsOwnName() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] ack = ipv4().tcp(80, 1000).build();
        SocketBuffer packet = port.unfinished(ack, ack.length);
        port.world.observation.profile().reset();
        port.send(packet);
        port.settle();

        assertThat(cycles(port, Symbol.DEV_QUEUE_XMIT)).isEqualTo(cost(port, Parameter.TRANSMIT_QUEUE_CYCLES));
        assertThat(cycles(port, Symbol.PFIFO_FAST_ENQUEUE)).isEqualTo(cost(port, Parameter.PFIFO_FAST_ENQUEUE_CYCLES));
        assertThat(cycles(port, Symbol.QDISC_RESTART)).isEqualTo(cost(port, Parameter.QUEUE_DISCIPLINE_CYCLES));
        assertThat(cycles(port, Symbol.PFIFO_FAST_DEQUEUE)).isEqualTo(cost(port, Parameter.PFIFO_FAST_DEQUEUE_CYCLES));
        assertThat(cycles(port, Symbol.E1000_XMIT_FRAME))
                .as("context, data and the tail register; the descriptors' line comes from memory")
                .isEqualTo(cost(port, Parameter.TRANSMIT_PACKET_CYCLES)
                        + 2 * cost(port, Parameter.TRANSMIT_DESCRIPTOR_CYCLES)
                        + 300
                        + 400);
        assertThat(cycles(port, Symbol.E1000_CLEAN_TX_IRQ))
                .as("the controller has written the descriptor")
                .isEqualTo(cost(port, Parameter.TRANSMIT_CLEAN_CYCLES) + 400);
        assertThat(cycles(port, Symbol.E1000_CLEAN_RX_IRQ))
                .as("a look at the receive ring")
                .isEqualTo(18);
    }

    private static long cost(SendWorld port, Parameter parameter) {
        return port.world.platform.get(parameter);
    }

    private static long cycles(SendWorld port, Symbol symbol) {
        return port.world.observation.profile().cycles(0, symbol);
    }

    @Test
    void aFullRingStopsTheQueueUntilThereIsRoomAgain() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            frames.add(ipv4().tcp(i, 1000).payload(1000).build());
        }
        port.send(frames.stream().map(port::packet).toArray(SocketBuffer[]::new));
        // One descriptor a packet: at 19 free ones there is no longer room for any packet.
        assertThat(port.world.driver.transmitQueue().isStopped()).isTrue();
        assertThat(port.world.driver.transmitQueue().length()).isEqualTo(600 - 236);
        port.settle();

        assertThat(port.wire).containsExactlyElementsOf(frames);
        assertThat(port.world.driver.transmitQueue().length()).isZero();
        assertThat(port.world.count("tx_restart_queue")).isPositive();
        assertThat(port.world.count("tx_dropped")).isZero();
        port.checkBalanced();
    }

    @Test
    void aThousandPacketsWaitAndTheNextIsDropped() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        byte[] frame = ipv4().tcp(80, 1000).payload(1000).build();
        for (int i = 0; i < 236 + 1000; i++) {
            assertThat(port.world.device.transmit(port.packet(frame), port.world.boot()))
                    .isTrue();
        }
        assertThat(port.world.device.transmit(port.packet(frame), port.world.boot()))
                .isFalse();
        port.settle();

        assertThat(port.wire).hasSize(1236);
        assertThat(port.world.count("tx_dropped")).isEqualTo(1);
        port.checkBalanced();
    }

    @Test
    void sentFramesAreCaptured() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        port.world.observation.capture(0).configure(true, 1514, null, CaptureDirection.TX);
        byte[] frame = full();
        port.send(port.packet(frame));
        port.world.send(ipv4().tcp(80, 1000).payload(50).build());
        port.settle();

        assertThat(port.world.observation.capture(0).packets()).isEqualTo(1);
        assertThat(port.world.observation.capture(0).bytes()).isEqualTo(1514);
    }

    @Test
    void whatNobodyTakesIsGone() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        port.world.port.uplink().connect(null);
        port.send(port.packet(full()));
        port.settle();

        assertThat(port.wire).isEmpty();
        assertThat(port.world.count("tx_packets")).isEqualTo(1);
        port.checkBalanced();
    }

    @Test
    void theInterfaceTellsWhatTheSettingsAre() {
        NicWorld world = NicWorld.of(NicSettings.DEFAULT.withMtu(9000)).open();
        assertThat(world.device.name()).isEqualTo("eth0");
        assertThat(world.device.mtu()).isEqualTo(9000);
        assertThat(world.device.address()).isEqualTo(NicWorld.ADDRESS);
        assertThat(world.device.insertsChecksums()).isTrue();
        assertThat(world.device.segmentsTcp()).isTrue();
        world.change(world.driver.settings().withTso(false));
        assertThat(world.device.segmentsTcp()).isFalse();
        world.change(world.driver.settings().withTso(true).withChecksumOffload(false));
        assertThat(world.device.insertsChecksums()).isFalse();
        assertThat(world.device.segmentsTcp()).isFalse();
    }
}
