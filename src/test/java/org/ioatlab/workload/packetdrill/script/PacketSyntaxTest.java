package org.ioatlab.workload.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.wire.Tcp;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Ports;
import org.ioatlab.workload.packetdrill.script.Transport.Echoed;
import org.ioatlab.workload.packetdrill.script.Transport.Options;
import org.ioatlab.workload.packetdrill.script.Transport.SequenceRange;
import org.junit.jupiter.api.Test;

/** What each way of writing a packet means. */
class PacketSyntaxTest {
    @Test
    void aSynIsInjected() throws ScriptSyntaxException {
        assertThat(packet("< S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,nop,wscale 7>"))
                .isEqualTo(new PacketSpec(
                        Direction.INBOUND,
                        IpInfo.NONE,
                        null,
                        new Transport.Tcp(
                                Tcp.SYN,
                                relative(0, 0),
                                -1,
                                32792,
                                0,
                                new Options(
                                        false,
                                        List.of(
                                                new TcpOption.Mss(1460),
                                                new TcpOption.SackPermitted(),
                                                new TcpOption.Nop(),
                                                new TcpOption.Nop(),
                                                new TcpOption.Nop(),
                                                new TcpOption.WindowScale(7))))));
    }

    @Test
    void anyOptionsAreExpected() throws ScriptSyntaxException {
        PacketSpec packet = packet("> S. 0:0(0) ack 1 <...>");
        assertThat(packet.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(packet.transport())
                .isEqualTo(new Transport.Tcp(Tcp.SYN | Tcp.ACK, relative(0, 0), 1, -1, 0, Options.ANY));
    }

    @Test
    void flagsAreLettersAndPoints() throws ScriptSyntaxException {
        assertThat(flags(".")).isEqualTo(Tcp.ACK);
        assertThat(flags("-")).isZero();
        assertThat(flags("F")).isEqualTo(Tcp.FIN);
        assertThat(flags("R.")).isEqualTo(Tcp.RST | Tcp.ACK);
        assertThat(flags("FPU.")).isEqualTo(Tcp.FIN | Tcp.PSH | Tcp.URG | Tcp.ACK);
        assertThat(flags("SEW")).isEqualTo(Tcp.SYN | Tcp.ECE | Tcp.CWR);
        assertThat(flags("SEC.")).isEqualTo(Tcp.SYN | Tcp.ECE | Tcp.CWR | Tcp.ACK);
        assertThat(flags("SEWA")).isEqualTo(Tcp.SYN | Tcp.ECE | Tcp.CWR | Transport.AE);
        assertThat(flags(".5")).isEqualTo(Tcp.ACK | Transport.AE | Tcp.ECE);
        assertThat(flags("P.2")).isEqualTo(Tcp.ACK | Tcp.PSH | Tcp.CWR);
    }

    @Test
    void sequenceNumbersAreRelativeAbsoluteOrAny() throws ScriptSyntaxException {
        assertThat(segment("> P. 1:1001(1000) ack 1").sequence()).isEqualTo(relative(1, 1000));
        assertThat(segment("> P. 1(1000) ack 1").sequence()).isEqualTo(relative(1, 1000));
        assertThat(segment("> P. 4294967295:4294967296(1) ack 1").sequence()).isEqualTo(relative(4294967295L, 1));
        assertThat(segment("> P. 4294967295:9(10) ack 1").sequence()).isEqualTo(relative(4294967295L, 10));
        assertThat(segment("< R 5:5(0)!").sequence()).isEqualTo(new SequenceRange(SequenceRange.Mode.ABSOLUTE, 5, 0));
        assertThat(segment("> R ...(0)").sequence()).isEqualTo(new SequenceRange(SequenceRange.Mode.ANY, 0, 0));
    }

    @Test
    void windowAndUrgentPointerFollow() throws ScriptSyntaxException {
        Transport.Tcp segment = segment("< U. 1:11(10) ack 7 win 257 urg 4");
        assertThat(segment.acknowledgment()).isEqualTo(7);
        assertThat(segment.window()).isEqualTo(257);
        assertThat(segment.urgent()).isEqualTo(4);
        assertThat(segment.options()).isEqualTo(Options.NONE);
    }

    @Test
    void optionsAreReadInTheirOrder() throws ScriptSyntaxException {
        assertThat(options("<TS val 100 ecr 4294967295,eol>"))
                .containsExactly(new TcpOption.Timestamps(100, false, 4294967295L, false), new TcpOption.Eol());
        assertThat(options("<nop,nop,TS val ... ecr 7!>"))
                .containsExactly(new TcpOption.Nop(), new TcpOption.Nop(), new TcpOption.Timestamps(0, true, 7, true));
        assertThat(options("<sack 1:2 3:4 5:6>"))
                .containsExactly(new TcpOption.Sack(
                        List.of(new TcpOption.Block(1, 2), new TcpOption.Block(3, 4), new TcpOption.Block(5, 6))));
        assertThat(options("<md5 000102030405060708090A0B0C0D0E0F>"))
                .containsExactly(new TcpOption.Md5("000102030405060708090a0b0c0d0e0f"));
        assertThat(options("<FO,nop,nop>")).first().isEqualTo(new TcpOption.FastOpen("", false));
        assertThat(options("<FO 1234567890abcdef>")).containsExactly(new TcpOption.FastOpen("1234567890abcdef", false));
        assertThat(options("<FOEXP 12345678>")).containsExactly(new TcpOption.FastOpen("12345678", true));
        assertThat(options("<unknown 253 0xfeed>")).containsExactly(new TcpOption.Unknown(253, "feed"));
    }

    @Test
    void theIpHeaderStandsInFront() throws ScriptSyntaxException {
        assertThat(packet("< [ce] . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.CODEPOINT, 3, -1, -1));
        assertThat(packet("> [noecn] . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.CODEPOINT, 0, -1, -1));
        assertThat(packet("> [ect0] . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.CODEPOINT, 2, -1, -1));
        assertThat(packet("> [ect1] . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.CODEPOINT, 1, -1, -1));
        assertThat(packet("> [ect01] . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.ECT0_OR_ECT1, 0, -1, -1));
        assertThat(packet("> (tos 0x10) . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.TOS, 16, -1, -1));
        assertThat(packet("< (ttl 64) . 1:1(0) ack 1").ip()).isEqualTo(new IpInfo(IpInfo.Ecn.UNCHECKED, 0, -1, 64));
        assertThat(packet("> [ect0, flowlabel 0xfffff] . 1:1(0) ack 1").ip())
                .isEqualTo(new IpInfo(IpInfo.Ecn.CODEPOINT, 2, 0xfffff, -1));
    }

    @Test
    void portsStandBehindTheIpHeader() throws ScriptSyntaxException {
        assertThat(packet("< [ect0] 8080 > 1234 S 0:0(0)").ports()).isEqualTo(new Ports(8080, 1234));
        assertThat(packet("< udp 53 > 1234 (100)"))
                .isEqualTo(new PacketSpec(Direction.INBOUND, IpInfo.NONE, new Ports(53, 1234), new Transport.Udp(100)));
        assertThat(packet("> udp (0)").ports()).isNull();
    }

    @Test
    void messagesAreAboutPackets() throws ScriptSyntaxException {
        assertThat(packet("< icmp unreachable frag_needed mtu 1400 [1:1001(1000)]")
                        .transport())
                .isEqualTo(new Transport.Icmp(
                        3, 4, "unreachable", "frag_needed", 1400, -1, new Echoed.Tcp(relative(1, 1000))));
        assertThat(packet("< icmp unreachable port_unreachable [udp (64)]").transport())
                .isEqualTo(new Transport.Icmp(3, 3, "unreachable", "port_unreachable", -1, -1, new Echoed.Udp(64)));
        assertThat(packet("> icmp echo_reply id 7 [raw (72)]").transport())
                .isEqualTo(new Transport.Icmp(0, 0, "echo_reply", null, -1, 7, new Echoed.Raw(72)));
        assertThat(packet("< icmp type_42 code_7").transport())
                .isEqualTo(new Transport.Icmp(42, 7, "type_42", "code_7", -1, -1, null));
        assertThat(ScriptsOf.onlyPacket("--ip_version=ipv6 0 < icmp packet_too_big mtu 1280 [1:1(0)]")
                        .transport())
                .isEqualTo(new Transport.Icmp(2, 0, "packet_too_big", null, 1280, -1, new Echoed.Tcp(relative(1, 0))));
    }

    private static SequenceRange relative(long start, int length) {
        return new SequenceRange(SequenceRange.Mode.RELATIVE, start, length);
    }

    private static PacketSpec packet(String text) throws ScriptSyntaxException {
        return ScriptsOf.onlyPacket("0 " + text);
    }

    private static Transport.Tcp segment(String text) throws ScriptSyntaxException {
        return (Transport.Tcp) packet(text).transport();
    }

    private static int flags(String flags) throws ScriptSyntaxException {
        return segment("< " + flags + " 0:0(0)").flags();
    }

    private static List<TcpOption> options(String options) throws ScriptSyntaxException {
        return segment("> . 1:1(0) ack 1 " + options).options().list();
    }
}
