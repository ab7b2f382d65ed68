package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scripts run on whole machines. */
class PacketdrillTest {
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
    void aConnectionIsOpenedUsedAndClosed() {
        everyPersonaPasses(HANDSHAKE + """
                +0.1 < P. 1:1001(1000) ack 1 win 257
                +0~+0.2 > . 1:1(0) ack 1001
                +0 ioctl(4, SIOCINQ, [1000]) = 0
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
    void callsWaitWhilePacketsFlow() {
        everyPersonaPasses(LISTENER + """
                +0...0.2 accept(3, ..., ...) = 4
                +0.1 < S 0:0(0) win 32792 <mss 1000>
                +0 > S. 0:0(0) ack 1 <...>
                +0.1 < . 1:1(0) ack 1 win 257
                +0.1...0.3 read(4, ..., 100) = 10
                +0.2 < P. 1:11(10) ack 1 win 257
                +0~+0.2 > . 1:1(0) ack 11
                +0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1
                +0...0.1 poll([{fd=4, events=POLLIN, revents=0}], 1, 100) = 0
                +0.1...0.2 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, -1) = 1
                +0.1 < P. 11:21(10) ack 1 win 257
                """);
    }

    @Test
    void connectionsAreOpenedActively() {
        everyPersonaPasses("""
                0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0 fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)
                +0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
                +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
                +0 > S 0:0(0) <...>
                +0.1 < S. 5000:5000(0) ack 1 win 5792 <mss 1460>
                +0 > . 1:1(0) ack 1
                +0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
                +0 read(3, ..., 10) = -1 EAGAIN (Resource temporarily unavailable)
                +0 write(3, ..., 1000) = 1000
                +0 > P. 1:1001(1000) ack 1
                +0.1 < R. 1:1(0) ack 1001 win 257
                +0 read(3, ..., 10) = -1 ECONNRESET (Connection reset by peer)
                """);
    }

    @Test
    void longSegmentsAreCut() {
        everyPersonaPasses(HANDSHAKE + """
                +0.1 < FP. 1:4001(4000) ack 1 win 257
                +0.01 read(4, ..., 9000) = 4000
                +0 read(4, ..., 9000) = 0
                """);
        assertThat(failures(machine(KernelSpec.TcpPersona.LINUX_MODERN), "0 < udp (2000)\n"))
                .containsExactly("1 FAILED < udp (2000) | the packet has 2028 bytes, and the link carries 1500");
    }

    @Test
    void ipv6WorksAlike() {
        everyPersonaPasses(
                "--ip_version=ipv6\n" + HANDSHAKE + "+0.1 < P. 1:11(10) ack 1 win 257\n+0~+0.2 > . 1:1(0) ack 11\n");
        everyPersonaPasses("--ip_version=ipv4-mapped-ipv6\n" + HANDSHAKE);
    }

    @Test
    void readinessIsToldByEpoll() {
        everyPersonaPasses(HANDSHAKE + """
                +0 epoll_create(1) = 5
                +0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, fd=4}) = 0
                +0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0
                +0 < P. 1:11(10) ack 1 win 257
                +0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 1
                +0 epoll_wait(5, {events=0, ptr=0}, 1, 0) = 0
                +0 epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN, u64=77}) = 0
                +0 epoll_wait(5, {events=EPOLLIN, u64=77}, 1, -1) = 1
                +0 read(4, ..., 10) = 10
                +0...0.1 epoll_wait(5, {events=EPOLLIN, u64=77}, 1, -1) = 1
                +0.1 < P. 11:21(10) ack 1 win 257
                +0 epoll_ctl(5, EPOLL_CTL_DEL, 4, {events=0, fd=4}) = 0
                +0 epoll_ctl(5, EPOLL_CTL_DEL, 4, {events=0, fd=4}) = -1 ENOENT (No such file or directory)
                +0 close(5) = 0
                """);
    }

    @Test
    void datagramsGoBothWays() {
        everyPersonaPasses("""
                0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3
                +0 bind(3, ..., ...) = 0
                +0 connect(3, ..., ...) = 0
                +0 < udp (100)
                +0 read(3, ..., 1000) = 100
                +0 write(3, ..., 200) = 200
                +0 > udp (200)
                +0 recv(3, ..., 10, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)
                +0 < icmp unreachable port_unreachable [udp (200)]
                +0 read(3, ..., 10) = -1 ECONNREFUSED (Connection refused)
                """);
    }

    @Test
    void unknownConnectionsAreReset() {
        everyPersonaPasses("""
                0 < S 100:100(0) win 1000
                +0 > R. 0:0(0) ack 1
                +0 < 4444 > 9999 . 7:7(0) ack 55 win 1000
                +0 > 9999 > 4444 R 55:55(0)
                """);
    }

    @Test
    void optionsAreSetAndRead() {
        everyPersonaPasses(HANDSHAKE + """
                +0 setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [5], 4) = 0
                +0 getsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [5], [4]) = 0
                +0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0
                +0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, [8]) = 0
                +0 setsockopt(4, SOL_TCP, TCP_CONGESTION, "cubic", 5) = 0
                +0 getsockopt(4, SOL_TCP, TCP_CONGESTION, "cubic", [5]) = 0
                +0 setsockopt(4, SOL_SOCKET, SO_DEBUG, [1], 4) = 0
                +0 setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
                +0 close(4) = 0
                +0 > R. 1:1(0) ack 1
                """);
    }

    @Test
    void kernelVariablesAreSetForTheScriptOnly() {
        TestMachine machine = machine(KernelSpec.TcpPersona.LINUX_MODERN);
        String syn = "+0.1 < S 0:0(0) win 32792 <mss 1000,sackOK>\n";
        assertThat(failures(
                        machine,
                        "`sysctl -q net.ipv4.tcp_sack=0`\n" + LISTENER + syn + "+0 > S. 0:0(0) ack 1 <mss 1460>\n"))
                .isEmpty();
        assertThat(failures(machine, LISTENER + syn + "+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>\n"))
                .isEmpty();
    }

    @Test
    void runsFollowEachOtherAndLeaveNothing() {
        TestMachine machine = machine(KernelSpec.TcpPersona.LINUX_2_6_12);
        for (int i = 0; i < 5; i++) {
            assertThat(failures(machine, HANDSHAKE + "+0 write(4, ..., 5000) = 5000\n+0...1 read(4, ..., 9) = 9\n"))
                    .containsExactly("10 FAILED read() = 9 | hasn't returned");
            assertThat(machine.machine.sockets().sockets()).isEmpty();
        }
    }

    @Test
    void equalMachinesDoTheSame() {
        assertThat(digest()).isEqualTo(digest());
    }

    private static String digest() {
        TestMachine machine = machine(KernelSpec.TcpPersona.FREEBSD);
        assertThat(failures(machine, HANDSHAKE + "+0 < P. 1:1001(1000) ack 1 win 257\n"))
                .isEmpty();
        return machine.machine.digest();
    }

    @Test
    void scriptsThatAreNotUnderstoodAreRefused() {
        TestMachine machine = machine(KernelSpec.TcpPersona.LINUX_2_6_12);
        Refusal refusal = machine.refusal(new PacketdrillCommand.Run("0 < Q 0:0(0)\n+0 frob(1) = 0\n", 0));
        assertThat(refusal.type()).isEqualTo("script-not-understood");
        assertThat(refusal.detail()).isEqualTo("Line 1, column 5: unknown flag 'Q'.");
        assertThat(refusal.facts())
                .containsEntry("errors", List.of(Map.of("line", 1, "column", 5, "message", "unknown flag 'Q'")));
        assertThat(machine.refused(new PacketdrillCommand.Run("0 frob() = 0", 0)))
                .isEqualTo("MALFORMED script-not-understood");
        assertThat(machine.refused(new PacketdrillCommand.Run("0 `true`", 99))).isEqualTo("MEANINGLESS no-such-cpu");
    }

    @Test
    void oneScriptRunsAtATime() {
        TestMachine machine = machine(KernelSpec.TcpPersona.LINUX_2_6_12);
        Call<PacketdrillViews.Report> first = machine.start(new PacketdrillCommand.Run(HANDSHAKE, 0));
        assertThat(machine.refused(new PacketdrillCommand.Run(HANDSHAKE, 0))).isEqualTo("CONFLICT script-running");
        assertThat(failures(machine.finish(first))).isEmpty();
    }

    private static void everyPersonaPasses(String script) {
        for (KernelSpec.TcpPersona persona : KernelSpec.TcpPersona.values()) {
            assertThat(failures(machine(persona), script)).as("%s", persona).isEmpty();
        }
    }

    private static List<String> failures(TestMachine machine, String script) {
        return failures(machine.run(new PacketdrillCommand.Run(script, 0)));
    }

    private static List<String> failures(PacketdrillViews.Report report) {
        return report.lines().stream()
                .filter(line -> !line.status().equals("PASSED"))
                .map(line -> line.line() + " " + line.status() + " " + line.expected() + " | " + line.actual())
                .toList();
    }

    private static TestMachine machine(KernelSpec.TcpPersona persona) {
        MachineSpec s = Presets.LEGACY.spec();
        KernelSpec k = s.kernel();
        KernelSpec kernel = new KernelSpec(
                k.personality(),
                false,
                k.napiWeight(),
                k.napiBudget(),
                k.ackPolicy(),
                persona,
                k.packetTap(),
                k.copybreakBytes(),
                k.offloadChannels());
        return new TestMachine(
                new MachineSpec(s.platform(), s.seed(), s.cpus(), s.memory(), s.nic(), s.dma(), kernel, Map.of()));
    }
}
