package org.ioatlab.workload.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.wire.Impairments;
import org.junit.jupiter.api.Test;

class TcpStreamsTest {
    private static final int MIB = 1 << 20;

    static TrafficSpec streams(int streams, long bytes) {
        return new TrafficSpec(
                TrafficType.TCP_STREAM,
                streams,
                bytes,
                TrafficSpec.UNLIMITED,
                1448,
                0,
                BackToBack.PORT,
                false,
                4 * MIB,
                64 << 10,
                1,
                1,
                1,
                Impairments.NONE,
                1,
                Persona.LINUX_MODERN,
                Verification.SHA256);
    }

    @Test
    void aStreamArrivesAtLineRate() throws Exception {
        BackToBack world = new BackToBack(1, 1000, 1500, Persona.LINUX_MODERN, Persona.LINUX_MODERN);
        world.listen();
        TrafficSpec spec = streams(1, 64 * MIB);
        world.expect(spec);
        Traffic traffic = new TcpStreams(spec, world.loop, world.clients);
        traffic.start();
        world.settle();

        assertTrue(traffic.isDone());
        FlowFigures total = traffic.total();
        assertEquals(FlowState.DONE, total.state());
        assertEquals(64 * MIB, total.acknowledgedBytes());
        assertEquals(64 * MIB, world.readers.getFirst().received);
        assertFalse(world.readers.getFirst().wrong);
        byte[] bytes = new byte[64 * MIB];
        new StreamPattern(spec.flowSeed(0)).fill(0, bytes, 0, bytes.length);
        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                traffic.digests(0).sent());
        assertEquals(941_482, (double) total.goodputKbps(), 941.482 * 2);
    }
}
