package org.ioatlab.workload.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final int PPB = Impairments.PPB;

    private final EventLoop loop = new EventLoop();
    private final Link link = new Link(loop, 1000);
    private final PacketLog log = new PacketLog();
    private final StringBuilder arrived = new StringBuilder();
    private final Wire wire = new Wire(
            loop,
            link,
            new PortAddresses(
                    0,
                    MacAddress.parse("02:00:00:00:00:01"),
                    IpAddress.parse("10.0.0.1"),
                    IpAddress.parse("fd00::1"),
                    1500),
            log);

    WireTest() {
        link.connect((bytes, offset, length) -> arrived.append(loop.nowPs() / 1000)
                .append("ns ")
                .append(HexFormat.of().formatHex(bytes, offset, offset + Math.min(length, 42)))
                .append('\n'));
        link.setCarrier(true);
    }

    private void machineSends(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
        wire.frameArrived(frame, 0, frame.length);
    }

    private void run() {
        var _ = loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
    }

    @Test
    void everyAddressButTheMachinesOwnHasANeighbour() {
        machineSends("ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 0a000002"
                + "000000000000000000000000000000000000");
        machineSends("ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 c0000201"
                + "000000000000000000000000000000000000");
        machineSends("ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 0a000001"
                + "000000000000000000000000000000000000");
        run();

        // 60 bytes and 12 around them take 576 ns, the gap 96
        assertEquals(
                "576ns 02000000000102040a0000020806000108000604000202040a0000020a0000020200000000010a000001\n"
                        + "1248ns 0200000000010204c0000201080600010800060400020204c0000201c00002010200000000010a000001\n",
                arrived.toString());
        assertEquals(0, wire.waiting());
    }

    @Test
    void solicitationsAreAnswered() {
        String solicitation = "3333ff000002 020000000001 86dd 6000000000203aff fd000000000000000000000000000001"
                + "ff0200000000000000000001ff000002 8700 0000 00000000 fd000000000000000000000000000002"
                + "0101020000000001";
        link.connect((bytes, offset, length) -> arrived.append(HexFormat.of().formatHex(bytes, offset, offset + length))
                .append('\n'));
        machineSends(solicitation);
        run();

        assertEquals(
                "020000000001" + "020600000002" + "86dd" + "6000000000203aff" + "fd000000000000000000000000000002"
                        + "fd000000000000000000000000000001" + "8800" + checksumIn(arrived) + "60000000"
                        + "fd000000000000000000000000000002" + "0201020600000002\n",
                arrived.toString());
        assertNotEquals("0000", checksumIn(arrived));
    }

    private static String checksumIn(CharSequence hex) {
        return hex.subSequence(112, 116).toString();
    }

    @Test
    void whatTheMachineSendsIsKept() {
        machineSends("020000000002 020000000001 0800 4500001c00004000400166e2 0a000001 0a000002 0800f7ff00000000"
                + "000000000000000000000000000000000000");
        List<PacketLog.Packet> packets = log.after(0, 10);

        assertEquals(1, packets.size());
        assertEquals(1, packets.getFirst().sequence());
        assertEquals(
                "4500001c00004000400166e20a0000010a0000020800f7ff00000000",
                HexFormat.of().formatHex(packets.getFirst().bytes()));
        assertEquals(0, log.after(1, 10).size());
    }

    @Test
    void theLogForgetsItsOldestPackets() {
        byte[] packet = new byte[64];
        for (int i = 0; i < PacketLog.MOST_PACKETS + 10; i++) {
            packet[0] = (byte) i;
            log.add(0, i, packet, 0, 1 + i % 64);
        }

        assertEquals(PacketLog.MOST_PACKETS, log.after(0, Integer.MAX_VALUE).size());
        PacketLog.Packet first = log.after(0, 1).getFirst();
        assertEquals(11, first.sequence());
        assertEquals(10, first.bytes()[0]);
        assertEquals(11, first.bytes().length);
        byte[] large = new byte[9000];
        for (int i = 0; i < 3000; i++) {
            large[8999] = (byte) i;
            log.add(0, i, large, 0, 9000);
        }
        List<PacketLog.Packet> all = log.after(0, Integer.MAX_VALUE);
        assertEquals(PacketLog.MOST_BYTES / 9000, all.size());
        assertEquals((byte) 2999, all.getLast().bytes()[8999]);
        assertEquals(PacketLog.MOST_PACKETS + 10 + 3000, log.lastSequence());
    }

    /** Sends {@code count} UDP packets of 40 bytes towards the machine, one a microsecond; the order in which they come. */
    private int[] send(int count, Impairments impairments, long seed) {
        Path path = new Path(impairments, seed);
        int[] order = new int[2 * count];
        int[] got = {0};
        FrameLayout layout = new FrameLayout();
        link.connect((bytes, offset, length) -> {
            layout.parse(bytes, offset, length);
            order[got[0]++] = (bytes[offset + 40] & 0xff) << 8 | (bytes[offset + 41] & 0xff);
        });
        for (int i = 0; i < count; i++) {
            int slot = wire.claim(54);
            byte[] headers = wire.headers(slot);
            headers[12] = 8;
            headers[40] = (byte) (i >> 8);
            headers[41] = (byte) i;
            wire.send(slot, 54, path);
            var _ = loop.run(loop.nowPs() + Picoseconds.PER_MICROSECOND, Long.MAX_VALUE, false);
        }
        run();
        assertEquals(0, wire.waiting());
        return Arrays.copyOf(order, got[0]);
    }

    @Test
    void packetsAreLost() {
        int[] order = send(10_000, Impairments.loss(PPB / 20), 3);

        assertEquals(9500, order.length, 100);
        assertEquals(10_000 - order.length, wire.lostToMachine());
    }

    @Test
    void packetsAreDoubled() {
        int[] order = send(10_000, new Impairments(0, PPB / 10, 0, 0, 0, 0), 3);

        assertEquals(11_000, order.length, 150);
    }

    @Test
    void packetsAreOvertakenByAFewOthers() {
        int[] order = send(10_000, new Impairments(0, 0, PPB / 10, 0, 0, 0), 3);
        int displaced = 0;
        int farthest = 0;
        for (int i = 0; i < order.length; i++) {
            displaced += order[i] == i ? 0 : 1;
            farthest = Math.max(farthest, Math.abs(order[i] - i));
        }

        assertEquals(10_000, order.length);
        assertTrue(displaced > 1000, displaced + " displaced");
        // eight full frames' times are 98 us, and a packet leaves every microsecond
        assertTrue(farthest > 50 && farthest <= 99, "by " + farthest);
    }

    @Test
    void packetsTakeLonger() {
        Path path = new Path(new Impairments(0, 0, 0, 0, 250_000_000, 0), 1);
        for (int i = 0; i < 2; i++) {
            int slot = wire.claim(34);
            wire.headers(slot)[12] = 8;
            wire.send(slot, 34, path);
        }
        run();

        assertEquals(
                List.of("250576ns", "251248ns"),
                arrived.toString().lines().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void oneSeedDecidesAll() {
        Impairments all = new Impairments(PPB / 10, PPB / 10, PPB / 10, PPB / 10, 1_000_000, 50_000_000);
        int[] once = send(500, all, 7);
        int[] again = send(500, all, 7);
        int[] other = send(500, all, 8);

        assertEquals(Arrays.toString(once), Arrays.toString(again));
        assertNotEquals(Arrays.toString(once), Arrays.toString(other));
    }

    @Test
    void withoutACableEverythingIsLost() {
        link.setCarrier(false);
        send(5, Impairments.NONE, 1);

        assertEquals("", arrived.toString());
        assertEquals(5, wire.lostToMachine());
    }
}
