package org.ioatlab.workload.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.CaptureLimits;
import org.ioatlab.wire.capture.CaptureReader;
import org.ioatlab.workload.wire.Impairments;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final List<Persona> PERSONAS = List.of(Persona.LINUX_2_6_12, Persona.LINUX_MODERN, Persona.FREEBSD);

    private static byte[] file() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ReplayTest.class.getResourceAsStream("/captures/linux-tcp-transfer.pcap"))) {
            return in.readAllBytes();
        }
    }

    private static CaptureFrames frames() throws Exception {
        byte[] file = file();
        return CaptureReader.read(file, new CaptureLimits(1_000_000, file.length));
    }

    private static Replay replay(BackToBack world, boolean captured, Impairments impairments, long seed)
            throws Exception {
        Conversation conversation =
                Conversation.first(frames(), world.wire.machine().mtu());
        TrafficSpec spec = TrafficSpec.replay(conversation, BackToBack.PORT, impairments, seed);
        Replay replay = new Replay(spec, world.loop, world.clients, conversation, 0, captured);
        world.listen();
        replay.start();
        world.settle();
        return replay;
    }

    @Test
    void aCapturedClientIsHeardByEveryPersona() throws Exception {
        for (Persona persona : PERSONAS) {
            BackToBack world = new BackToBack(1, 1000, 1500, Persona.LINUX_MODERN, persona);
            Replay replay = replay(world, false, Impairments.NONE, 1);

            assertTrue(replay.isDone());
            assertEquals(FlowState.DONE, replay.flow(0).state(), persona.name());
            assertEquals(replay.spec().bytes(), world.readers.getFirst().received, persona.name());
            assertEquals(replay.digests(0).sent(), world.readers.getFirst().sha256(), persona.name());
        }
    }

    @Test
    void capturedDistancesAreKept() throws Exception {
        BackToBack world = new BackToBack(1, 1000, 1500, Persona.LINUX_MODERN, Persona.LINUX_MODERN);
        CaptureFrames frames = frames();
        Replay replay = replay(world, true, Impairments.NONE, 1);

        assertEquals(FlowState.DONE, replay.flow(0).state());
        assertEquals(replay.digests(0).sent(), world.readers.getFirst().sha256());
        assertTrue(world.loop.nowPs() < 20 * Picoseconds.PER_SECOND + frames.sinceFirstNs(frames.count() - 1) * 1000);
    }

    @Test
    void whatTheWireLosesIsSentAgain() {
        Seeds.forEach(seed -> {
            BackToBack world = new BackToBack(seed, 1000, 1500, Persona.LINUX_MODERN, Persona.LINUX_2_6_12);
            Impairments bad = new Impairments(50_000_000, 10_000_000, 50_000_000, 10_000_000, 0, 0);
            world.impairServer(bad, seed);
            Replay replay = replay(world, false, bad, seed);

            assertEquals(FlowState.DONE, replay.flow(0).state());
            assertEquals(replay.digests(0).sent(), world.readers.getFirst().sha256());
        });
    }

    @Test
    void nobodyListens() throws Exception {
        BackToBack world = new BackToBack(1, 1000, 1500, Persona.LINUX_MODERN, Persona.LINUX_MODERN);
        Conversation conversation = Conversation.first(frames(), 1500);
        TrafficSpec spec = TrafficSpec.replay(conversation, BackToBack.PORT, Impairments.NONE, 1);
        Replay replay = new Replay(spec, world.loop, world.clients, conversation, 0, false);
        replay.start();
        world.settle();

        assertEquals(FlowState.FAILED, replay.flow(0).state());
        assertEquals(111, replay.flow(0).error());
    }

    @Test
    void aCaptureWithoutAConnectionIsOfNoUse() throws Exception {
        byte[] empty = Arrays.copyOf(file(), 24);
        CaptureFrames none = CaptureReader.read(empty, new CaptureLimits(10, empty.length));

        assertEquals(
                "the capture has no SYN of a TCP connection",
                assertThrows(Conversation.UnusableException.class, () -> Conversation.first(none, 1500))
                        .getMessage());
    }
}
