package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scripts whose words were shuffled, lost and doubled: they are refused, or run to an end and leave the machine usable. */
class PacketdrillFuzzTest {
    private static final int SEEDS = Integer.getInteger("packetdrill.fuzz.seeds", 150);

    private static final String[] LINES = {
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3",
        "+0 bind(3, ..., ...) = 0",
        "+0 listen(3, 1) = 0",
        "+0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,TS val 5 ecr 0>",
        "+0 > S. 0:0(0) ack 1 <...>",
        "+0 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 5 ecr 0>",
        "+0 accept(3, ..., ...) = 4",
        "+0 < P. 1:11(10) ack 1 win 257 urg 3",
        "+0 < . 21:31(10) ack 1 win 257 <nop,nop,sack 1:2 3:4>",
        "+0 read(4, ..., 100) = 10",
        "+0 recvmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, {..., 20}], msg_flags=0}, MSG_DONTWAIT) = 5",
        "+0 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 10) = 1",
        "+0 epoll_create(1) = 5",
        "+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = 0",
        "+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 10) = 1",
        "+0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, [8]) = 0",
        "+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0",
        "+0 setsockopt(4, IPPROTO_TCP, TCP_NODELAY, [1], 4) = 0",
        "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0",
        "+0 ioctl(4, SIOCINQ, [10]) = 0",
        "+0 write(4, \"abc\", 3000) = 3000",
        "+0 shutdown(4, SHUT_WR) = 0",
        "+0 < icmp unreachable frag_needed mtu 600 [1:11(10)]",
        "+0 < udp 5 > 6 (10)",
        "+0...0.1 read(4, ..., 5) = 5",
        "+0 connect(3, ..., ...) = 0",
        "+0 sendto(4, ..., 10, 0, ..., ...) = 10",
        "+0 < R. 1:1(0) ack 1 win 0",
        "* > . 1:1(0) ack 11",
        "+0 %{ assert tcpi_rtt > 0 }%",
        "+0 `sysctl -q net.ipv4.tcp_rmem=\"1 2 3\"`",
        "+0 close(4) = 0"
    };

    @Test
    void anyScriptEnds() {
        TestMachine machine = new TestMachine(Presets.LEGACY.spec());
        int ran = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            String script = script(new Random(seed));
            try {
                machine.run(new PacketdrillCommand.Run(script, 0));
                ran++;
            } catch (Refusal refusal) {
                assertThat(refusal.type()).as("seed %d:\n%s", seed, script).isEqualTo("script-not-understood");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ":\n" + script, e);
            }
            assertThat(machine.machine.sockets().sockets())
                    .as("seed %d:\n%s", seed, script)
                    .isEmpty();
        }
        assertThat(ran).isGreaterThan(SEEDS / 10);
    }

    private static String script(Random random) {
        StringBuilder script = new StringBuilder();
        if (random.nextInt(4) == 0) {
            script.append("--non_fatal=packet,syscall --ip_version=").append(random.nextBoolean() ? "ipv4" : "ipv6");
        }
        int mutations = random.nextInt(3);
        for (int i = 0; i < LINES.length; i++) {
            int pick = i < 7 || random.nextInt(3) > 0 ? i : random.nextInt(LINES.length);
            boolean mutated = mutations > 0 && random.nextInt(LINES.length) < mutations;
            script.append('\n').append(mutated ? mutated(LINES[pick], random) : LINES[pick]);
        }
        return script.toString();
    }

    private static String mutated(String line, Random random) {
        List<String> words = new ArrayList<>(List.of(line.split("(?<=[^A-Za-z0-9_.])|(?=[^A-Za-z0-9_.])")));
        int at = random.nextInt(words.size());
        switch (random.nextInt(4)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, words.get(random.nextInt(words.size())));
            case 2 ->
                words.set(
                        at,
                        new String[] {"-1", "...", "65535", "0", "4294967295", "[]", "{}", "NULL"}[random.nextInt(8)]);
            default -> words.set(at, words.get(random.nextInt(words.size())));
        }
        return String.join("", words);
    }
}
