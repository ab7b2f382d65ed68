package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/** What a TCP segment costs the host in memory on its way from a remote host's stream into a program that compares it. */
class ReceivePathAllocationTest {
    private static final int PAYLOAD = 1448;
    private static final long MOST_BYTES_A_PACKET = 64;

    @Test
    void aSteadyStreamIsReceivedAlmostWithoutAllocating() {
        for (Presets preset : new Presets[] {Presets.LEGACY, Presets.IOAT}) {
            TestMachine lab = new TestMachine(preset.spec());
            lab.run(new ProcessCommand.Start(
                    "sink", ProgramType.SINK, 5001, 87_380, List.of(), 5, 10, null, Verification.COMPARE, null));
            lab.run(stream());
            // By then the wire's log of what the machine sends is as large as it gets.
            lab.advance(3 * Picoseconds.PER_SECOND);
            long received = received(lab);

            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            lab.advance(Picoseconds.PER_SECOND / 2);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            long packets = (received(lab) - received) / PAYLOAD;

            assertThat(packets).isGreaterThan(40_000);
            assertThat(bytes / packets).as("bytes a packet, %d in all", bytes).isLessThan(MOST_BYTES_A_PACKET);
        }
    }

    private static long received(TestMachine lab) {
        return lab.machine.processes().process("sink").receivedBytes();
    }

    private static TrafficCommand.Start stream() {
        return new TrafficCommand.Start(
                "eth0",
                TrafficType.TCP_STREAM,
                1,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                PAYLOAD,
                0,
                5001,
                false,
                1 << 20,
                65_536,
                0,
                0,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                KernelSpec.TcpPersona.LINUX_MODERN,
                Verification.COMPARE);
    }
}
