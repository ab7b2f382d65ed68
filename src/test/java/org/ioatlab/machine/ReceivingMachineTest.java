package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/** Machines that receive streams of real TCP. */
class ReceivingMachineTest {
    private static final long MILLISECOND = Picoseconds.PER_MILLISECOND;
    private static final int MIB = 1 << 20;

    private static TestMachine receiving(MachineSpec spec, int streams, long bytes) {
        TestMachine m = new TestMachine(spec);
        m.run(new ProcessCommand.Start(
                "sink", ProgramType.SINK, 5001, 65_536, List.of(), 64, 64, null, Verification.COMPARE, null));
        m.run(TrafficPlan.tcpStreams(5001, streams, bytes).command());
        return m;
    }

    private static MachineSpec on(MachineSpec.Cpus cpus) {
        MachineSpec s = Presets.IOAT.spec();
        return new MachineSpec(s.platform(), s.seed(), cpus, s.memory(), s.nic(), s.dma(), s.kernel(), Map.of());
    }

    private static void setCable(TestMachine m, boolean plugged) {
        m.run(new NicCommand.Configure("eth0", null, null, null, null, null, null, plugged));
    }

    private static long received(TestMachine m) {
        return m.machine.processes().process("sink").receivedBytes();
    }

    @Test
    void aCableThatIsPulledAndPutBackDelaysAStreamAndLosesNothing() {
        TestMachine m = receiving(Presets.IOAT.spec(), 1, 10L * MIB);
        m.advance(30 * MILLISECOND);
        setCable(m, false);
        m.advance(MILLISECOND);
        long before = received(m);
        assertThat(before).isBetween(1L * MIB, 9L * MIB);
        m.advance(500 * MILLISECOND);
        assertThat(received(m)).isEqualTo(before);
        setCable(m, true);
        m.advance(5_000 * MILLISECOND);
        ProcessViews.Connection connection =
                m.machine.processes().process("sink").connections().getFirst();
        assertThat(connection.receivedBytes()).isEqualTo(10L * MIB);
        assertThat(connection.matches()).isTrue();
        assertThat(m.machine.traffic().traffic("t1").retransmittedSegments()).isPositive();
    }

    @Test
    void twoQueuesArePolledByTwoProcessorsThatTheInterruptedOneCalls() {
        TestMachine m = receiving(Presets.IOAT.spec(), 3, 10L * MIB);
        m.advance(500 * MILLISECOND);
        assertThat(received(m)).isEqualTo(30L * MIB);
        NicViews.Queue first = m.machine.nics().queue("eth0", 0, 0, 0);
        NicViews.Queue second = m.machine.nics().queue("eth0", 1, 0, 0);
        assertThat(first.cpu()).isNotEqualTo(second.cpu());
        assertThat(first.packets()).isPositive();
        assertThat(second.packets()).isPositive();
        List<Long> calls =
                ProcFigures.rows(m.machine.proc().read("interrupts"), "CAL").getFirst();
        List<Long> polls =
                ProcFigures.rows(m.machine.proc().read("softirqs"), "NET_RX").getFirst();
        for (int cpu = 0; cpu < calls.size(); cpu++) {
            boolean polling = cpu == first.cpu() || cpu == second.cpu();
            assertThat(calls.get(cpu) + polls.get(cpu)).as("cpu " + cpu).matches(n -> (n > 0) == polling);
        }
        assertThat(ProcFigures.interrupts(m.machine.proc().read("interrupts"), "CAL"))
                .isPositive();
    }

    @Test
    void aMachineWithOneProcessorUsesOneQueue() {
        TestMachine m = receiving(on(new MachineSpec.Cpus(1, 1, 1, 0)), 3, MIB);
        m.advance(500 * MILLISECOND);
        assertThat(received(m)).isEqualTo(3L * MIB);
        assertThat(m.machine.nics().nic("eth0").receiveQueues()).isEqualTo(1);
        assertThat(ProcFigures.interrupts(m.machine.proc().read("interrupts"), "CAL"))
                .isZero();
    }

    @Test
    void siblingThreadsOfOneCoreDontPollTwoQueues() {
        TestMachine m = receiving(on(new MachineSpec.Cpus(1, 2, 2, 0)), 3, MIB);
        m.advance(500 * MILLISECOND);
        int first = m.machine.nics().queue("eth0", 0, 0, 0).cpu();
        int second = m.machine.nics().queue("eth0", 1, 0, 0).cpu();
        assertThat(m.machine.cpus().cpu(first).core())
                .isNotEqualTo(m.machine.cpus().cpu(second).core());
    }
}
