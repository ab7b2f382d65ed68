package org.ioatlab.kernel.net.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.SeededRandom;
import org.junit.jupiter.api.Test;

/** Datagrams that come in fragments (RFC 815, RFC 8200 4.5). */
class FragmentsTest {
    private static final int PROTOCOL = 253;

    /** With this many pieces a datagram never takes as much memory as all of them may. */
    private static final int MOST_PIECES = 80;

    private final IpWorld world = IpWorld.split().acquainted();
    private final IpWorld.Collector protocol = world.collect(PROTOCOL);

    private static byte[] fill(int length, int value) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    void fragmentsInAnyOrderMakeTheDatagram() {
        byte[] data = IpWorld.counting(100);
        world.receive(
                IpWorld.fragment(data, 1, 64, 36, false),
                IpWorld.fragment(data, 1, 0, 32, true),
                IpWorld.fragment(data, 1, 32, 32, true));
        world.receive(
                IpWorld.fragment6(data, 1, 32, 32, true),
                IpWorld.fragment6(data, 1, 64, 36, false),
                IpWorld.fragment6(data, 1, 0, 32, true));

        assertThat(protocol.payloads).containsExactly(data, data);
        assertThat(world.count(IpMib.REASM_REQDS)).isEqualTo(3);
        assertThat(world.count(IpMib.REASM_OKS)).isEqualTo(1);
        assertThat(world.count6(IpMib.REASM_OKS)).isEqualTo(1);
        assertThat(world.ip.fragmentBytes(false)).isZero();
        assertThat(world.ip.fragmentBytes(true)).isZero();
    }

    @Test
    void datagramsAreToldApart() {
        byte[] one = fill(32, 1);
        byte[] two = fill(32, 2);
        world.receive(
                IpWorld.fragment(one, 1, 0, 16, true),
                IpWorld.fragment(two, 2, 0, 16, true),
                IpWorld.fragment(two, 2, 16, 16, false),
                IpWorld.fragment(one, 1, 16, 16, false));

        assertThat(protocol.payloads).containsExactly(two, one);
    }

    @Test
    void overlapsOfIpv4KeepWhatCameInFrontAndWhatComesLaterBehind() {
        // 2.6.12: the newcomer's front gives way to its predecessor, its successors' fronts give way to it.
        world.receive(
                IpWorld.fragment(fill(16, 1), 1, 0, 16, true),
                IpWorld.fragment(fill(48, 3), 1, 32, 16, false),
                IpWorld.fragment(fill(40, 2), 1, 8, 32, true));

        byte[] expected = fill(48, 2);
        Arrays.fill(expected, 0, 16, (byte) 1);
        Arrays.fill(expected, 40, 48, (byte) 3);
        assertThat(protocol.payloads).containsExactly(expected);
        assertThat(world.ip.fragmentBytes(false)).isZero();
    }

    @Test
    void aFragmentThatCoversOthersReplacesThem() {
        world.receive(
                IpWorld.fragment(fill(24, 1), 1, 8, 8, true),
                IpWorld.fragment(fill(24, 1), 1, 16, 8, true),
                IpWorld.fragment(fill(24, 2), 1, 0, 24, true),
                IpWorld.fragment(fill(32, 3), 1, 24, 8, false));

        byte[] expected = fill(32, 2);
        Arrays.fill(expected, 24, 32, (byte) 3);
        assertThat(protocol.payloads).containsExactly(expected);
    }

    @Test
    void overlapsOfIpv6GiveTheDatagramUpAndDuplicatesDoNot() {
        byte[] data = IpWorld.counting(48);
        world.receive(IpWorld.fragment6(data, 1, 0, 24, true), IpWorld.fragment6(data, 1, 16, 32, false));
        assertThat(protocol.payloads).isEmpty();
        assertThat(world.ip.fragmentQueues(true)).isZero();
        assertThat(world.count6(IpMib.REASM_FAILS)).isEqualTo(1);

        world.receive(
                IpWorld.fragment6(data, 2, 0, 24, true),
                IpWorld.fragment6(data, 2, 0, 24, true),
                IpWorld.fragment6(data, 2, 24, 24, false));
        assertThat(protocol.payloads).containsExactly(data);
    }

