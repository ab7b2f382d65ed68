package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.ioatlab.kernel.net.NicSettings;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.junit.jupiter.api.Test;

/** Random, truncated and mutated packets: none throws, none leaks a buffer, no table outgrows its limit. */
class HostilePacketsTest {
    private static final int FRAMES = 3000;
    private static final int BATCH = 50;

    /** One random run. */
    private static final class Run {
        private final SeededRandom random;
        private final IpWorld world;
        private final UdpSocketCore socket;

        Run(long seed) {
            random = new SeededRandom(seed);
            world = IpWorld.of(NicSettings.DEFAULT
                    .withSplitHeaders(random.nextInt(2) == 0)
                    .withChecksumOffload(random.nextInt(2) == 0)
                    .withPromiscuous(random.nextInt(4) == 0));
            UdpLayer udp = world.ip.udp();
            socket = udp.open(random.nextInt(2) == 0, (each, on) -> {});
            assertThat(udp.bind(socket, 0, 0, 9)).isZero();
        }

        void go() {
            for (int sent = 0; sent < FRAMES; sent += BATCH) {
                byte[][] frames = new byte[BATCH][];
                for (int i = 0; i < BATCH; i++) {
                    frames[i] = mutated(frame());
                }
                world.receive(frames);
                assertThat(world.ip.neighbours().entries()).isLessThanOrEqualTo(Neighbours.MOST_ENTRIES);
                assertThat(world.ip.fragmentBytes(false)).isLessThan(Fragments.HIGH_BYTES + 4096);
                assertThat(world.ip.fragmentBytes(true)).isLessThan(Fragments.HIGH_BYTES + 4096);
                assertThat(socket.receiveBytes()).isLessThanOrEqualTo(socket.receiveBufferBytes());
            }
            world.runForSeconds(65);
            world.run(on -> world.ip.udp().close(socket, on));
            assertThat(world.ip.fragmentQueues(false) + world.ip.fragmentQueues(true))
                    .isZero();
            world.assertNothingIsLeft();
        }

        private byte[] frame() {
            return switch (random.nextInt(9)) {
                case 0 -> ip().udp(random.nextInt(9), 9).payload(length()).build();
                case 1 -> ip().tcp(1, 80).payload(length()).build();
                case 2 -> ip().protocol(random.nextInt(256)).payload(noise()).build();
                case 3 -> IpWorld.icmpFrame(random.nextInt(19), random.nextInt(16), random.nextInt(9999), noise());
                case 4 -> IpWorld.icmpv6Frame(icmpv6Type(), random.nextInt(8), random.nextInt(9999), quoted());
                case 5 ->
                    IpWorld.arp(1 + random.nextInt(2), address(), random.nextInt(2) == 0 ? "10.0.0.1" : address());
                case 6 -> fragment();
                case 7 -> extended();
                default ->
                    FrameBuilder.ethernet()
                            .type(type())
                            .payload(noise())
                            .padding(46)
                            .build();
            };
        }

        private int icmpv6Type() {
            return random.nextInt(2) == 0 ? random.nextInt(5) : Icmpv6.ECHO_REQUEST + random.nextInt(10);
        }

        private byte[] quoted() {
            return random.nextInt(3) == 0
                    ? noise()
                    : FrameBuilder.rawIp()
                            .ip("fd00::1", "fd00::2")
                            .udp(9, 9)
                            .payload(9)
                            .build();
        }

        private String address() {
            return "10.0." + random.nextInt(20) + "." + random.nextInt(256);
        }

        private int type() {
            return new int[] {Ethernet.TYPE_IPV4, Ethernet.TYPE_IPV6, Ethernet.TYPE_ARP}[random.nextInt(3)];
        }

        private FrameBuilder ip() {
            return random.nextInt(2) == 0
                    ? FrameBuilder.ethernet().ipv4(address(), random.nextInt(8) == 0 ? "10.0.0.255" : "10.0.0.1")
                    : FrameBuilder.ethernet()
                            .ipv6("fd00::" + random.nextInt(50), random.nextInt(8) == 0 ? "ff02::1" : "fd00::1");
        }

        private byte[] fragment() {
            byte[] data = new byte[8 * 400];
            int from = 8 * random.nextInt(300);
            int length = 1 + random.nextInt(600);
            boolean more = random.nextInt(4) > 0;
            return random.nextInt(2) == 0
                    ? IpWorld.fragment(data, random.nextInt(30), from, length, more)
                    : IpWorld.fragment6(data, random.nextInt(30), from, more ? length & ~7 : length, more);
        }

        private byte[] extended() {
            FrameBuilder frame = FrameBuilder.ethernet().ipv6("fd00::2", "fd00::1");
            for (int i = random.nextInt(4); i >= 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> frame.hopByHop(8 + 8 * random.nextInt(8));
                    case 1 -> frame.destinationOptions(8 + 8 * random.nextInt(30));
                    case 2 -> frame.routing(8 + 8 * random.nextInt(4), random.nextInt(3));
                    default -> frame.ipv6Fragment(8 * random.nextInt(3), random.nextInt(2) == 0);
                }
            }
            return frame.protocol(IpProtocol.UDP).payload(noise()).build();
        }

        private int length() {
            return random.nextInt(random.nextInt(4) == 0 ? 1400 : 100);
        }

        private byte[] noise() {
            byte[] bytes = new byte[length()];
            random.fill(bytes, 0, bytes.length);
            return bytes;
        }

        /** Mostly one in three frames is cut or has bits turned; its IPv4 checksum is then made good again, so that it gets further. */
        private byte[] mutated(byte[] frame) {
            byte[] changed = frame;
            if (random.nextInt(6) == 0) {
                changed = Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13));
            }
            for (int i = random.nextInt(9) - 5; i > 0 && changed.length > 14; i--) {
                changed[14 + random.nextInt(Math.min(changed.length - 14, 80))] ^= (byte) (1 << random.nextInt(8));
            }
            boolean ipv4 = changed.length >= 34 && Ethernet.type(changed, 0) == Ethernet.TYPE_IPV4;
            int header = ipv4 ? Ipv4.headerLength(changed, 14) : 0;
            if (header >= 20 && changed.length >= 14 + header) {
                Ipv4.writeChecksum(changed, 14);
            }
            return changed;
        }
    }

    @Test
    void nothingThatComesDoesHarm() {
        Seeds.forEach(seed -> new Run(seed).go());
    }

    @Test
    void equalPacketsEndInEqualStates() {
        assertThat(digest()).isEqualTo(digest());
    }

    private static String digest() {
        Run run = new Run(7);
        for (int i = 0; i < 200; i++) {
            run.world.receive(run.mutated(run.frame()));
        }
        run.world.receive(IpWorld.arp(Arp.REQUEST, "10.0.0.2", "10.0.0.1"));
        return run.world.digest();
    }
}
