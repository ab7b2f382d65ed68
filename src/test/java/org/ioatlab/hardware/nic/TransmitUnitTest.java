package org.ioatlab.hardware.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ioatlab.time.EventLoop;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.InternetChecksum;
import org.junit.jupiter.api.Test;

/** Descriptors, written back and not, and frames on the wire to the picosecond, with a driver's hands on the registers. */
class TransmitUnitTest {
    private static final long RING = 0x1a_0000;
    private static final long BUFFER = 0x30_0000;
    private static final int DESCRIPTORS = 16;
    private static final long DATA =
            TransmitDescriptor.EXTENDED | TransmitDescriptor.DATA | TransmitDescriptor.INSERT_FCS;
    private static final long END = TransmitDescriptor.END_OF_PACKET;
    private static final long REPORT = TransmitDescriptor.REPORT;
    private static final long NS = 1000;

    private final PortWorld world = new PortWorld();
    private final List<String> wire = new ArrayList<>();
    private int tail;

    TransmitUnitTest() {
        world.port
                .uplink()
                .connect((bytes, offset, length) ->
                        wire.add(world.loop.nowPs() / NS + " ns: " + length + " bytes, first " + bytes[offset]));
        world.write(PortRegister.TDBAL, (int) RING).write(PortRegister.TDLEN, DESCRIPTORS * TransmitDescriptor.BYTES);
        world.write(PortRegister.TCTL, PortRegister.TCTL_EN | PortRegister.TCTL_PSP);
    }

    /** Writes a descriptor behind those written before, without handing it over. */
    private void descriptor(long first, long second) {
        world.memory.writeLong(RING + 16L * tail, first);
        world.memory.writeLong(RING + 16L * tail + 8, second);
        tail = (tail + 1) % DESCRIPTORS;
    }

    /** A piece of {@code length} bytes whose first is {@code mark}. */
    private void piece(int mark, int length, long command) {
        long address = BUFFER + 0x1000L * tail;
        world.memory.write(address, new byte[] {(byte) mark}, 0, 1);
        descriptor(address, DATA | command | length);
    }

    private void handOver() {
        world.write(PortRegister.TDT, tail);
    }

    private boolean isDone(int slot) {
        return (world.memory.readLong(RING + 16L * slot + 8) & TransmitDescriptor.DONE) != 0;
    }

    private void settle() {
        world.loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
    }

    private long counter(String name) {
        Map<String, Long> counters = new TreeMap<>();
        world.port.statistics().addTo(counters);
        return counters.getOrDefault(name, -1L);
    }

    @Test
    void descriptorsAreWrittenBackWhereAskedForWhenTheFrameHasLeft() {
        world.write(PortRegister.IMS, PortRegister.CAUSE_TXDW);
        piece(1, 100, END);
        piece(2, 1000, 0);
        piece(3, 514, END | REPORT);
        handOver();
        world.loop.run(13_000 * NS, Long.MAX_VALUE, false);
        assertThat(world.interrupts).isEmpty();
        settle();

        assertThat(wire)
                .containsExactly(
                        (8 + 100 + 4) * 8 + " ns: 100 bytes, first 1",
                        (124 + 8 + 1514 + 4) * 8 + " ns: 1514 bytes, first 2");
        assertThat(isDone(0)).isFalse();
        assertThat(isDone(1)).isFalse();
        assertThat(isDone(2)).isTrue();
        assertThat(world.interrupts).containsExactly((124 + 1526) * 8 * NS);
        assertThat(world.read(PortRegister.TDH)).isEqualTo(3);
        assertThat(world.read(PortRegister.ICR)).isEqualTo(PortRegister.CAUSE_TXDW);
    }

    @Test
    void aPacketBeginsWhenAllOfItHasBeenHandedOver() {
        piece(1, 100, 0);
        handOver();
        settle();
        assertThat(wire).isEmpty();
        piece(2, 100, END | REPORT);
        handOver();
        settle();
        assertThat(wire).containsExactly((8 + 200 + 4) * 8 + " ns: 200 bytes, first 1");
        assertThat(isDone(1)).isTrue();
    }

    @Test
    void theRingGoesRound() {
        for (int i = 0; i < 40; i++) {
            piece(i, 60, END | REPORT);
            handOver();
            settle();
        }
        assertThat(wire).hasSize(40).last().asString().endsWith("60 bytes, first 39");
        assertThat(world.read(PortRegister.TDH)).isEqualTo(40 % DESCRIPTORS);
    }