    @Test
    void endsThatContradictEachOtherAreDropped() {
        byte[] data = IpWorld.counting(64);
        world.receive(
                IpWorld.fragment(data, 1, 32, 16, false),
                IpWorld.fragment(data, 1, 48, 16, false),
                IpWorld.fragment(data, 1, 48, 16, true),
                IpWorld.fragment(data, 1, 8, 8, false),
                IpWorld.fragment(data, 1, 0, 32, true));

        assertThat(protocol.payloads).containsExactly(Arrays.copyOf(data, 48));
    }

    @Test
    void aDatagramThatDoesNotComeWholeIsGivenUpAndItsSenderTold() {
        byte[] data = IpWorld.counting(64);
        world.receive(IpWorld.fragment(data, 1, 0, 32, true), IpWorld.fragment6(data, 1, 0, 32, true));
        world.receive(IpWorld.fragment(data, 2, 32, 32, false), IpWorld.fragment6(data, 2, 32, 32, false));
        world.runForSeconds(29);
        assertThat(world.sent()).isEmpty();
        assertThat(world.ip.fragmentQueues(false)).isEqualTo(2);

        world.runForSeconds(2);
        assertThat(world.sent()).containsExactly("10.0.0.1 > 10.0.0.2: icmp 11/1 60");
        assertThat(world.count(IpMib.REASM_TIMEOUT)).isEqualTo(2);
        world.runForSeconds(30);
        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: icmp 3/1 88");
        assertThat(world.ip.fragmentQueues(false) + world.ip.fragmentQueues(true))
                .isZero();
        world.assertNothingIsLeft();
    }

    @Test
    void fragmentsOfIpv6ThatAreNoMultipleOfEightAreAnswered() {
        byte[] data = IpWorld.counting(64);
        world.receive(IpWorld.fragment6(data, 1, 0, 31, true));

        assertThat(world.sent()).containsExactly("fd00::1 > fd00::2: icmp 4/0 87");
    }

    @Test
    void fragmentsKeepToTheirMemory() {
        byte[] data = IpWorld.counting(1480);
        int most = 0;
        for (int i = 0; i < 600; i++) {
            world.receive(IpWorld.fragment(data, i, 0, 1480, true), IpWorld.fragment6(data, i, 0, 1440, true));
            most = Math.max(most, Math.max(world.ip.fragmentBytes(false), world.ip.fragmentBytes(true)));
        }

        assertThat(most).isBetween(Fragments.LOW_BYTES, Fragments.HIGH_BYTES + 4096);
        assertThat(world.count(IpMib.REASM_FAILS)).isPositive();
        world.runForSeconds(61);
        assertThat(world.ip.fragmentBytes(false) + world.ip.fragmentBytes(true)).isZero();
        world.assertNothingIsLeft();
    }

    @Test
    void theLongestDatagramComesWhole() {
        byte[] data = IpWorld.counting(65_515);
        for (int offset = 0; offset < data.length; offset += 1480) {
            int length = Math.min(1480, data.length - offset);
            world.receive(IpWorld.fragment(data, 1, offset, length, offset + length < data.length));
        }

        assertThat(protocol.payloads).hasSize(1);
        assertThat(protocol.payloads.getFirst()).isEqualTo(data);
    }

    @Test
    void aDatagramThatWouldBeTooLongIsNone() {
        byte[] data = IpWorld.counting(65_528 + 100);
        for (int offset = 0; offset <= 65_520; offset += 1456) {
            int length = offset == 65_520 ? 100 : 1456;
            world.receive(IpWorld.fragment(data, 1, offset, length, length == 1456));
        }

        assertThat(protocol.payloads).isEmpty();
        assertThat(world.ip.fragmentBytes(false)).isZero();
    }

