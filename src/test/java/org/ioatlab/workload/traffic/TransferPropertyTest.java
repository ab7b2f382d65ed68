package org.ioatlab.workload.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.wire.Impairments;
import org.junit.jupiter.api.Test;

/** Whatever the wire does to packets, every stream comes as it was sent, everything ends, and nothing is left behind. */
class TransferPropertyTest {
    private static final List<Persona> PERSONAS = List.of(Persona.LINUX_2_6_12, Persona.LINUX_MODERN, Persona.FREEBSD);
    private static final long MINUTES = 120 * Picoseconds.PER_SECOND;
    private static final int PERCENT = Impairments.PPB / 100;

    @Test
    void streamsComeAsTheyWereSent() {
        Seeds.forEach(TransferPropertyTest::transfer);
    }

    private static void transfer(long seed) {
        SeededRandom random = SeededRandom.forPart(seed, "transfer");
        BackToBack world = world(seed, random);
        world.impairServer(impairments(random), seed + 7);
        world.echoes = random.nextInt(3) == 0;
        if (random.nextInt(3) == 0) {
            world.readBytes = 100 + random.nextInt(20_000);
            world.readEveryPs = (1 + random.nextInt(3000)) * Picoseconds.PER_MICROSECOND;
            world.echoes = false;
        }
        world.receiveBuffer = random.nextInt(3) == 0 ? 2048 + random.nextInt(30_000) : 0;
        world.listen();
        TrafficSpec spec = spec(seed, random, world.client);
        world.expect(spec);
        Traffic traffic = Traffics.create(spec, world.loop, world.clients);

        traffic.start();
        world.settle();

        String what = spec + " read " + world.readBytes + " every " + world.readEveryPs + " buffer "
                + world.receiveBuffer + " echo " + world.echoes + " " + traffic.total();
        assertTrue(traffic.isDone(), what);
        for (int i = 0; i < traffic.flows(); i++) {
            assertEquals(FlowState.DONE, traffic.flow(i).state(), i + " of " + what);
            assertEquals(spec.bytes(), traffic.flow(i).acknowledgedBytes(), what);
            assertEquals(-1, traffic.flow(i).mismatchAt(), what);
            assertEquals(world.echoes ? spec.bytes() : 0, traffic.flow(i).receivedBytes(), i + " of " + what);
        }
        assertEquals(spec.streams(), world.readers.size(), what);
        for (Reader reader : world.readers) {
            assertFalse(reader.wrong, what);
            assertEquals(spec.bytes(), reader.received, what);
        }
        world.run(MINUTES);
        assertEquals(0, world.server.tcp().endpoints(), what);
        assertEquals(0, world.client().tcp().endpoints(), what);
        assertEquals(0, world.wire.waiting(), what);
        assertEquals(0, world.back.waiting(), what);
        assertEquals(0, world.server.segmentsInUse() + world.client().segmentsInUse(), what);
    }

    private static BackToBack world(long seed, SeededRandom random) {
        int mbps = List.of(100, 1000, 10_000).get(random.nextInt(3));
        int mtu = List.of(576, 1500, 9000).get(random.nextInt(3));
        Persona client = PERSONAS.get(random.nextInt(3));
        Persona server = PERSONAS.get(random.nextInt(3));
        return new BackToBack(seed, mbps, mtu, client, server);
    }

    private static Impairments impairments(SeededRandom random) {
        return new Impairments(
                random.nextInt(2) * random.nextInt(5 * PERCENT),
                random.nextInt(2) * random.nextInt(5 * PERCENT),
                random.nextInt(2) * random.nextInt(20 * PERCENT),
                random.nextInt(2) * random.nextInt(2 * PERCENT),
                random.nextInt(2) * (long) random.nextInt(20_000) * Picoseconds.PER_MICROSECOND,
                random.nextInt(2) * (long) random.nextInt(1_000) * Picoseconds.PER_MICROSECOND);
    }

    private static TrafficSpec spec(long seed, SeededRandom random, Persona client) {
        return new TrafficSpec(
                TrafficType.TCP_STREAM,
                1 + random.nextInt(8),
                random.nextInt(300_000),
                TrafficSpec.UNLIMITED,
                1,
                random.nextInt(3) == 0 ? 1 + random.nextInt(200) : 0,
                BackToBack.PORT,
                random.nextInt(2) == 0,
                1000 + random.nextInt(1 << 20),
                1 + random.nextInt(40_000),
                1,
                1,
                1,
                impairments(random),
                seed,
                client,
                Verification.COMPARE);
    }
}
