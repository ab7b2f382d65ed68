package org.ioatlab.workload.traffic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.wire.Impairments;
import org.junit.jupiter.api.Test;

class TrafficAllocationTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final int PACKETS_A_SECOND = 81_274;

    @Test
    void aStreamInFullFlowAllocatesNothing() {
        BackToBack world = new BackToBack(1, 1000, 1500, Persona.LINUX_MODERN, Persona.LINUX_MODERN);
        world.listen();
        TrafficSpec spec = new TrafficSpec(
                TrafficType.TCP_STREAM,
                1,
                TrafficSpec.UNLIMITED,
                TrafficSpec.UNLIMITED,
                1,
                0,
                BackToBack.PORT,
                false,
                1 << 20,
                64 << 10,
                1,
                1,
                1,
                Impairments.NONE,
                1,
                Persona.LINUX_MODERN,
                Verification.COMPARE);
        world.expect(spec);
        Traffics.create(spec, world.loop, world.clients).start();
        world.run(4 * SECOND);

        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        world.run(SECOND);
        long perPacket = (thread.getCurrentThreadAllocatedBytes() - before) / PACKETS_A_SECOND;

        assertTrue(perPacket < 4, perPacket + " bytes a packet");
    }
}
