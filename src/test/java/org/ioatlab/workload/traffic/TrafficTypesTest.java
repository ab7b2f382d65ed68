package org.ioatlab.workload.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.wire.Impairments;
import org.junit.jupiter.api.Test;

class TrafficTypesTest {
    private static final long MS = Picoseconds.PER_MILLISECOND;
    private static final int ECONNREFUSED = 111;

    private static BackToBack world(int mtu) {
        return new BackToBack(1, 1000, mtu, Persona.LINUX_MODERN, Persona.LINUX_MODERN);
    }

    private static TrafficSpec spec(TrafficType type, int streams, long bytes, long durationPs, int payload, int rate) {
        return new TrafficSpec(
                type,
                streams,
                bytes,
                durationPs,
                payload,
                rate,
                BackToBack.PORT,
                false,
                1 << 20,
                payload,
                100,
                100,
                200,
                Impairments.NONE,
                1,
                Persona.LINUX_MODERN,
                Verification.COMPARE);
    }

    private static Traffic run(BackToBack world, TrafficSpec spec) {
        world.expect(spec);
        Traffic traffic = Traffics.create(spec, world.loop, world.clients);
        traffic.start();
        world.settle();
        assertTrue(traffic.isDone());
        return traffic;
    }

    @Test
    void withoutAListenerAConnectionIsRefused() {
        BackToBack world = world(1500);
        Traffic traffic = run(world, spec(TrafficType.TCP_STREAM, 1, 1000, TrafficSpec.UNLIMITED, 1000, 0));

        assertEquals(FlowState.FAILED, traffic.flow(0).state());
        assertEquals(ECONNREFUSED, traffic.flow(0).error());
        // SYN: 74 bytes + 12 around them; RST: 60 + 12, as each side's ARP request and reply before; at 8 ns a byte,
        // none waits
        assertEquals(((74 + 12) + (60 + 12) + 4 * (60 + 12)) * 8_000L, world.loop.nowPs());
    }

    @Test
    void aPacedStreamKeepsItsRate() {
        BackToBack world = world(1500);
        world.listen();
        Traffic traffic = run(world, spec(TrafficType.TCP_STREAM, 4, TrafficSpec.UNLIMITED, 100 * MS, 1000, 80));

        // 80 Mb/s for 100 ms are 1 000 000 bytes; the first write waits for the handshake with the tick at 0
        assertEquals(1_000_000, traffic.total().acknowledgedBytes(), 1000);
        for (Reader reader : world.readers) {
            assertEquals(250_000, reader.received, 1000);
            assertFalse(reader.wrong);
        }
    }

    @Test
    void anUnpacedStreamEndsWithItsTime() {
        BackToBack world = world(9000);
        world.listen();
        Traffic traffic = run(world, spec(TrafficType.TCP_STREAM, 2, TrafficSpec.UNLIMITED, 50 * MS, 1 << 20, 0));

        assertEquals(990_000, traffic.total().goodputKbps(), 9_900);
        assertEquals(
                traffic.total().acknowledgedBytes(), world.readers.get(0).received + world.readers.get(1).received);
    }

    @Test
    void requestsAreSentWhenTheAnswerHasCome() {
        BackToBack world = world(1500);
        world.echoes = true;
        world.listen();
        Traffic traffic = run(world, spec(TrafficType.TCP_REQUEST_RESPONSE, 3, 5000, TrafficSpec.UNLIMITED, 1000, 0));

        for (int i = 0; i < 3; i++) {
            assertEquals(FlowState.DONE, traffic.flow(i).state());
            assertEquals(50, traffic.flow(i).exchanges());
            assertEquals(5000, traffic.flow(i).receivedBytes());
            assertEquals(-1, traffic.flow(i).mismatchAt());
        }
    }

    @Test
    void connectionsFollowEachOther() {
        BackToBack world = world(1500);
        world.listen();
        Traffic traffic = run(world, spec(TrafficType.TCP_CONNECTIONS, 10, 3000, TrafficSpec.UNLIMITED, 1000, 0));

        assertEquals(200, traffic.flows());
        assertEquals(200, world.readers.size());
        assertEquals(200 * 3000, traffic.total().acknowledgedBytes());
        for (int i = 0; i < 200; i++) {
            assertEquals(FlowState.DONE, traffic.flow(i).state());
            assertEquals(3000, world.readers.get(i).received);
        }
    }

    @Test
    void emptyConnectionsAreOpenedAndClosed() {
        BackToBack world = world(1500);
        world.listen();
        Traffic traffic = run(world, spec(TrafficType.TCP_CONNECTIONS, 200, 0, TrafficSpec.UNLIMITED, 1000, 0));

        assertEquals(200, world.readers.size());
        assertEquals(FlowState.DONE, traffic.flow(199).state());
    }

    @Test
    void abortedTrafficLeavesNothingOpen() {
        BackToBack world = world(1500);
        world.listen();
        TrafficSpec spec = spec(TrafficType.TCP_STREAM, 5, TrafficSpec.UNLIMITED, TrafficSpec.UNLIMITED, 1000, 0);
        Traffic traffic = Traffics.create(spec, world.loop, world.clients);
        traffic.start();
        world.run(10 * MS);
        traffic.abort();
        world.settle();

        assertTrue(traffic.isDone());
        assertEquals(0, world.client().tcp().endpoints());
        assertEquals(0, world.server.tcp().endpoints());
    }

    @Test
    void datagramsFillTheLink() {
        BackToBack world = world(1500);
        int[] arrived = {0};
        world.take((bytes, offset, length) -> arrived[0]++);
        Traffic traffic = run(world, spec(TrafficType.UDP_STREAM, 3, TrafficSpec.UNLIMITED, 10 * MS, 18, 0));

        // 64 bytes, preamble and gap: 672 ns a frame, from time 0 on
        assertEquals(14_881, arrived[0]);
        assertEquals(14_881 * 18, traffic.total().sentBytes());
        // 18 of 84 bytes
        assertEquals(214_285, traffic.total().goodputKbps(), 100);
    }

    @Test
    void datagramsKeepTheirRateToThePicosecond() {
        BackToBack world = world(1500);
        StringBuilder times = new StringBuilder();
        world.take((bytes, offset, length) ->
                times.append(world.loop.nowPs() - (length + 12L) * 8000).append(' '));
        run(world, spec(TrafficType.UDP_STREAM, 1, 5000, TrafficSpec.UNLIMITED, 1000, 7));

        // 1000 bytes at 7 Mb/s: 8/7 ms; the first waits for an ARP request and its reply, 576 ns each
        assertEquals(
                "1152000 1142857142 2285714285 3428571428 4571428571 ",
                times.toString().replaceAll("(\\d)\\b", "$1"));
    }

    @Test
    void aClosedUdpPortIsToldByAMessage() {
        BackToBack world = world(1500);
        Traffic traffic = run(world, spec(TrafficType.UDP_STREAM, 1, 3000, TrafficSpec.UNLIMITED, 1000, 100));

        assertEquals(FlowState.DONE, traffic.flow(0).state());
        assertEquals(ECONNREFUSED, traffic.flow(0).error());
    }
}
