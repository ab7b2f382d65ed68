package org.ioatlab.paper;

import static org.ioatlab.paper.Server.MS;

import java.util.List;
import java.util.Map;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.machine.Machine;
import org.ioatlab.machine.NicCommand;
import org.ioatlab.machine.ObservationCommand;
import org.ioatlab.machine.ProcessCommand;
import org.ioatlab.machine.SocketCommand;
import org.ioatlab.machine.StatisticsViews;
import org.ioatlab.machine.TestMachine;
import org.ioatlab.machine.TrafficPlan;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;

/** Remote hosts that send as fast as they can to a program that reads, and what that costs once it has got going. */
final class Benchmark {
    private static final int PORT = 5001;
    private static final int MACHINE = 0x0a000001;
    private static final long MACHINE_MAC = 0x020000000001L;

    /** More than any machine here can take while they are sent. */
    private static final int SMALL_PACKETS = 200_000;

    ProgramType program = ProgramType.SINK;
    int readBytes = 87_380;
    List<String> flags = List.of();
    int streams = 1;

    /** The only processor that the program may run on; null for any. */
    Integer cpu;

    private long settlingPs = 40 * MS;
    private long measuredPs = 40 * MS;
    private final Setup setup;

    /** What was measured. */
    record Result(StatisticsViews.Statistics figures, Machine machine, long elapsedPs) {
        double cyclesPerByte() {
            return figures.cyclesPerByte();
        }

        double packetsPerSecond() {
            return figures.packets() * (double) Server.SECOND / elapsedPs;
        }

        /** Lines for each packet that weren't in a processor's caches when it accessed them. */
        double missed(String use) {
            return (double) figures.cacheMisses().getOrDefault(use, 0L) / figures.packets();
        }

        /** Cycles of functions for each packet. */
        double cycles(Symbol... symbols) {
            List<String> names =
                    List.of(symbols).stream().map(Symbol::kernelName).toList();
            return (double) machine.cpus().profile(null).rows().stream()
                            .filter(row -> names.contains(row.symbol()))
                            .mapToLong(CpuViews.Row::cycles)
                            .sum()
                    / figures.packets();
        }
    }

    Benchmark(Setup setup) {
        this.setup = setup;
    }

    Benchmark program(ProgramType type) {
        program = type;
        return this;
    }

    Benchmark reads(int bytes, String... readFlags) {
        readBytes = bytes;
        flags = List.of(readFlags);
        return this;
    }

    /** Over TCP. */
    Result run() {
        TestMachine lab = new TestMachine(setup.spec());
        lab.run(new ProcessCommand.Start(null, program, PORT, readBytes, flags, 64, 64, cpu, Verification.NONE, null));
        lab.run(TrafficPlan.tcpStreams(PORT, streams, Long.MAX_VALUE).command());
        return measure(lab);
    }

    /** Frames of the least length instead, datagrams of {@code streams} hosts for a socket that nobody reads, as fast as the link carries them. */
    Result smallPackets() {
        TestMachine lab = new TestMachine(setup.spec());
        lab.run(new SocketCommand.Open(
                SocketCommand.Protocol.UDP, null, PORT, null, null, null, Map.of(), Server.SECOND, 0));
        byte[] bytes = new byte[SMALL_PACKETS * Ethernet.MIN_FRAME_LENGTH];
        int[] lengths = new int[SMALL_PACKETS];
        for (int i = 0; i < SMALL_PACKETS; i++) {
            lengths[i] = Ethernet.MIN_FRAME_LENGTH;
            writeSmallest(bytes, i * Ethernet.MIN_FRAME_LENGTH, i % streams);
        }
        lab.run(new NicCommand.InjectFrames("eth0", bytes, lengths, new long[SMALL_PACKETS], false));
        settlingPs = 2 * MS;
        measuredPs = 10 * MS;
        return measure(lab);
    }

    private static void writeSmallest(byte[] bytes, int at, int host) {
        int ip = at + Ethernet.HEADER_LENGTH;
        int udp = ip + Ipv4.MIN_HEADER_LENGTH;
        int length = Ethernet.MIN_FRAME_LENGTH - Ethernet.HEADER_LENGTH;
        Ethernet.writeHeader(bytes, at, MACHINE_MAC, MACHINE_MAC + 1, Ethernet.TYPE_IPV4);
        Ipv4.writeHeader(bytes, ip, length, IpProtocol.UDP, MACHINE + 1 + host, MACHINE);
        BigEndian.put16(bytes, udp, 4000);
        BigEndian.put16(bytes, udp + 2, PORT);
        BigEndian.put16(bytes, udp + 4, length - Ipv4.MIN_HEADER_LENGTH);
    }

    private Result measure(TestMachine lab) {
        lab.advance(settlingPs);
        lab.run(new ObservationCommand.ResetProfile());
        lab.run(new ObservationCommand.ResetStatistics());
        lab.advance(measuredPs);
        return new Result(lab.machine.statistics().statistics(), lab.machine, measuredPs);
    }
}
