package org.ioatlab.workload.packetdrill.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.packet.Conversation.Protocol;
import org.ioatlab.workload.packetdrill.packet.Conversation.Stage;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.PacketSpec;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.junit.jupiter.api.Test;

/** Packets of scripts as bytes, and back. */
class PacketWriterTest {
    private static final int SEEDS = 3_000;
    private static final IpAddress LOCAL = IpAddress.parse("192.168.0.1");
    private static final IpAddress REMOTE = IpAddress.parse("192.0.2.1");
    private static final IpAddress LOCAL_V6 = IpAddress.parse("fd3d:fa7b:d17d::1");
    private static final IpAddress REMOTE_V6 = IpAddress.parse("2001:db8::1");

    @Test
    void aSynStandsInItsBytes() throws Exception {
        assertThat(hex("< [ect0, ttl 64] S 5:5(0) win 1000 <mss 1460,sackOK>", false))
                .isEqualTo(
                        "45020030000040004006b81bc0000201c0a80001" // version, ECT(0), lengths, TTL, TCP, addresses
                                + "80001f90" // ports 32768 and 8080
                                + "0000000500000000" // sequence and acknowledgment numbers
                                + "700203e8" // 28 bytes, SYN, window 1000
                                + "5df80000" // checksum, urgent pointer
                                + "020405b404020000"); // options, filled up
    }

    @Test
    void datagramsCarryZeros() throws Exception {
        assertThat(hex("< udp 53 > 1024 (3)", false))
                .isEqualTo("4500001f00004000ff11f922" + "c0000201c0a80001" + "00350400000b" + "78f8" + "000000");
    }

    @Test
    void messagesQuoteWhatTheMachineSent() throws Exception {
        assertThat(hex("< icmp unreachable frag_needed mtu 1400 [1:11(10)]", false))
                .isEqualTo("4500004200004000ff01f90f" + "c0000201c0a80001"
                        + "030457f200000578" // type, code, checksum, MTU
                        + "45000032000040004006b81b"
                        + "c0a80001c0000201" + "1f90800000000001" // the quoted header turned round
                        + "00".repeat(10));
    }

    @Test
    void messagesOfIpv6HaveALongMtu() throws Exception {
        String bytes = hex("--ip_version=ipv6\n0 < icmp packet_too_big mtu 70000 [1:1(0)]", true);
        assertThat(bytes).startsWith("6000000000383aff").contains("0200").contains("00011170");
    }

    @Test
    void whatIsWrittenReadsBackAsExpected() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean ipv6 = random.nextBoolean();
            PacketSpec packet = packet((ipv6 ? "--ip_version=ipv6 " : "") + "0 " + RandomSegments.text(random));
            byte[] bytes = new PacketWriter(machine(ipv6), false).write(packet);
            Expectation expectation = new Expectation(packet, other(ipv6), true, 1, 0);
            SentPacket sent = SentPacket.of(bytes, 7);
            assertThat(expectation.concerns(sent.packet()))
                    .as("seed %d: %s", seed, packet)
                    .isTrue();
            expectation.take(sent);
            assertThat(expectation.difference())
                    .as("seed %d: %s but %s", seed, packet, expectation.actual())
                    .isNull();
        }
    }

    private static Conversation machine(boolean ipv6) {
        return new Conversation(
                Protocol.TCP, Stage.NEW, ipv6 ? LOCAL_V6 : LOCAL, 8080, ipv6 ? REMOTE_V6 : REMOTE, 32_768);
    }

    /** The same connection from its other end: what is injected there is sent here. */
    private static Conversation other(boolean ipv6) {
        return new Conversation(
                Protocol.TCP, Stage.NEW, ipv6 ? REMOTE_V6 : REMOTE, 32_768, ipv6 ? LOCAL_V6 : LOCAL, 8080);
    }

    private static String hex(String packet, boolean ipv6) throws ScriptSyntaxException, Untranslatable {
        String script = packet.startsWith("--") ? packet : "0 " + packet;
        byte[] bytes = new PacketWriter(machine(ipv6), false).write(packet(script));
        FrameLayout layout = new FrameLayout();
        layout.parseIp(bytes, 0, bytes.length);
        assertThat(layout.isMalformed() || layout.isTruncated()).isFalse();
        assertThat(ChecksumVerifier.ipv4Header(bytes, layout)).isNotEqualTo(ChecksumStatus.BAD);
        assertThat(ChecksumVerifier.transport(bytes, layout)).isNotEqualTo(ChecksumStatus.BAD);
        return HexFormat.of().formatHex(bytes);
    }

    private static PacketSpec packet(String script) throws ScriptSyntaxException {
        return ((Action.Packet) Script.parse(script).events().getFirst().action()).packet();
    }
}
