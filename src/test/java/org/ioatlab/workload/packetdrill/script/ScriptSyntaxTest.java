package org.ioatlab.workload.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.workload.packetdrill.script.ScriptOptions.IpVersion;
import org.junit.jupiter.api.Test;

/** Options, comments, times, commands and code: the frame that packets and calls stand in. */
class ScriptSyntaxTest {
    @Test
    void aWholeScriptIsReadInItsOrder() throws ScriptSyntaxException {
        Script script = Script.parse("""
                // A connection is opened and closed.
                --mss=1000 --tolerance_usecs=50000
                `./defaults.sh`

                0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3 /* the
                listener */
                +0  < S 0:0(0) win 1000 # a comment to the line's end
                *   > S. 0:0(0) ack 1 <...>
                0.1~0.2    > . 1:1(0) ack 1
                +.1~+.25   > . 1:1(0) ack 1
                +0  `sysctl -q net.ipv4.tcp_sack=0
                echo`
                +1  %{ assert tcpi_rto == 204000 }%
                `cleanup`
                """);
        assertThat(script.options().mss()).isEqualTo(1000);
        assertThat(script.initCommand()).isEqualTo(new Action.ShellCommand(new Position(3, 1), "./defaults.sh"));
        assertThat(script.cleanupCommand()).isEqualTo(new Action.ShellCommand(new Position(14, 1), "cleanup"));
        assertThat(script.events())
                .extracting(event -> event.at() + " " + event.time().kind() + " "
                        + event.time().micros() + ".." + event.time().endMicros() + " "
                        + event.action().getClass().getSimpleName() + " at "
                        + event.action().at())
                .containsExactly(
                        "5:1 ABSOLUTE 0..0 SystemCall at 5:5",
                        "7:1 RELATIVE 0..0 Packet at 7:5",
                        "8:1 ANY 0..0 Packet at 8:5",
                        "9:1 ABSOLUTE_RANGE 100000..200000 Packet at 9:12",
                        "10:1 RELATIVE_RANGE 100000..250000 Packet at 10:12",
                        "11:1 RELATIVE 0..0 ShellCommand at 11:5",
                        "13:1 RELATIVE 1000000..1000000 CodeBlock at 13:5");
        assertThat(script.events().get(5).action())
                .isEqualTo(new Action.ShellCommand(new Position(11, 5), "sysctl -q net.ipv4.tcp_sack=0\necho"));
        assertThat(((Action.CodeBlock) script.events().get(6).action()).text()).isEqualTo("assert tcpi_rto == 204000");
    }

    @Test
    void timesAreSecondsCutToMicroseconds() throws ScriptSyntaxException {
        assertThat(time("0.000001")).isEqualTo(EventTime.absolute(1));
        assertThat(time("12")).isEqualTo(EventTime.absolute(12_000_000));
        assertThat(time("+0.0009999")).isEqualTo(EventTime.relative(999));
        assertThat(time("+ .5")).isEqualTo(EventTime.relative(500_000));
        assertThat(time("0.1").isRelative()).isFalse();
        assertThat(time("+0.1").isRelative()).isTrue();
    }

    @Test
    void optionsHavePacketdrillsDefaults() throws ScriptSyntaxException {
        ScriptOptions options = Script.parse("0 `true`").options();
        assertThat(options).isEqualTo(ScriptOptions.DEFAULT);
        assertThat(options.mtu()).isEqualTo(1500);
        assertThat(options.toleranceMicros()).isEqualTo(4000);
        assertThat(options.packetsAreIpv6()).isFalse();
    }

    @Test
    void everyOptionIsRead() throws ScriptSyntaxException {
        ScriptOptions options = Script.parse("""
                --ip_version=ipv4-mapped-ipv6 --mss=536 --mtu=1280 --tolerance_usecs=100000 --tolerance_percent=12.5
                --bind_port=80 --connect_port=81 --tcp_ts_tick_usecs=1000 --tcp_ts_ecr_scaled
                --non_fatal=packet,syscall --local_ip=fd3d:fa7b:d17d::1 --remote_ip=192.0.2.7/24 --speed=100 --debug
                0 `true`
                """).options();
        assertThat(options)
                .isEqualTo(new ScriptOptions(
                        IpVersion.IPV4_MAPPED_IPV6,
                        536,
                        1280,
                        100_000,
                        125,
                        80,
                        81,
                        1000,
                        true,
                        List.of("packet", "syscall"),
                        "fd3d:fa7b:d17d::1",
                        "192.0.2.7",
                        List.of("speed", "debug")));
        assertThat(Script.parse("--ip_version=ipv6\n0 `true`").options().packetsAreIpv6())
                .isTrue();
    }

    @Test
    void definedWordsStandForTheirValues() throws ScriptSyntaxException {
        Script script = Script.parse("""
                --define=LEVEL=SOL_SOCKET --define=CC="reno" --define=N=7
                0 setsockopt(3, LEVEL, TCP_CONGESTION, CC, N) = 0
                """);
        assertThat(((Action.SystemCall) script.events().getFirst().action()).arguments())
                .containsExactly(
                        new Expression.Numeral(new Position(2, 14), 3, false),
                        new Expression.Word(new Position(2, 17), "SOL_SOCKET"),
                        new Expression.Word(new Position(2, 24), "TCP_CONGESTION"),
                        new Expression.Text(new Position(2, 40), "reno", false),
                        new Expression.Numeral(new Position(2, 44), 7, false));
    }

    @Test
    void codeRunsOverSeveralLines() throws ScriptSyntaxException {
        Script script = Script.parse("0 %{\nassert tcpi_unacked == 0, \\\n    tcpi_unacked\nprint(tcpi_rtt)\n}%");
        Action.CodeBlock code = (Action.CodeBlock) script.events().getFirst().action();
        assertThat(code.program().statements()).hasSize(2);
    }

    private static EventTime time(String time) throws ScriptSyntaxException {
        return ScriptsOf.onlyEvent(time + " `true`").time();
    }
}
