package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that serve remote hosts. */
class ProgramsTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final int MIB = 1 << 20;

    private final TestMachine machine = TestMachine.standard();

    private ProcessViews.Program start(ProgramType program, int port, Verification verify) {
        return machine.run(
                new ProcessCommand.Start(null, program, port, 87_380, List.of(), 128, 1000, null, verify, null));
    }

    private TrafficViews.Traffic send(int port, int streams, long bytes) {
        return machine.run(new TrafficCommand.Start(
                "eth0",
                TrafficType.TCP_STREAM,
                streams,
                bytes,
                Long.MAX_VALUE,
                1472,
                0,
                port,
                false,
                1 << 20,
                65_536,
                1,
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                7,
                KernelSpec.TcpPersona.LINUX_MODERN,
                Verification.SHA256));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProgramType.class,
            names = {"SINK", "SELECT_SINK", "TOUCH"})
    void readersGetWhatWasSent(ProgramType program) {
        ProcessViews.Program process = start(program, 5001, Verification.SHA256);
        assertEquals("ACCEPTING", process.state().doing());
        TrafficViews.Traffic traffic = send(5001, 2, MIB);
        machine.settle();

        ProcessViews.Program after = machine.machine.processes().process(process.id());
        assertEquals(2, after.accepted());
        assertEquals(2L * MIB, after.receivedBytes());
        assertEquals(2L * MIB, after.offload().engineBytes());
        assertEquals(0, after.offload().cpuBytes(), after.offload().toString());
        assertEquals(
                machine.machine.traffic().traffic(traffic.id()).streams().stream()
                        .map(TrafficViews.Stream::sha256)
                        .sorted()
                        .toList(),
                after.connections().stream()
                        .map(ProcessViews.Connection::sha256)
                        .sorted()
                        .toList());
        assertTrue(after.connections().stream().allMatch(each -> each.doing().equals("OVER")));
    }

    @Test
    void comparesByteByByte() {
        ProcessViews.Program process = start(ProgramType.SINK, 5001, Verification.COMPARE);
        send(5001, 3, MIB);
        machine.settle();
        ProcessViews.Program after = machine.machine.processes().process(process.id());
        assertEquals(3L * MIB, after.receivedBytes());
        for (ProcessViews.Connection connection : after.connections()) {
            assertEquals(true, connection.matches());
            assertNull(connection.mismatchAt());
        }
    }

    @Test
    void endsWithItsConnections() {
        ProcessViews.Program process = start(ProgramType.SINK, 5001, Verification.NONE);
        send(5001, 4, 1L << 30);
        machine.advance(SECOND / 100);
        assertEquals(
                4, machine.machine.processes().process(process.id()).state().openConnections());
        machine.run(new ProcessCommand.Kill(process.id(), 0));
        machine.settle();
        assertTrue(machine.machine.processes().processes().isEmpty());
        assertTrue(machine.machine.sockets().sockets().isEmpty());
    }
}
