package org.ioatlab.hardware.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.ToeplitzHash;
import org.junit.jupiter.api.Test;

/** The port as its driver sees it: registers, descriptors, interrupts, counters. */
class NetworkPortTest {
    private static final byte[] TCP = FrameBuilder.ethernet()
            .ipv4("66.9.149.187", "161.142.100.80")
            .tcp(2794, 1766)
            .payload(200)
            .build();

    private final PortWorld world = new PortWorld();
    private final NetworkPort port = world.port;

    @Test
    void itTellsWhatItIs() {
        assertThat(port.interfaceName()).isEqualTo("eth0");
        assertThat(port.address()).isEqualTo("0000:01:00.0");
        assertThat(port.deviceId()).isEqualTo(0x105e);
        assertThat(port.classCode()).isEqualTo(0x0200);
        assertThat(world.read(PortRegister.STATUS)).isEqualTo(PortRegister.STATUS_LU);
    }

    @Test
    void registersReadBack() {
        for (int offset : List.of(
                PortRegister.RCTL,
                PortRegister.PSRCTL,
                PortRegister.RXCSUM,
                PortRegister.RLPML,
                PortRegister.RFCTL,
                PortRegister.ITR,
                PortRegister.MRQC,
                PortRegister.RETA + 124,
                PortRegister.RSSRK + 36,
                PortRegister.RDBAL + 7 * PortRegister.QUEUE_STRIDE,
                PortRegister.RDBAH + 3 * PortRegister.QUEUE_STRIDE,
                PortRegister.RAL + 15 * 8,
                PortRegister.RAH + 8)) {
            world.write(offset, 0x0123_4560);
            assertThat(world.read(offset)).as("0x%04x", offset).isEqualTo(0x0123_4560);
        }
        assertThat(world.write(0x1_0000, 7).read(0x1_0000)).as("no register").isZero();
    }

    @Test
    void aLegacyDescriptorTellsLengthAndStatus() {
        byte[] frame = PortWorld.frame(PortWorld.OWN, 100);
        world.plainRing(0, 8).receiver(0).send(frame);

        // Length 100; done, end of packet, checksums ignored.
        assertThat(world.word(0, 0, 16, 8)).isEqualTo(100 | 0x07L << 32);
        assertThat(world.stored(0, 0, 0, 100)).isEqualTo(frame);
        assertThat(world.word(0, 1, 16, 8)).isZero();
        assertThat(world.read(PortRegister.RDH)).isEqualTo(1);
    }

    @Test
    void aLegacyDescriptorTellsAWrongChecksumInItsErrors() {
        byte[] frame = TCP.clone();
        frame[frame.length - 1] ^= 1;
        world.write(PortRegister.RXCSUM, PortRegister.RXCSUM_IPOFLD | PortRegister.RXCSUM_TUOFLD);
        world.plainRing(0, 8).receiver(0).send(TCP, frame);

        assertThat(world.word(0, 0, 16, 8) >>> 32).isEqualTo(0x0063);
        assertThat(world.word(0, 1, 16, 8) >>> 32).isEqualTo(0x2063);
    }

    @Test
    void anExtendedDescriptorTellsTheHash() {
        steering(0x0f);
        world.write(PortRegister.RFCTL, PortRegister.RFCTL_EXTEN);
        world.plainRing(0, 8).receiver(0).send(TCP);

        assertThat(world.word(0, 0, 16, 0)).isEqualTo(0x51cc_c178L << 32 | 1);
        assertThat(world.word(0, 0, 16, 8)).isEqualTo((long) TCP.length << 32 | 7);
    }

