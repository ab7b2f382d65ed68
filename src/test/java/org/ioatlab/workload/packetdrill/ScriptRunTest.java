package org.ioatlab.workload.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.workload.packetdrill.EventResult.Status;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.ioatlab.workload.packetdrill.script.SyntaxError;
import org.junit.jupiter.api.Test;

/** Scripts run against TCP alone: what passes, what fails, and what is said about it. */
class ScriptRunTest {
    private static final String LISTENER = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            """;
    private static final String HANDSHAKE = LISTENER + """
            +0.1 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
            +0 > S. 0:0(0) ack 1 <...>
            +0.1 < . 1:1(0) ack 1 win 257
            +0 accept(3, ..., ...) = 4
            """;

    @Test
    void aConnectionIsOpenedUsedAndClosed() throws ScriptSyntaxException {
        passes(HANDSHAKE + """
                +0.1 < P. 1:1001(1000) ack 1 win 257
                +0 > . 1:1(0) ack 1001
                +0 read(4, ..., 2000) = 1000
                +0 write(4, ..., 3000) = 3000
                +0 > P. 1:3001(3000) ack 1001
                +0.05 < . 1001:1001(0) ack 3001 win 257
                +0 %{ assert tcpi_unacked == 0 and tcpi_state == TCP_ESTABLISHED }%
                +0 close(4) = 0
                +0 > F. 3001:3001(0) ack 1001
                +0.05 < F. 1001:1001(0) ack 3002 win 257
                +0 > . 3002:3002(0) ack 1002
                """);
    }

    @Test
    void aConnectionIsOpenedActively() throws ScriptSyntaxException {
        passes("""
                0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)
                +0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
                +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
                +0 > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
                +0.1 < S. 5000:5000(0) ack 1 win 5792 <mss 1460,sackOK,TS val 700 ecr 100,nop,wscale 7>
                +0 > . 1:1(0) ack 5001 <nop,nop,TS val 200 ecr 700>
                +0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
                +0 write(3, ..., 1000) = 1000
                +0 > P. 1:1001(1000) ack 1 <nop,nop,TS val 201 ecr 700>
                +0.1 < . 1:1(0) ack 1001 win 257 <nop,nop,TS val 701 ecr 201>
                """.replace("ack 5001", "ack 1"));
    }

    @Test
    void blockingCallsWaitWhilePacketsFlow() throws ScriptSyntaxException {
        passes(LISTENER + """
                +0...0.2 accept(3, ..., ...) = 4
                +0.1 < S 0:0(0) win 32792 <mss 1000>
                +0 > S. 0:0(0) ack 1 <mss 1460>
                +0.1 < . 1:1(0) ack 1 win 257
                +0.1...0.3 read(4, ..., 100) = 10
                +0.2 < P. 1:11(10) ack 1 win 257
                +0 > . 1:1(0) ack 11
                +0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1
                +0 ioctl(4, SIOCINQ, [0]) = 0
                """);
    }

    @Test
    void ipv6ConnectionsWorkAlike() throws ScriptSyntaxException {
        passes("--ip_version=ipv6\n" + HANDSHAKE + """
                +0.1 < [ect0, flowlabel 0x12345] P. 1:11(10) ack 1 win 257
                +0 > . 1:1(0) ack 11
                """);
        passes("--ip_version=ipv4-mapped-ipv6\n" + HANDSHAKE);
    }

    @Test
    void segmentsThatFollowEachOtherMakeOneUnlessToldOtherwise() throws ScriptSyntaxException {
        String script = HANDSHAKE + """
                +0 write(4, ..., 2500) = 2500
                +0 > P. 1:2501(2500) ack 1
                """;
        passes(script);
        assertThat(failures(run("--strict_segments\n" + script)))
                .containsExactly(
                        "11 > P. 1:2501(2500) ack 1 | > . 1:1001(1000) ack 1 win 502 (differs in flags, payload length)");
    }

    @Test
    void unknownConnectionsAreReset() throws ScriptSyntaxException {
        passes("""
                0 < S 100:100(0) win 1000
                +0 > R. 0:0(0) ack 1
                +0 < 4444 > 9999 . 7:7(0) ack 55 win 1000
                +0 > 9999 > 4444 R 55:55(0)
                """);
    }

    @Test
    void absoluteNumbersAreThoseOnTheWire() throws ScriptSyntaxException {
        passes(HANDSHAKE + """
                +0 < R 1:1(0)! win 0
                +0 getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
                """);
    }

    @Test
    void selectiveAcknowledgmentsAreInTheScriptsNumbers() throws ScriptSyntaxException {
        passes(HANDSHAKE.replace("S 0:0(0)", "S 777:777(0)").replace("ack 1 <...>", "ack 778 <...>") + """
                +0.1 < . 1001:2001(1000) ack 1 win 257
                +0 > . 1:1(0) ack 1 <nop,nop,sack 1001:2001>
                +0 < . 1:1001(1000) ack 1 win 257
                +0 > . 1:1(0) ack 2001
                """);
    }

    @Test
    void timestampsAreLearnedAndEchoed() throws ScriptSyntaxException {
        String script = LISTENER + """
                +0.1 < S 0:0(0) win 32792 <mss 1000,sackOK,TS val 5 ecr 0>
                +0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 1000 ecr 5>
                +0.1 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 6 ecr 1000>
                +0 < P. 1:11(10) ack 1 win 257 <nop,nop,TS val 7 ecr 1000>
                """;
        passes("--tcp_ts_tick_usecs=1000\n" + script + "+0 > . 1:1(0) ack 11 <nop,nop,TS val 1100 ecr 7!>\n");
        assertThat(failures(run(
                        "--tcp_ts_tick_usecs=1000\n" + script + "+0 > . 1:1(0) ack 11 <nop,nop,TS val 1110 ecr 7>\n")))
                .containsExactly("10 > . 1:1(0) ack 11 <nop,nop,TS val 1110 ecr 7> | > . 1:1(0) ack 11 win 65150"
                        + " <nop,nop,TS val 1100 ecr 7> (differs in options)");
        assertThat(failures(run(script + "+0 > . 1:1(0) ack 11 <nop,nop,TS val ... ecr 8!>\n")))
                .hasSize(1);
        assertThat(failures(run(script + "+0 < . 11:11(0) ack 1 win 257 <nop,nop,TS val 8 ecr 4444>\n")))
                .containsExactly("9 < . 11:11(0) ack 1 win 257 <nop,nop,TS val 8 ecr 4444> | the machine has sent no"
                        + " timestamp that the script calls 4444");
    }

    @Test
    void whatDiffersIsNamedAndTheRestIsNotReached() throws ScriptSyntaxException {
        ScriptReport report = run(HANDSHAKE + """
                +0.1 < P. 1:1001(1000) ack 1 win 257
                +0 > F. 2:2(0) ack 1000 win 7 <nop,nop>
                +0 close(4) = 0
                """);
        assertThat(report.passed()).isFalse();
        assertThat(failures(report))
                .containsExactly(
                        "10 > F. 2:2(0) ack 1000 win 7 <nop,nop> | > . 1:1(0) ack 1001 win 501 (differs in flags,"
                                + " sequence number, acknowledgment number, window, options)");
        assertThat(report.results().getLast()).isEqualTo(new EventResult(11, Status.SKIPPED, "close() = 0", "", -1));
    }

    @Test
    void whatComesTooEarlyTooLateOrNeverIsNamed() throws ScriptSyntaxException {
        assertThat(failures(run(HANDSHAKE + "+0 < P. 1:11(10) ack 1 win 257\n+0.1 > . 1:1(0) ack 11\n")))
                .containsExactly(
                        "10 > . 1:1(0) ack 11 | > . 1:1(0) ack 11 win 502 (came at 0.200000 s instead of 0.300000 s;"
                                + " tolerance 0.012500 s)");
        assertThat(failures(run(HANDSHAKE + "+0 > . 1:1(0) ack 1\n")))
                .containsExactly("9 > . 1:1(0) ack 1 | nothing came");
        assertThat(failures(run(LISTENER + "+0 < S 0:0(0) win 1000\n+0.5~+0.6 > S. 0:0(0) ack 1 <...>\n")))
                .containsExactly(
                        "6 > S. 0:0(0) ack 1 <...> | > S. 0:0(0) ack 1 win 64240 <mss 1460> (came at 0.000000 s"
                                + " instead of 0.500000~0.600000 s; tolerance 0.062500 s)");
        passes(LISTENER + "+0 < S 0:0(0) win 1000\n* > S. 0:0(0) ack 1 <...>\n+0.9~+1.1 > S. 0:0(0) ack 1 <...>\n");
    }

    @Test
    void callsThatReturnSomethingElseAreNamed() throws ScriptSyntaxException {
        assertThat(failures(run("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = -1 EMFILE (Too many open files)\n")))
                .containsExactly("1 socket() = -1 EMFILE | returned 100");
        assertThat(failures(run("0 socket(..., SOCK_STREAM, 0) = 3\n+0 read(3, ..., 10) = -1 EAGAIN (no)\n")))
                .containsExactly("2 read() = -1 EAGAIN | returned -1 ENOTCONN");
        assertThat(failures(run("0 close(7) = 0\n")))
                .containsExactly("1 close() = 0 | column 9: the script has no open descriptor 7");
        assertThat(failures(run("0 socket(..., SOCK_STREAM, 0) = 3\n+0 socket(..., SOCK_STREAM, 0) = 3\n")))
                .containsExactly("2 socket() = 3 | the script has an open descriptor 3 already");
        assertThat(failures(run("0 socket(..., SOCK_RAW, 0) = 3\n")))
                .containsExactly("1 socket() = 3 | column 15: sockets of this type are not supported");
        assertThat(failures(run(LISTENER + "+0 poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 0) = 0\n")))
                .containsExactly("5 poll() = 0 | revents of entry 0 are 0");
        assertThat(failures(run(HANDSHAKE + "+0 ioctl(4, SIOCINQ, [5]) = 0\n")))
                .containsExactly("9 ioctl() = 0 | the value is 0");
    }

    @Test
    void blockingCallsReturnAtTheirTime() throws ScriptSyntaxException {
        assertThat(failures(run(LISTENER + "+0...0.5 accept(3, ..., ...) = 4\n"
                        + HANDSHAKE.substring(LISTENER.length(), HANDSHAKE.indexOf("+0 accept")))))
                .containsExactly(
                        "5 accept() = 4 | returned 101 at 0.200000 s instead of 0.500000 s; tolerance 0.062500 s");
        assertThat(failures(run(LISTENER + "+0...0.1 accept(3, ..., ...) = 4\n")))
                .containsExactly("5 accept() = 4 | hasn't returned");
        assertThat(failures(run(LISTENER + "+0...1 accept(3, ..., ...) = 4\n+0...1 accept(3, ..., ...) = 5\n")))
                .containsExactly(
                        "5 accept() = 4 | hasn't returned", "6 accept() = 5 | the call before it hasn't returned");
        assertThat(failures(run(LISTENER + "+0 accept(3, ..., ...) = 4\n")))
                .containsExactly("5 accept() = 4 | hasn't returned");
    }

    @Test
    void toleratedFailuresAreWarnings() throws ScriptSyntaxException {
        ScriptReport report = run("--non_fatal=packet,syscall\n" + LISTENER + """
                +0 < S 0:0(0) win 1000
                +0 > S. 0:0(0) ack 2 <...>
                +0 close(3) = -1
                """);
        assertThat(report.passed()).isTrue();
        assertThat(report.results())
                .extracting(EventResult::status)
                .containsExactly(
                        Status.PASSED,
                        Status.PASSED,
                        Status.PASSED,
                        Status.PASSED,
                        Status.PASSED,
                        Status.WARNED,
                        Status.WARNED);
    }

    @Test
    void shellCommandsAreUnderstoodOrLeftOut() throws ScriptSyntaxException {
        TcpOnlyHost host = new TcpOnlyHost(Persona.LINUX_MODERN);
        ScriptReport report = host.run("""
                `../common/defaults.sh
                 sysctl -q net.ipv4.tcp_timestamps=0`
                0 `sysctl -q net.ipv4.tcp_sack=0 && sysctl -w 'net.ipv4.tcp_rmem=4096 8192 16384' 2>&1`
                +0 `echo 3 > /proc/sys/net/ipv4/tcp_retries1; set_sysctls.py /proc/sys/net/ipv4/tcp_ecn=0`
                +0 `ip route change default initcwnd 10; sysctl -n kern.foo=1`
                """);
        assertThat(report.results())
                .containsExactly(
                        new EventResult(
                                3,
                                Status.PASSED,
                                "sysctl -q net.ipv4.tcp_sack=0 && sysctl -w 'net.ipv4.tcp_rmem=4096 8192 16384' 2>&1",
                                "set net.ipv4.tcp_sack=0, net.ipv4.tcp_rmem=4096 8192 16384",
                                0),
                        new EventResult(
                                4,
                                Status.PASSED,
                                "echo 3 > /proc/sys/net/ipv4/tcp_retries1; set_sysctls.py /proc/sys/net/ipv4/tcp_ecn=0",
                                "set net.ipv4.tcp_retries1=3, net.ipv4.tcp_ecn=0",
                                0),
                        new EventResult(
                                5,
                                Status.SKIPPED,
                                "ip route change default initcwnd 10; sysctl -n kern.foo=1",
                                "not executed: ip route change default initcwnd 10; sysctl kern.foo=1",
                                0));
        assertThat(host.controls).containsEntry("net.ipv4.tcp_timestamps", "0");
        assertThat(report.passed()).isTrue();
    }

    @Test
    void codeFailsWithItsFigures() throws ScriptSyntaxException {
        assertThat(failures(run(HANDSHAKE + "+0 %{ print('cwnd', tcpi_snd_cwnd)\nassert tcpi_snd_cwnd == 3 }%\n")))
                .containsExactly("9 print('cwnd', tcpi_snd_cwnd) assert tcpi_snd_cwnd == 3 | cwnd 10\n"
                        + "assert tcpi_snd_cwnd == 3: doesn't hold, tcpi_snd_cwnd is 10");
        assertThat(failures(run("0 %{ assert tcpi_state == 1 }%\n")))
                .containsExactly("1 assert tcpi_state == 1 | unknown name 'tcpi_state'");
    }

    @Test
    void namesThatNobodyKnowsAreErrorsOfTheScript() {
        ScriptSyntaxException refusal = catchThrowableOfType(ScriptSyntaxException.class, () -> run("""
                0 socket(..., SOCK_STREAMS, 0) = 3
                +0 frobnicate(3) = 0
                +0 splice(3, 0, 4, 0, 10, 0) = 10
                +0 close(3) = -1 EWHAT (what)
                """));
        assertThat(refusal.errors())
                .map(SyntaxError::toString)
                .containsExactly(
                        "1:15: unknown symbol 'SOCK_STREAMS'",
                        "2:4: unknown system call 'frobnicate'",
                        "3:4: system call 'splice' is not supported",
                        "4:4: unknown error 'EWHAT'");
    }

    @Test
    void aRunLeavesNothingBehind() throws ScriptSyntaxException {
        TcpOnlyHost host = new TcpOnlyHost(Persona.LINUX_MODERN);
        for (int i = 0; i < 3; i++) {
            assertThat(host.run(HANDSHAKE + "+0 write(4, ..., 5000) = 5000\n").passed())
                    .isTrue();
            assertThat(host.tcp.endpoints()).isZero();
            assertThat(host.tcp.listeners()).isEmpty();
        }
    }

    private static ScriptReport passes(String script) throws ScriptSyntaxException {
        ScriptReport report = run(script);
        assertThat(failures(report)).isEmpty();
        assertThat(report.passed()).isTrue();
        return report;
    }

    private static List<String> failures(ScriptReport report) {
        return report.results().stream()
                .filter(result -> result.status() == Status.FAILED || result.status() == Status.WARNED)
                .map(result -> result.line() + " " + result.expected() + " | " + result.actual())
                .toList();
    }

    private static ScriptReport run(String script) throws ScriptSyntaxException {
        return TcpOnlyHost.run(Persona.LINUX_MODERN, script);
    }
}
