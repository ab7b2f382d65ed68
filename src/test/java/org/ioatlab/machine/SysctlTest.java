package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ioatlab.kernel.net.tcp.TcpVariable;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's variables, set while the machine runs. */
class SysctlTest {
    private static final int TCP = Ipv4.MIN_HEADER_LENGTH;
    private static final int PORT = 5001;

    private final TestMachine m = TestMachine.standard();

    private String read(String name) {
        return m.machine.sysctl().variable(name).value();
    }

    private void set(String name, String value) {
        assertThat(m.run(new SysctlCommand.Set(name, value)))
                .isEqualTo(m.machine.sysctl().variable(name));
    }

    private List<byte[]> receive(long bytes) {
        m.run(new ProcessCommand.Start(
                null, ProgramType.SINK, PORT, 65_536, List.of(), 8, 8, null, Verification.NONE, null));
        TrafficPlan plan = TrafficPlan.tcpStreams(PORT, 1, bytes);
        plan.delayPs = 5 * Picoseconds.PER_MILLISECOND;
        m.run(plan.command());
        m.settle();
        return m.machine.wire().packets(0, Integer.MAX_VALUE).stream()
                .map(packet -> HexFormat.of().parseHex(packet.hex()))
                .toList();
    }

    private static int option(byte[] packet, int kind) {
        return TcpOptions.find(packet, TCP + Tcp.MIN_HEADER_LENGTH, TCP + Tcp.headerLength(packet, TCP), kind);
    }

    /** The largest window that the machine promised after its handshake, bytes. */
    private static int largestWindow(List<byte[]> packets) {
        byte[] synAck = packets.getFirst();
        int scale = synAck[option(synAck, TcpOptions.WINDOW_SCALE) + 2];
        return packets.stream()
                .skip(1)
                .mapToInt(packet -> Tcp.window(packet, TCP) << scale)
                .max()
                .orElseThrow();
    }

    @Test
    void theyBeginAsThePersonaHasThem() {
        assertThat(m.machine.sysctl().variables())
                .extracting(variable -> variable.name() + " = " + variable.value())
                .containsExactly(
                        "net.ipv4.tcp_timestamps = 1",
                        "net.ipv4.tcp_sack = 1",
                        "net.ipv4.tcp_dsack = 1",
                        "net.ipv4.tcp_window_scaling = 1",
                        "net.ipv4.tcp_moderate_rcvbuf = 0",
                        "net.ipv4.tcp_abort_on_overflow = 0",
                        "net.ipv4.tcp_stdurg = 0",
                        "net.ipv4.tcp_rmem = 4096 87380 174760",
                        "net.ipv4.tcp_wmem = 4096 16384 131072",
                        "net.ipv4.tcp_max_syn_backlog = 256",
                        "net.core.somaxconn = 128",
                        "net.ipv4.tcp_keepalive_time = 7200",
                        "net.ipv4.tcp_keepalive_intvl = 75",
                        "net.ipv4.tcp_keepalive_probes = 9",
                        "net.ipv4.tcp_fin_timeout = 60",
                        "net.ipv4.tcp_max_tw_buckets = 180000",
                        "net.ipv4.tcp_low_latency = 0",
                        "net.ipv4.tcp_dma_copybreak = 0");
    }