    @Test
    void aSplitDescriptorTellsWhereHeaderAndDataLie() {
        steering(0x0f);
        world.write(PortRegister.RFCTL, PortRegister.RFCTL_EXTEN).write(PortRegister.PSRCTL, 1 | 4 << 8);
        world.splitRing(0, 8).receiver(PortRegister.RCTL_DTYP_PS).send(TCP);

        assertThat(world.word(0, 0, 32, 0)).isEqualTo(0x51cc_c178L << 32 | 1);
        assertThat(world.word(0, 0, 32, 8)).isEqualTo(54L << 32 | 7);
        assertThat(world.word(0, 0, 32, 16)).isEqualTo(200L << 16 | 0x8000 | 54);
        assertThat(world.word(0, 0, 32, 24)).isZero();
        assertThat(world.stored(0, 0, 0, 54)).isEqualTo(Arrays.copyOf(TCP, 54));
        assertThat(world.stored(0, 0, 0x1000, 200)).isEqualTo(Arrays.copyOfRange(TCP, 54, 254));
    }

    @Test
    void fragmentsStayWholeWhereTheDriverSaysSo() {
        byte[] fragment = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .ipv4Fragment(0, true)
                .udp(1, 2)
                .payload(300)
                .build();
        world.write(PortRegister.RFCTL, PortRegister.RFCTL_EXTEN | PortRegister.RFCTL_IPFRSP_DIS);
        world.write(PortRegister.PSRCTL, 1 | 4 << 8);
        world.splitRing(0, 8).receiver(PortRegister.RCTL_DTYP_PS).send(fragment);

        assertThat(world.word(0, 0, 32, 8) >>> 32).isEqualTo(128);
        assertThat(world.word(0, 0, 32, 16)).isEqualTo((long) (fragment.length - 128) << 16);
    }

    @Test
    void theRedirectionTableNamesTheQueue() {
        steering(0x0f);
        world.write(PortRegister.RFCTL, PortRegister.RFCTL_EXTEN);
        for (int queue = 0; queue < NetworkPort.QUEUES; queue++) {
            world.plainRing(queue, 8);
        }
        world.receiver(0);
        // The hash's low seven bits are 0x78; its entry is byte 0 of the word at 0x78.
        for (int queue = 0; queue < NetworkPort.QUEUES; queue++) {
            world.write(PortRegister.RETA + 0x78, queue).send(TCP);
        }

        for (int queue = 0; queue < NetworkPort.QUEUES; queue++) {
            assertThat(port.statistics().queuePackets(queue))
                    .as("queue %d", queue)
                    .isEqualTo(1);
            assertThat(world.word(queue, 0, 16, 0)).isEqualTo(0x51cc_c178L << 32 | queue << 8 | 1);
        }
    }

    @Test
    void aTableThatNamesAQueueWithoutARingLeadsToTheFirst() {
        steering(0x0f);
        world.write(PortRegister.RETA + 0x78, 5).write(PortRegister.RFCTL, PortRegister.RFCTL_EXTEN);
        world.plainRing(0, 8).receiver(0).send(TCP);

        assertThat(port.statistics().queuePackets(0)).isEqualTo(1);
    }

    @Test
    void itListensToItsOwnAddressBroadcastAndListedGroups() {
        long group = 0x3333_0000_0001L;
        world.write(PortRegister.RAL + 8, 0x0000_3333).write(PortRegister.RAH + 8, 0x0000_0100 | PortRegister.RAH_AV);
        world.plainRing(0, 60).receiver(0);
        world.send(
                PortWorld.frame(PortWorld.OWN, 60),
                PortWorld.frame(PortWorld.OWN + 1, 60),
                PortWorld.frame(PortWorld.BROADCAST, 60),
                PortWorld.frame(group, 60),
                PortWorld.frame(group + 1, 60));

        assertThat(counters())
                .containsEntry("rx_packets", 3L)
                .containsEntry("rx_bytes", 180L)
                .containsEntry("rx_broadcast", 1L)
                .containsEntry("rx_multicast", 1L)
                .containsEntry("rx_filtered", 2L);
    }

