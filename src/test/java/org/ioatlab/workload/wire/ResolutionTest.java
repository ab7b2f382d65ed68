package org.ioatlab.workload.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HexFormat;
import org.ioatlab.hardware.nic.Link;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.MacAddress;
import org.junit.jupiter.api.Test;

/** How hosts on a wire learn the link address of the machine at its end (RFC 826; RFC 4861, 7.2). */
class ResolutionTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final String HOST = "020000000001 02040a000002 0800 ";
    private static final String QUESTION =
            "ffffffffffff 02040a000002 0806 0001080006040001 02040a000002 0a000002 000000000000 0a000001";
    private static final String ANSWER =
            "02040a000002 020000000001 0806 0001080006040002 020000000001 0a000001 02040a000002 0a000002";

    /** The checksum is left out. */
    private static final String QUESTION_V6 = "3333ff000001 020600000002 86dd 6000000000203aff"
            + "fd000000000000000000000000000002 ff0200000000000000000001ff000001"
            + "8700 .... 00000000 fd000000000000000000000000000001 0101 020600000002";

    private static final String ANSWER_V6 = "020600000002 020000000001 86dd 6000000000203aff"
            + "fd000000000000000000000000000001 fd000000000000000000000000000002"
            + "8800 .... 60000000 fd000000000000000000000000000001 0201 020000000001";

    private final EventLoop loop = new EventLoop();
    private final Link link = new Link(loop, 1000);
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
            new PacketLog());

    private final Resolution host = wire.resolution(IpAddress.parse("10.0.0.2"));
    private final Resolution hostV6 = wire.resolution(IpAddress.parse("fd00::2"));

    ResolutionTest() {
        link.connect((bytes, offset, length) -> arrived.append(loop.nowPs() / 1000)
                .append("ns ")
                .append(HexFormat.of().formatHex(bytes, offset, offset + length))
                .append('\n'));
        link.setCarrier(true);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** What has arrived since the last look. */
    private String arrivals() {
        String all = arrived.toString();
        arrived.setLength(0);
        return all;
    }

    private static String line(long ns, String hex) {
        String digits = hex.replace(" ", "");
        return ns + "ns " + digits + "0".repeat(Math.max(0, 120 - digits.length())) + "\n";
    }

    /** A packet of 20 bytes whose last byte tells which. */
    private static String packet(int which) {
        return HOST + "00".repeat(19) + HexFormat.of().toHexDigits((byte) which);
    }

    private void send(Resolution by, int which) {
        byte[] packet = bytes(packet(which));
        int slot = wire.claim(packet.length);
        System.arraycopy(packet, 0, wire.headers(slot), 0, packet.length);
        wire.set(slot, packet.length);
        by.send(slot, Path.clear());
    }

    private void machineSends(String hex) {
        byte[] frame = bytes(hex);
        wire.frameArrived(frame, 0, frame.length);
    }

    private void runTo(long ps) {
        var _ = loop.run(ps, Long.MAX_VALUE, false);
    }

    private String digest() {
        StateHash hash = new StateHash();
        wire.hashInto(hash);
        return hash.hex();
    }

    @Test
    void packetsWaitForTheAnswerAndLeaveInTheirOrder() {
        send(host, 1);
        send(host, 2);
        runTo(SECOND / 2);
        assertEquals(line(576, QUESTION), arrivals());
        assertEquals(2, wire.queued());

        machineSends(ANSWER);
        send(host, 3);
        runTo(3 * SECOND);
        assertEquals(
                line(500_000_576, packet(1)) + line(500_001_248, packet(2)) + line(500_001_920, packet(3)), arrivals());
        assertEquals(0, wire.waiting());
    }

    @Test
    void aMachineThatIsMuteIsAskedThreeTimesASecondApart() {
        send(host, 1);
        runTo(SECOND / 2);
        send(host, 2);
        runTo(10 * SECOND);

        assertEquals(line(576, QUESTION) + line(1_000_000_576, QUESTION) + line(2_000_000_576, QUESTION), arrivals());
        assertEquals(2, wire.unresolved());
        assertEquals(0, wire.lostToMachine());
        assertEquals(0, wire.waiting());

        send(host, 3);
        runTo(11 * SECOND);
        assertEquals(line(10_000_000_576L, QUESTION), arrivals());
    }

    @Test
    void whatWaitsIsGivenUpThreeSecondsAfterTheFirstQuestion() {
        send(host, 1);
        runTo(3 * SECOND - 1);
        assertEquals(1, wire.waiting());
        runTo(3 * SECOND);
        assertEquals(0, wire.waiting());
        assertEquals(1, wire.unresolved());
    }

    @Test
    void aMachineThatAsksTellsItsAddress() {
        machineSends("ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 0a000002");
        send(host, 1);
        runTo(SECOND);

        String told = "020000000001 02040a000002 0806 0001080006040002 02040a000002 0a000002 020000000001 0a000001";
        assertEquals(line(576, told) + line(1248, packet(1)), arrivals());
    }

    @Test
    void whatTheMachineTellsOthersIsNotHeard() {
        send(host, 1);
        machineSends("ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 0a000003");
        machineSends("02040a000002 02040a000009 0806 0001080006040002 02040a000009 0a000009 02040a000002 0a000002");
        runTo(SECOND / 2);

        assertEquals(1, wire.queued());
    }

    @Test
    void neighboursOfIpv6SolicitTheMachine() {
        send(hostV6, 1);
        send(host, 2);
        runTo(SECOND / 2);
        String questions = arrivals();
        String sum = checksumIn(questions);
        assertEquals(line(784, QUESTION_V6.replace("....", sum)) + line(1456, QUESTION), questions);
        assertEquals("0000", sumV6(QUESTION_V6.replace("....", sum)));

        machineSends(ANSWER_V6.replace("....", "0000"));
        runTo(SECOND / 2);
        assertEquals(2, wire.queued(), "the checksum is wrong");
        machineSends(ANSWER_V6.replace("....", sumV6(ANSWER_V6.replace("....", "0000"))));
        runTo(SECOND / 2 + SECOND / 4);
        assertEquals(line(500_000_576, packet(1)), arrivals());
        assertEquals(1, wire.queued(), "IPv4 is another question");
    }

    private static String checksumIn(String line) {
        int start = line.indexOf(' ') + 1;
        return line.substring(start + 112, start + 116);
    }

    /** The checksum of an ICMPv6 message of 32 bytes over its pseudo-header (RFC 4443, 2.3), added up by hand. */
    private static String sumV6(String hex) {
        byte[] frame = bytes(hex);
        int sum = 32 + 58;
        for (int i = 22; i < frame.length; i += 2) {
            sum += (frame[i] & 0xff) << 8 | (frame[i + 1] & 0xff);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return HexFormat.of().toHexDigits((short) ~sum);
    }

    @Test
    void soManyPacketsMayWait() {
        for (int i = 0; i < Resolution.MOST_HELD + 5; i++) {
            send(host, i);
        }
        runTo(SECOND / 2);
        assertEquals(Resolution.MOST_HELD, wire.queued());
        assertEquals(5, wire.unresolved());
    }

    @Test
    void withoutACableTheQuestionsAreLost() {
        link.setCarrier(false);
        send(host, 1);
        runTo(SECOND - 1);
        assertEquals(1, wire.lostToMachine());
        runTo(SECOND);
        assertEquals(2, wire.lostToMachine());
        runTo(10 * SECOND);
        assertEquals(3, wire.lostToMachine());
        assertEquals(1, wire.unresolved());
    }

    @Test
    void theDigestTellsWhatWaitsAndWhatIsKnown() {
        String before = digest();
        send(host, 1);
        String waits = digest();
        machineSends(ANSWER);
        runTo(SECOND);
        String known = digest();

        assertNotEquals(before, waits);
        assertNotEquals(waits, known);
        assertNotEquals(before, known);
    }
}