    /** Random cuts, orders, overlaps and copies of random datagrams, some of them with a piece missing. */
    private static final class Run {
        private final SeededRandom random;
        private final IpWorld world;
        private final IpWorld.Collector protocol;
        private final boolean ipv6;

        Run(long seed) {
            random = new SeededRandom(seed);
            world = (random.nextInt(2) == 0 ? IpWorld.split() : IpWorld.plain()).acquainted();
            protocol = world.collect(PROTOCOL);
            ipv6 = random.nextInt(2) == 0;
        }

        void go() {
            int whole = 0;
            for (int datagram = 0; datagram < 20; datagram++) {
                byte[] data = new byte[16 + random.nextInt(random.nextInt(4) == 0 ? 20_000 : 3000)];
                random.fill(data, 0, data.length);
                boolean complete = random.nextInt(4) > 0;
                sendInPieces(data, datagram, complete);
                if (complete) {
                    whole++;
                    assertThat(protocol.payloads).hasSize(whole);
                    assertThat(protocol.payloads.getLast()).isEqualTo(data);
                }
            }
            assertThat(protocol.payloads).hasSize(whole);
            world.runForSeconds(62);
            assertThat(world.ip.fragmentBytes(ipv6)).isZero();
            world.assertNothingIsLeft();
        }

        private void sendInPieces(byte[] data, int identification, boolean complete) {
            int units = (data.length + 7) / 8;
            int least = 1 + units / MOST_PIECES;
            int most = least + random.nextInt(Math.max(1, Math.min(units, 180) - least));
            int count = (units + most - 1) / most;
            int missing = complete ? -1 : random.nextInt(count);
            int[] order = shuffled(count);
            for (int piece : order) {
                if (piece != missing && count > 1) {
                    send(data, identification, piece * most, (piece + 1) * most);
                }
                if (!ipv6 && count > 2 && random.nextInt(4) == 0) {
                    overlap(data, identification, most, missing, order);
                }
            }
            if (count == 1 && complete) {
                send(data, identification, 0, (units + 1) / 2);
                send(data, identification, (units + 1) / 2, units);
            }
        }

        /** Another piece across the edge of two, unless it would make up for a missing one or begin anew what is whole already. */
        private void overlap(byte[] data, int identification, int most, int missing, int[] order) {
            int before = protocol.payloads.size();
            int from = order[0] * most + random.nextInt(most);
            int to = from + 1 + random.nextInt(most);
            boolean helps = missing >= 0 && to > missing * most && from < (missing + 1) * most;
            boolean whole = before > 0 && Arrays.equals(protocol.payloads.getLast(), data);
            if (!helps && !whole && to * 8 < data.length) {
                send(data, identification, from, to);
            }
        }

        private void send(byte[] data, int identification, int fromUnit, int toUnit) {
            int from = fromUnit * 8;
            int to = Math.min(toUnit * 8, data.length);
            boolean more = to < data.length;
            int copies = random.nextInt(5) == 0 && more ? 2 : 1;
            for (int i = 0; i < copies && from < to; i++) {
                world.nic.send(
                        ipv6
                                ? IpWorld.fragment6(data, identification, from, to - from, more)
                                : IpWorld.fragment(data, identification, from, to - from, more));
            }
            world.nic.runForMicroseconds(200);
        }

        private int[] shuffled(int count) {
            int[] order = new int[count];
            for (int i = 0; i < count; i++) {
                int at = random.nextInt(i + 1);
                order[i] = order[at];
                order[at] = i;
            }
            return order;
        }
    }

    @Test
    void randomFragmentsMakeTheDatagramOrNothing() {
        Seeds.forEach(seed -> new Run(seed).go());
    }
}