    @Test
    void eachWayOfListeningLetsItsOwnKindThrough() {
        byte[][] frames = {
            PortWorld.frame(PortWorld.OWN + 1, 60),
            PortWorld.frame(0x3333_0000_0009L, 60),
            PortWorld.frame(PortWorld.BROADCAST, 60)
        };
        world.plainRing(0, 60);
        world.write(PortRegister.RCTL, PortRegister.RCTL_EN).send(frames);
        assertThat(port.statistics().packets()).as("none").isZero();
        world.receiver(0).send(frames);
        assertThat(port.statistics().packets()).as("broadcast").isEqualTo(1);
        world.receiver(PortRegister.RCTL_MPE).send(frames);
        assertThat(port.statistics().packets()).as("all groups").isEqualTo(1 + 2);
        world.receiver(PortRegister.RCTL_UPE).send(frames);
        assertThat(port.statistics().packets()).as("all stations").isEqualTo(1 + 2 + 2);
        world.receiver(PortRegister.RCTL_UPE | PortRegister.RCTL_MPE).send(frames);
        assertThat(port.statistics().packets()).as("everything").isEqualTo(1 + 2 + 2 + 3);
    }

    @Test
    void framesOfWrongLengthAreCountedAndDropped() {
        world.plainRing(0, 60).receiver(0);
        for (int length : List.of(0, 13, 59, 60, 1518, 1519, 9000)) {
            world.send(
                    PortWorld.frame(PortWorld.OWN, Math.max(length, 14)).length == length
                            ? PortWorld.frame(PortWorld.OWN, length)
                            : new byte[length]);
        }

        assertThat(counters())
                .containsEntry("rx_short_length_errors", 3L)
                .containsEntry("rx_packets", 2L)
                .containsEntry("rx_long_length_errors", 2L);
    }

    @Test
    void largeFramesAreTakenUpToTheLengthThatTheDriverSets() {
        int large = PortRegister.RCTL_LPE | PortRegister.RCTL_BSEX | 1 << PortRegister.RCTL_BSIZE_SHIFT;
        world.write(PortRegister.RLPML, 9022).plainRing(0, 60).receiver(large);
        world.send(PortWorld.frame(PortWorld.OWN, 9018), PortWorld.frame(PortWorld.OWN, 9019));

        assertThat(counters()).containsEntry("rx_packets", 1L).containsEntry("rx_long_length_errors", 1L);
        assertThat(world.stored(0, 0, 0, 9018)).isEqualTo(PortWorld.frame(PortWorld.OWN, 9018));
    }

    @Test
    void whileTheReceiverIsOffFramesAreLostAndCounted() {
        world.plainRing(0, 60).send(PortWorld.frame(PortWorld.OWN, 60));

        assertThat(counters()).containsEntry("rx_receiver_off", 1L).containsEntry("rx_packets", 0L);
    }

    @Test
    void framesWaitInThePacketBufferUntilThereAreDescriptors() {
        byte[][] frames = new byte[40][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = PortWorld.frame(PortWorld.OWN, 1514);
            frames[i][20] = (byte) i;
        }
        world.plainRing(0, 4).receiver(0).send(frames);

        // 4 stored; 32 of 1514 bytes fit into 48 KiB; 4 are missed.
        assertThat(counters())
                .containsEntry("rx_packets", 4L)
                .containsEntry("rx_no_buffer_count", 36L)
                .containsEntry("rx_missed_errors", 4L);
        assertThat(port.packetBufferFrames()).isEqualTo(32);
        assertThat(port.packetBufferBytes()).isEqualTo(32 * 1514);

        world.write(PortRegister.RDT, 10);
        assertThat(counters()).containsEntry("rx_packets", 10L);
        world.write(PortRegister.RDT, 60);
        assertThat(counters()).containsEntry("rx_packets", 36L).containsEntry("rx_missed_errors", 4L);
        for (int i = 0; i < 36; i++) {
            assertThat(world.stored(0, i, 0, 1514)).as("frame %d", i).isEqualTo(frames[i]);
        }
    }