    /** Another value that every variable takes. */
    private static String other(String value) {
        return Arrays.stream(value.split(" ", -1))
                .map(Integer::valueOf)
                .map(number -> Integer.toString(Math.abs(number - 1)))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @EnumSource
    void eachIsSetByItselfAndIsPartOfTheMachine(TcpVariable variable) {
        Map<String, String> expected = values();
        String digest = m.machine.digest();
        String before = read(variable.key());
        expected.put(variable.key(), other(before));
        set(variable.key(), "\t" + other(before).replace(" ", "  ") + "\n");
        assertThat(values()).isEqualTo(expected);
        assertThat(m.machine.digest()).isNotEqualTo(digest);
        set(variable.key(), before);
        assertThat(m.machine.digest()).isEqualTo(digest);
    }

    private Map<String, String> values() {
        return m.machine.sysctl().variables().stream()
                .collect(Collectors.toMap(SysctlFace.Variable::name, SysctlFace.Variable::value));
    }

    @ParameterizedTest
    @EnumSource
    void noneTakesWhatIsNoNumberOfItsRange(TcpVariable variable) {
        String digest = m.machine.digest();
        String value = read(variable.key());
        String last = value.substring(0, value.lastIndexOf(' ') + 1);
        for (String wrong : List.of("", "x", "-1", "+1", "1.5", "0x1", "\u0663", "1073741825", "99999999999")) {
            assertRefused(variable.key(), last + wrong);
        }
        assertRefused(variable.key(), value + " 1");
        assertThat(m.machine.digest()).isEqualTo(digest);
    }

    private void assertRefused(String name, String value) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> m.run(new SysctlCommand.Set(name, value)));
        assertThat(refusal).as(name + " = " + value).isNotNull();
        assertThat(refusal.type()).isEqualTo("invalid-value");
        assertThat(refusal.facts()).containsEntry("field", "value");
    }

    @Test
    void rangesAreTold() {
        assertThat(catchThrowableOfType(Refusal.class, () -> set("net.ipv4.tcp_sack", "2"))
                        .detail())
                .isEqualTo("value must be a whole number from 0 to 1 for net.ipv4.tcp_sack.");
        assertThat(catchThrowableOfType(Refusal.class, () -> set("net.ipv4.tcp_rmem", "4096 87380"))
                        .detail())
                .isEqualTo("value must be 3 whole numbers from 1 to 1073741824 for net.ipv4.tcp_rmem.");
        assertThat(catchThrowableOfType(Refusal.class, () -> set("net.ipv4.tcp_fin_timeout", "0"))
                        .detail())
                .isEqualTo("value must be a whole number from 1 to 86400 for net.ipv4.tcp_fin_timeout.");
    }

    @Test
    void aScriptFindsThemAndSetsThemBack() {
        set("net.ipv4.tcp_fin_timeout", "17");
        set("net.ipv4.tcp_sack", "0");
        Map<String, String> before = values();
        PacketdrillViews.Report report = m.run(new PacketdrillCommand.Run("""
                +0 `sysctl -q net.ipv4.tcp_timestamps=0 net.ipv4.tcp_fin_timeout=5
                    sysctl net.inet.tcp.rfc1323=0 net.inet.tcp.finwait2_timeout=1500 net.inet.tcp.recvspace=4000`
                +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
                +0 bind(3, ..., ...) = 0
                +0 listen(3, 1) = 0
                +0 < S 0:0(0) win 9999 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
                +0 > S. 0:0(0) ack 1 win 2920 <mss 1460>
                """, 0));
        assertThat(report.passed()).as(report.toString()).isTrue();
        assertThat(values()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 64088", "1, 131072"})
    void windowsGrowOnlyWithAutoTuning(String autoTuning, int largest) {
        set("net.ipv4.tcp_moderate_rcvbuf", autoTuning);
        assertThat(largestWindow(receive(4_000_000))).isEqualTo(largest);
    }

    @Test
    void handshakesAgreeOnWhatIsOnOnly() {
        byte[] all = receive(1000).getFirst();
        assertThat(option(all, TcpOptions.TIMESTAMPS)).isPositive();
        assertThat(option(all, TcpOptions.SACK_PERMITTED)).isPositive();
        assertThat(option(all, TcpOptions.WINDOW_SCALE)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.tcp_timestamps, " + TcpOptions.TIMESTAMPS,
        "net.ipv4.tcp_sack, " + TcpOptions.SACK_PERMITTED,
        "net.ipv4.tcp_window_scaling, " + TcpOptions.WINDOW_SCALE
    })
    void handshakesLackWhatIsOff(String name, int kind) {
        set(name, "0");
        assertThat(option(receive(1000).getFirst(), kind)).isEqualTo(TcpOptions.ABSENT);
    }
}
