package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/**
 * Packets that nobody should send: random bytes, good packets cut short or with bytes changed, fragments of all kinds, segments with any flags
 * at any place of connections that are open. Nothing throws, no queue grows past its limit, and afterwards all memory is back.
 *
 * <p>{@code -Dioatlab.packets=N} says how many a seed sends (4 000 unless told).
 */
class HostileInputTest {
    private static final int PACKETS = Integer.getInteger("ioatlab.packets", 4_000);
    private static final int BATCH = 200;

    /** SO_RCVBUF's default with what one more segment may take. */
    private static final int MOST_CHARGED = 174_760 + 2_048;

    @Test
    void nothingBreaksLeaksOrGrows() {
        Seeds.forEach(seed -> new Attack(seed).run());
    }

    @Test
    void aSynFloodKeepsToTheBacklog() {
        Attack attack = new Attack(1);
        HostilePackets packets = new HostilePackets(attack.random);
        for (int i = 0; i < 20; i++) {
            attack.lab.run(packets.syns(500));
            attack.lab.advance(10 * Picoseconds.PER_MILLISECOND);
            attack.checkLimits();
        }
        SocketViews.Socket listening = attack.lab.machine.sockets().socket(attack.tcp);
        assertEquals(256, listening.halfOpen());
        assertEquals(0, listening.waiting());
        String counters = attack.lab.machine.proc().read("net/netstat");
        assertEquals(10_000 - 256, Counters.of(counters, "TcpExt", "ListenDrops"));
        // SYN-ACKs are repeated five times, the last time 93 seconds after the first; then what is half open is
        // forgotten.
        attack.lab.advance(200 * Picoseconds.PER_SECOND);
        assertEquals(0, attack.lab.machine.sockets().socket(attack.tcp).halfOpen());
    }

    /** One machine under attack. */
    private static final class Attack {
        private final SeededRandom random;
        private final TestMachine lab;
        private final String tcp;
        private final String udp;

        Attack(long seed) {
            random = new SeededRandom(seed);
            Presets[] presets = Presets.values();
            lab = new TestMachine(presets[random.nextInt(presets.length)].spec());
            tcp = open(SocketCommand.Protocol.TCP, 80);
            udp = open(SocketCommand.Protocol.UDP, 53);
        }

        void run() {
            lab.advance(Picoseconds.PER_SECOND);
            HostilePackets packets = new HostilePackets(random);
            // The first packets let caches of structures grow to what they keep.
            send(packets, BATCH);
            quiet();
            Map<String, Long> before = MemoryInUse.of(lab.machine);
            send(packets, PACKETS);
            quiet();
            int queues = lab.machine.nics().nic("eth0").receiveQueues();
            MemoryInUse.of(lab.machine)
                    .forEach((allocator, now) -> assertTrue(
                            Math.abs(now - before.get(allocator)) <= queues,
                            () -> allocator + ": " + before.get(allocator) + " before, " + now + " afterwards"));
        }

        private void send(HostilePackets packets, int count) {
            for (int sent = 0; sent < count; sent += BATCH) {
                lab.run(packets.batch(BATCH, lab.machine.wire()));
                lab.advance((1 + random.nextInt(20)) * Picoseconds.PER_MILLISECOND);
                checkLimits();
                use();
            }
        }

        private String open(SocketCommand.Protocol protocol, int port) {
            return lab.run(new SocketCommand.Open(protocol, null, port, 16, null, null, Map.of(), 0, 0))
                    .id();
        }

        private void checkLimits() {
            for (SocketViews.Socket socket : lab.machine.sockets().sockets()) {
                if (socket.halfOpen() != null) {
                    assertTrue(socket.halfOpen() <= 256, () -> "half open: " + socket);
                    assertTrue(socket.waiting() <= 17, () -> "waiting: " + socket);
                }
                assertTrue(socket.readableBytes() <= MOST_CHARGED, () -> "readable: " + socket);
            }
        }

        /** A program's share: accepts, reads, writes and closes. */
        private void use() {
            lab.run(new SocketCommand.Accept(tcp, 0, 0));
            for (SocketViews.Socket socket : lab.machine.sockets().sockets()) {
                if (socket.id().equals(tcp)) {
                    continue;
                }
                if (socket.id().equals(udp)) {
                    read(udp);
                } else {
                    useConnection(socket);
                }
            }
        }

        private void useConnection(SocketViews.Socket socket) {
            int what = random.nextInt(20);
            if (what < 10) {
                read(socket.id());
            } else if (what == 10) {
                lab.run(new SocketCommand.Close(socket.id(), 0));
            } else if (what == 11) {
                attempt(new SocketCommand.Shutdown(socket.id(), SocketCommand.How.WRITE, 0));
            } else if (what == 12 && socket.state().equals("ESTABLISHED")) {
                Content content = new Content(Content.Fill.RANDOM, null);
                attempt(new SocketCommand.Send(
                        socket.id(), 500, content, List.of("MSG_DONTWAIT"), false, null, null, 0, 0));
            }
        }

        private void read(String socket) {
            attempt(new SocketCommand.Receive(socket, List.of(8_192), List.of("MSG_DONTWAIT"), 0, 0));
        }

        /** What a call can be refused for (no data, reset, unreachable) is what hostile packets bring about. */
        private void attempt(Command<?> command) {
            try {
                lab.run(command);
            } catch (Refusal refusal) {
                assertEquals(Refusal.Kind.CONFLICT, refusal.kind(), refusal::getMessage);
            }
        }

        /** Everything is closed, and all that only time takes away has gone. */
        private void quiet() {
            for (int round = 0; round < 3; round++) {
                for (SocketViews.Socket socket : lab.machine.sockets().sockets()) {
                    if (!socket.id().equals(tcp) && !socket.id().equals(udp)) {
                        lab.run(new SocketCommand.Close(socket.id(), 0));
                    }
                }
                while (lab.run(new SocketCommand.Accept(tcp, 0, 0)).id() != null) {
                    // the next round closes it
                }
                for (int i = 0; i < 300; i++) {
                    read(udp);
                }
                lab.advance(1_000 * Picoseconds.PER_SECOND);
            }
        }
    }

    /** Reads the two-line tables of /proc. */
    private static final class Counters {
        static long of(String text, String group, String name) {
            List<String[]> lines = text.lines()
                    .filter(line -> line.startsWith(group + ":"))
                    .map(line -> line.split(" ", -1))
                    .toList();
            return Long.parseLong(lines.get(1)[List.of(lines.get(0)).indexOf(name)]);
        }
    }
}