    @Test
    void thePacketBufferIsReusedRoundAndRound() {
        world.plainRing(0, 0).receiver(0);
        for (int round = 0; round < 50; round++) {
            int length = 60 + 37 * round % 1400;
            byte[] frame = PortWorld.frame(PortWorld.OWN, length);
            frame[30] = (byte) round;
            world.send(frame, frame, frame).write(PortRegister.RDT, (round + 1) * 3 % 64);
            assertThat(world.stored(0, round * 3 % 64, 0, length)).isEqualTo(frame);
        }
        assertThat(counters()).containsEntry("rx_packets", 150L).containsEntry("rx_missed_errors", 0L);
    }

    @Test
    void largeAndSmallFramesDoNotOverlapInThePacketBuffer() {
        int large = PortRegister.RCTL_LPE | PortRegister.RCTL_BSEX | 1 << PortRegister.RCTL_BSIZE_SHIFT;
        world.write(PortRegister.RLPML, 9022).plainRing(0, 0).receiver(large);
        List<byte[]> waiting = new ArrayList<>();
        int tail = 0;
        int head = 0;
        for (int i = 0; i < 200; i++) {
            byte[] frame = PortWorld.frame(PortWorld.OWN, i % 3 == 0 ? 60 + i : 9018 - 29 * i % 2000);
            frame[40] = (byte) i;
            long missed = port.statistics().missed();
            world.send(frame);
            if (port.statistics().missed() == missed) {
                waiting.add(frame);
            }
            while (port.packetBufferBytes() > 40_000 - 17 * i) {
                tail = (tail + 1) % 64;
                world.write(PortRegister.RDT, tail);
                byte[] first = waiting.removeFirst();
                assertThat(world.stored(0, head, 0, first.length))
                        .as("round %d", i)
                        .isEqualTo(first);
                head = (head + 1) % 64;
            }
        }
        assertThat(port.statistics().packets()).isGreaterThan(100);
    }

    @Test
    void framesInThePacketBufferAreMissedWhenTheReceiverGoesOff() {
        world.plainRing(0, 0).receiver(0);
        world.send(PortWorld.frame(PortWorld.OWN, 60), PortWorld.frame(PortWorld.OWN, 60));
        world.write(PortRegister.RCTL, 0);

        assertThat(counters()).containsEntry("rx_missed_errors", 2L);
        assertThat(port.packetBufferFrames()).isZero();
    }

    @Test
    void tagsAreTakenOutIntoTheDescriptor() {
        byte[] tagged = FrameBuilder.ethernet()
                .vlan(5)
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(1, 2)
                .payload(100)
                .build();
        world.write(PortRegister.CTRL, PortRegister.CTRL_SLU | PortRegister.CTRL_VME);
        world.plainRing(0, 8).receiver(0).send(tagged);

        assertThat(world.word(0, 0, 16, 8)).isEqualTo(154 | 0x0fL << 32 | 5L << 48);
        byte[] untagged = world.stored(0, 0, 0, 154);
        assertThat(Arrays.copyOf(untagged, 12)).isEqualTo(Arrays.copyOf(tagged, 12));
        assertThat(Arrays.copyOfRange(untagged, 12, 154)).isEqualTo(Arrays.copyOfRange(tagged, 16, 158));
    }

    @Test
    void aRemovedPortReadsAllOnesAndStopsItsLink() {
        world.plainRing(0, 8).receiver(0);
        port.remove();

        assertThat(world.read(PortRegister.STATUS)).isEqualTo(-1);
        assertThat(world.link.hasCarrier()).isFalse();
    }

    private void steering(int fields) {
        world.write(PortRegister.MRQC, PortRegister.MRQC_RSS | fields << 16);
        byte[] key = ToeplitzHash.DEFAULT.key();
        for (int i = 0; i < key.length; i += 4) {
            int word = (key[i] & 0xff) | (key[i + 1] & 0xff) << 8 | (key[i + 2] & 0xff) << 16 | key[i + 3] << 24;
            world.write(PortRegister.RSSRK + i, word);
        }
        world.write(PortRegister.RXCSUM, PortRegister.RXCSUM_PCSD);
    }

    private Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        port.statistics().addTo(counters);
        return counters;
    }
}
