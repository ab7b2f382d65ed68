package org.ioatlab.paper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.NicSpec;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.Presets;
import org.ioatlab.machine.ProcessCommand;
import org.ioatlab.machine.TestMachine;
import org.ioatlab.machine.TrafficPlan;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;

/**
 * The profile of a machine under a netperf-like TCP receive test: streams over one Gigabit port at MTU 1500 into a program that reads 87 380 bytes
 * at a time and waits for them. Rates are of one second of steady state.
 */
final class ReceiveProfile {
    /** netperf's receive size: the default of {@code tcp_rmem}. */
    static final int READ_BYTES = 87_380;

    private static final int PORT = 5001;
    private static final long WARM_UP = Picoseconds.PER_SECOND / 2;
    private static final long MEASURED = Picoseconds.PER_SECOND;
    private static final double PERCENT = 100;

    private final List<CpuViews.Row> rows;
    private final long samples;
    private final long total;

    private ReceiveProfile(CpuViews.Profile profile) {
        rows = profile.rows();
        samples = profile.samples();
        total = rows.stream().mapToLong(CpuViews.Row::cycles).sum();
    }

    /** Of the machine without any I/OAT feature. */
    static ReceiveProfile ofLegacy(Map<String, Long> costs) {
        return of(spec(Presets.LEGACY, 8000, costs), 1);
    }

    /** Its spec with other costs and another limit of interrupts. */
    static MachineSpec spec(Presets preset, int interruptsPerSecond, Map<String, Long> costs) {
        MachineSpec s = preset.spec();
        NicSpec n = s.nic();
        NicSpec nic = new NicSpec(
                n.ports(),
                n.linkMbps(),
                n.mtu(),
                n.receiveQueues(),
                n.ringSize(),
                n.splitHeaders(),
                n.checksumOffload(),
                n.tso(),
                interruptsPerSecond);
        return new MachineSpec(s.platform(), s.seed(), s.cpus(), s.memory(), nic, s.dma(), s.kernel(), costs);
    }

    /** Of a machine that receives that many streams. */
    static ReceiveProfile of(MachineSpec spec, int streams) {
        TestMachine m = new TestMachine(spec);
        m.run(new ProcessCommand.Start(
                "netserver", ProgramType.SINK, PORT, READ_BYTES, List.of(), 128, 1000, null, Verification.NONE, null));
        m.run(TrafficPlan.tcpStreams(PORT, streams, Long.MAX_VALUE).command());
        m.advance(WARM_UP);
        m.run(new ObservationCommand.ResetProfile());
        m.advance(MEASURED);
        return new ReceiveProfile(m.machine.cpus().profile(null));
    }

    /** All functions, most samples first. */
    List<CpuViews.Row> rows() {
        return rows;
    }

    /** Samples taken. */
    long samples() {
        return samples;
    }

    /** Cycles of all functions. */
    long total() {
        return total;
    }

    /** Cycles of a function. */
    long cycles(String symbol) {
        return rows.stream()
                .filter(row -> row.symbol().equals(symbol))
                .mapToLong(CpuViews.Row::cycles)
                .sum();
    }

    /** Each function's share of all cycles, in percent, most first. */
    Map<String, Double> shares() {
        Map<String, Double> shares = new LinkedHashMap<>();
        rows.stream()
                .sorted((a, b) -> Long.compare(b.cycles(), a.cycles()))
                .forEach(row -> shares.put(row.symbol(), PERCENT * row.cycles() / total));
        return shares;
    }
}