    @Test
    void aContextLastsUntilTheNextOne() {
        List<Integer> sums = new ArrayList<>();
        world.port.uplink().connect((bytes, offset, length) -> sums.add(BigEndian.u16(bytes, offset + 20)));
        long start = 10;
        long at = 20;
        descriptor(
                start << TransmitDescriptor.TRANSPORT_START_SHIFT | at << TransmitDescriptor.TRANSPORT_CHECKSUM_SHIFT,
                TransmitDescriptor.EXTENDED | TransmitDescriptor.TCP);
        piece(1, 64, END | TransmitDescriptor.INSERT_TRANSPORT_CHECKSUM);
        piece(2, 64, END | TransmitDescriptor.INSERT_TRANSPORT_CHECKSUM);
        piece(3, 64, END);
        byte[] bytes = new byte[54];
        bytes[0] = 0x12;
        bytes[53] = 0x34;
        for (int slot = 1; slot <= 3; slot++) {
            world.memory.write(BUFFER + 0x1000L * slot + 10, bytes, 0, 54);
        }
        handOver();
        settle();

        int checksum = InternetChecksum.checksum(bytes, 0, 54);
        assertThat(sums).containsExactly(checksum, checksum, 0);
    }

    @Test
    void whatCantBeSentIsCountedAndPassedOver() {
        piece(1, 4000, END | REPORT | TransmitDescriptor.SEGMENT);
        for (int i = 0; i < 4; i++) {
            piece(2, 4096, i == 3 ? END | REPORT : 0);
        }
        piece(3, 60, END | REPORT);
        handOver();
        settle();

        assertThat(wire).containsExactly((8 + 60 + 4) * 8 + " ns: 60 bytes, first 3");
        assertThat(counter("tx_tcp_seg_failed")).isEqualTo(1);
        assertThat(counter("tx_errors")).isEqualTo(1);
        assertThat(counter("tx_packets")).isEqualTo(1);
        assertThat(isDone(0)).isTrue();
        assertThat(isDone(4)).isTrue();
    }

    @Test
    void aFrameThatHasStartedStillArrivesWhenTheTransmitterIsSwitchedOff() {
        piece(0, 60, END | REPORT);
        piece(1, 1514, END | REPORT);
        piece(2, 1514, END | REPORT);
        handOver();
        world.loop.run(5_000 * NS, Long.MAX_VALUE, false);
        world.write(PortRegister.TCTL, 0);
        settle();

        assertThat(wire).hasSize(2).last().isEqualTo(84 * 8 + 12_208 + " ns: 1514 bytes, first 1");
        assertThat(isDone(1)).isFalse();
        assertThat(world.read(PortRegister.TDH)).isEqualTo(1);
        world.write(PortRegister.TCTL, PortRegister.TCTL_EN);
        settle();
        assertThat(wire).hasSize(4);
        assertThat(isDone(2)).isTrue();
    }

    @Test
    void withoutACableNothingStarts() {
        piece(1, 1514, END | REPORT);
        piece(2, 1514, END | REPORT);
        handOver();
        // In the gap behind the first frame the second has been chosen but hasn't started.
        world.loop.run(12_250 * NS, Long.MAX_VALUE, false);
        world.port.setCable(false);
        assertThat(world.read(PortRegister.STATUS)).isZero();
        assertThat(world.read(PortRegister.MDIC)).isZero();
        world.loop.run(20_000 * NS, Long.MAX_VALUE, false);
        assertThat(wire).containsExactly("12208 ns: 1514 bytes, first 1");
        world.port.setCable(true);
        settle();

        assertThat(wire).last().isEqualTo(20_000 + 12_208 + " ns: 1514 bytes, first 2");
        assertThat(world.read(PortRegister.STATUS)).isEqualTo(PortRegister.STATUS_LU);
    }

    @Test
    void aPulledCableStopsBothDirectionsWhateverTheDriverWishes() {
        world.write(PortRegister.IMS, PortRegister.CAUSE_LSC);
        world.port.setCable(false);
        assertThat(world.read(PortRegister.ICR)).isEqualTo(PortRegister.CAUSE_LSC);
        world.port.setCable(false);
        assertThat(world.read(PortRegister.ICR)).isZero();
        world.write(PortRegister.CTRL, 0).write(PortRegister.CTRL, PortRegister.CTRL_SLU);
        assertThat(world.port.link().hasCarrier()).isFalse();
        assertThat(world.read(PortRegister.ICR)).isEqualTo(PortRegister.CAUSE_LSC);
        world.write(PortRegister.CTRL, 0);
        world.port.setCable(true);
        assertThat(world.port.link().hasCarrier()).isFalse();
        assertThat(world.read(PortRegister.ICR)).isZero();
        world.write(PortRegister.CTRL, PortRegister.CTRL_SLU);
        assertThat(world.port.link().hasCarrier()).isTrue();
        assertThat(world.read(PortRegister.ICR)).isZero();
    }
}
