package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;

/**
 * A machine of two ports with programs, sockets, and hosts behind bad cables, and the digest every ten milliseconds. Its {@code main}
 * prints them, so that another process's run can be compared.
 */
public final class BusyDay {
    /** How long the machine goes on between two digests. */
    public static final long STEP = 10 * Picoseconds.PER_MILLISECOND;

    private static final int STEPS = 25;
    private static final int CABLE_OUT = 8;
    private static final int CABLE_IN = 11;
    private static final int KILLED = 18;

    /** How a machine is made to go on. */
    @FunctionalInterface
    public interface Pace {
        /** Lets it go on for {@link #STEP}. */
        void step(TestMachine machine);
    }

    private BusyDay() {}

    public static void main(String[] arguments) {
        digests(false, machine -> machine.advance(STEP)).forEach(System.out::println);
    }

    /** The machine. */
    public static MachineSpec spec() {
        MachineSpec s = Presets.IOAT.spec();
        NicSpec nic = s.nic();
        return new MachineSpec(
                s.platform(),
                42,
                s.cpus(),
                s.memory(),
                new NicSpec(
                        2,
                        nic.linkMbps(),
                        nic.mtu(),
                        nic.receiveQueues(),
                        nic.ringSize(),
                        nic.splitHeaders(),
                        nic.checksumOffload(),
                        nic.tso(),
                        nic.interruptsPerSecond()),
                s.dma(),
                s.kernel(),
                Map.of());
    }

    /** Programs first, then a socket, then hosts. */
    public static List<Command<?>> beginning() {
        return List.of(
                program("sink", ProgramType.SINK, 5001, null),
                program("echo", ProgramType.ECHO, 5002, 1),
                program("select", ProgramType.SELECT_SINK, 5003, null),
                program("compute", ProgramType.COMPUTE, null, 2),
                new SocketCommand.Open(
                        SocketCommand.Protocol.TCP, null, 5004, 4, null, null, Map.of("SO_RCVBUF", 20_000L), 0, 0),
                new WireCommand.SetImpairments("eth1", 10_000_000, 0, 20_000_000, 0, 0, 100_000_000, 3),
                streams(),
                echoes(),
                connections(),
                datagrams(),
                streamsToASocket());
    }

    private static Command<?> program(String name, ProgramType type, Integer port, Integer cpu) {
        Verification verify = port == null ? Verification.NONE : Verification.SHA256;
        return new ProcessCommand.Start(name, type, port, 50_000, List.of(), 16, 50, cpu, verify, null);
    }

    private static Command<?> streams() {
        TrafficPlan plan = TrafficPlan.tcpStreams(5001, 6, Long.MAX_VALUE);
        plan.lossPermille = 5;
        plan.reorderPermille = 10;
        plan.corruptPermille = 2;
        return plan.command();
    }

    private static Command<?> streamsToASocket() {
        TrafficPlan plan = TrafficPlan.tcpStreams(5004, 2, 300_000);
        plan.ipv6 = true;
        return plan.command();
    }

    private static Command<?> echoes() {
        TrafficPlan plan = TrafficPlan.tcpExchanges(5002, 4, 10_000, 2_000);
        plan.nic = "eth1";
        plan.jitterPs = 50 * Picoseconds.PER_MICROSECOND;
        return plan.command();
    }

    private static Command<?> connections() {
        TrafficPlan plan = TrafficPlan.tcpConnections(5003, 5, 5_000, 10_000);
        plan.nic = "eth1";
        plan.ipv6 = true;
        plan.duplicatePermille = 10;
        return plan.command();
    }

    private static Command<?> datagrams() {
        TrafficPlan plan = TrafficPlan.datagrams(53, 1, 1_400, 1_000_000);
        plan.rateMbps = 50;
        return plan.command();
    }

    /** The digests of a day, looked at or not. */
    public static List<String> digests(boolean observed, Pace pace) {
        TestMachine m = new TestMachine(spec());
        if (observed) {
            m.run(new ObservationCommand.SetTimeline(true));
            m.run(new NicCommand.SetCapture("eth0", true, null, null, CaptureDirection.BOTH));
        }
        beginning().forEach(m::run);
        List<String> digests = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            happen(m, step);
            pace.step(m);
            if (observed) {
                look(m);
            }
            digests.add(m.machine.digest());
        }
        return digests;
    }

    private static void happen(TestMachine m, int step) {
        if (step == CABLE_OUT || step == CABLE_IN) {
            m.run(new NicCommand.Configure("eth0", null, null, null, null, null, null, step == CABLE_IN));
        } else if (step == KILLED) {
            m.run(new ProcessCommand.Kill("select", 0));
        }
    }

    private static void look(TestMachine m) {
        m.machine.cpus().profile(null);
        m.machine.cpus().timeline();
        m.machine.nics().captureFile("eth0");
        m.machine.sockets().sockets();
        m.machine.traffic().list();
        m.machine.processes().processes();
        ProcText.NAMES.forEach(m.machine.proc()::read);
        m.run(new ObservationCommand.ResetProfile());
    }
}
