package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Percentage;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/**
 * What a Gigabit Ethernet carries at most, by arithmetic: a frame takes 38 bytes more than its IP packet on the cable, and of the packet 52
 * are headers with TCP's timestamps. Measured once slow start is over; a transfer's acknowledgments go the other way and take nothing away.
 */
class LineRateTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final long SETTLING = SECOND / 5;
    private static final long MEASURED = SECOND / 2;
    private static final Percentage EXACTLY = Percentage.withPercentage(0.2);

    /** What a port did in a second of steady state. */
    private record Steady(double goodputMbps, double framesPerSecond, double framesPerInterrupt) {}

    private static MachineSpec spec(int ports, int mtu, int cores) {
        MachineSpec s = Presets.SPLIT_HEADERS.spec();
        return new MachineSpec(
                s.platform(),
                s.seed(),
                new MachineSpec.Cpus(cores, 1, 1, 0),
                new MachineSpec.Memory(256, 256),
                new NicSpec(ports, 1000, mtu, 1, 256, true, true, true, 8000),
                s.dma(),
                s.kernel(),
                Map.of());
    }

    private static TestMachine receiving(MachineSpec spec) {
        return receiving(new TestMachine(spec), spec);
    }

    private static TestMachine receiving(TestMachine m, MachineSpec spec) {
        for (int port = 0; port < spec.nic().ports(); port++) {
            int reader = 1 + port % (spec.cpus().sockets() - 1);
            m.run(new ProcessCommand.Start(
                    null, ProgramType.SINK, 5001 + port, 87_380, List.of(), 8, 8, reader, Verification.NONE, null));
            TrafficPlan plan = TrafficPlan.tcpStreams(5001 + port, 1, Long.MAX_VALUE);
            plan.nic = "eth" + port;
            m.run(plan.command());
        }
        m.advance(SETTLING);
        return m;
    }

    private static long received(TestMachine m, int port) {
        return m.machine.processes().processes().get(port).receivedBytes();
    }

    private static long frames(TestMachine m) {
        return Objects.requireNonNull(m.machine.nics().statistics("eth0").get("rx_packets"));
    }

    private static long interrupts(TestMachine m) {
        return ProcFigures.interrupts(m.machine.proc().read("interrupts"), "eth0");
    }

    private static Steady measure(TestMachine m) {
        long frames = frames(m);
        long interrupts = interrupts(m);
        long bytes = received(m, 0);
        m.advance(MEASURED);
        double arrived = frames(m) - frames;
        return new Steady(
                megabits(received(m, 0) - bytes), arrived * SECOND / MEASURED, arrived / (interrupts(m) - interrupts));
    }

    private static double megabits(long bytes) {
        return (double) bytes * Byte.SIZE * SECOND / MEASURED / 1e6;
    }

    @Test
    void fullFrames() {
        Steady steady = measure(receiving(spec(1, 1500, 2)));
        assertThat(steady.goodputMbps()).isCloseTo(941.5, EXACTLY);
        assertThat(steady.framesPerSecond()).isCloseTo(81_274, EXACTLY);
        assertThat(steady.framesPerInterrupt()).isCloseTo(10.16, EXACTLY);
    }

    /** Without them each frame carries twelve bytes more. */
    @Test
    void fullFramesWithoutTimestamps() {
        MachineSpec spec = spec(1, 1500, 2);
        TestMachine m = new TestMachine(spec);
        m.run(new SysctlCommand.Set("net.ipv4.tcp_timestamps", "0"));
        Steady steady = measure(receiving(m, spec));
        assertThat(steady.goodputMbps()).isCloseTo(949.3, EXACTLY);
        assertThat(steady.framesPerSecond()).isCloseTo(81_274, EXACTLY);
    }

    @Test
    void jumboFrames() {
        Steady steady = measure(receiving(spec(1, 9000, 2)));
        assertThat(steady.goodputMbps()).isCloseTo(990.0, EXACTLY);
        assertThat(steady.framesPerSecond()).isCloseTo(13_831, EXACTLY);
        assertThat(steady.framesPerInterrupt()).isCloseTo(1.73, within(0.01));
    }

    /**
     * Interrupts of all ports come to the first processor; readers are bound to the others, for one that is moved to the first waits for its
     * window to open again. It takes faster processors than there were.
     */
    @Test
    void eightPortsSideBySide() {
        TestMachine m = receiving(spec(8, 1500, 4).withFrequencyMhz(10_000));
        long[] before = new long[8];
        for (int port = 0; port < before.length; port++) {
            before[port] = received(m, port);
        }
        m.advance(MEASURED);
        for (int port = 0; port < before.length; port++) {
            assertThat(megabits(received(m, port) - before[port]))
                    .as("eth" + port)
                    .isCloseTo(941.5, EXACTLY);
        }
    }
}
