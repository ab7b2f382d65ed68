package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.mm.SlabCacheState;
import org.ioatlab.kernel.mm.ZoneState;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;

/** Whole runs at random: every stream arrives as it was sent, and afterwards nothing is left. */
class StreamPropertyTest {
    private static final long MS = Picoseconds.PER_MILLISECOND;
    private static final int PER_MILLE = 1_000_000;

    /** A receive ring holds one packet's memory more at some times than at others: two queues, at most five pages and objects each. */
    private static final int MOST_RING_CHANGE = 10;

    @Test
    void everyStreamArrivesAndNothingIsLeft() {
        Seeds.forEach(seed -> new Run(seed).holds());
    }

    /** One machine, one program, one traffic. */
    private static final class Run {
        private final SeededRandom random;
        private final TestMachine machine;
        private final ProgramType program;
        private final int before;

        Run(long seed) {
            random = SeededRandom.forPart(seed, "streams");
            machine = new TestMachine(spec(seed));
            ProgramType[] readers = {ProgramType.SINK, ProgramType.SELECT_SINK, ProgramType.TOUCH, ProgramType.ECHO};
            program = readers[random.nextInt(readers.length)];
            // the first socket takes what the network stack keeps for good: its channels' descriptors
            machine.run(new SocketCommand.Close(
                    machine.run(new SocketCommand.Open(
                                    SocketCommand.Protocol.TCP, null, 9, null, null, null, Map.of(), 0, 0))
                            .id(),
                    0));
            before = allocated();
        }

        private MachineSpec spec(long seed) {
            MachineSpec s = Presets.IOAT.spec();
            NicSpec n = s.nic();
            int[] mtus = {1500, 1500, 9000, 576};
            NicSpec nic = new NicSpec(
                    1,
                    random.nextInt(3) == 0 ? 100 : 1000,
                    mtus[random.nextInt(mtus.length)],
                    1 + random.nextInt(2),
                    n.ringSize(),
                    random.nextInt(2) == 0,
                    random.nextInt(3) > 0,
                    random.nextInt(2) == 0,
                    random.nextInt(2) == 0 ? 0 : 8000);
            KernelSpec k = s.kernel();
            KernelSpec kernel = new KernelSpec(
                    Personality.values()[random.nextInt(Personality.values().length)],
                    random.nextInt(4) > 0,
                    k.napiWeight(),
                    k.napiBudget(),
                    random.nextInt(2) == 0 ? KernelSpec.AckPolicy.SOFTIRQ : KernelSpec.AckPolicy.PROCESS_CONTEXT,
                    KernelSpec.TcpPersona.values()[random.nextInt(3)],
                    k.packetTap(),
                    k.copybreakBytes(),
                    k.offloadChannels());
            MachineSpec.Cpus cpus = new MachineSpec.Cpus(1 + random.nextInt(2), 1, 1 + random.nextInt(2), 0);
            return new MachineSpec(s.platform(), seed, cpus, s.memory(), nic, s.dma(), kernel, Map.of());
        }

        void holds() {
            ProcessViews.Program process = machine.run(new ProcessCommand.Start(
                    null,
                    program,
                    5001,
                    1 + random.nextInt(100_000),
                    random.nextInt(3) == 0 && !RandomMachines.deadlocksWhenWaitingForAll(machine.machine.spec())
                            ? List.of("MSG_WAITALL")
                            : List.of(),
                    8 + random.nextInt(100),
                    1 + random.nextInt(8),
                    random.nextInt(2) == 0 ? 0 : null,
                    Verification.COMPARE,
                    null));
            TrafficViews.Traffic traffic = send();
            machine.settle();
            check(process.id(), traffic);
            machine.run(new ProcessCommand.Kill(process.id(), 0));
            machine.advance(200_000 * MS);
            assertTrue(
                    allocated() - before <= MOST_RING_CHANGE,
                    () -> "left " + (allocated() - before) + " pages and objects");
            assertTrue(machine.machine.sockets().sockets().isEmpty());
            assertEquals(1, machine.machine.proc().read("net/tcp").lines().count(), "no connection is left");
        }

        private TrafficViews.Traffic send() {
            boolean clean = random.nextInt(3) == 0;
            return machine.run(new TrafficCommand.Start(
                    "eth0",
                    TrafficType.TCP_STREAM,
                    1 + random.nextInt(6),
                    1 + random.nextInt(400_000),
                    Long.MAX_VALUE,
                    1,
                    0,
                    5001,
                    random.nextInt(2) == 0,
                    1 + random.nextInt(1 << 20),
                    1 + random.nextInt(65_536),
                    1,
                    1,
                    1,
                    clean ? 0 : random.nextInt(50) * PER_MILLE,
                    clean ? 0 : random.nextInt(20) * PER_MILLE,
                    clean ? 0 : random.nextInt(100) * PER_MILLE,
                    clean ? 0 : random.nextInt(20) * PER_MILLE,
                    clean ? 0 : random.nextInt(1000) * Picoseconds.PER_MICROSECOND,
                    clean ? 0 : random.nextInt(1000) * Picoseconds.PER_MICROSECOND,
                    random.nextLong(),
                    KernelSpec.TcpPersona.values()[random.nextInt(3)],
                    Verification.COMPARE));
        }

        private void check(String id, TrafficViews.Traffic started) {
            TrafficViews.Traffic traffic = machine.machine.traffic().traffic(started.id());
            ProcessViews.Program process = machine.machine.processes().process(id);
            String figures = traffic + "\n" + process + "\n" + machine.machine.spec();
            assertEquals("DONE", traffic.state(), figures);
            assertEquals(0, traffic.failed(), figures);
            assertEquals(traffic.sentBytes(), process.receivedBytes(), figures);
            assertEquals(
                    process.receivedBytes(),
                    process.offload().engineBytes() + process.offload().cpuBytes(),
                    figures);
            List<ProcessViews.Connection> wrong = new ArrayList<>(process.connections());
            wrong.removeIf(
                    each -> Boolean.TRUE.equals(each.matches()) && each.doing().equals("OVER"));
            assertTrue(wrong.isEmpty(), figures);
            if (program == ProgramType.ECHO) {
                assertEquals(process.receivedBytes(), process.sentBytes(), figures);
                assertTrue(traffic.streams().stream().allMatch(each -> each.mismatchAt() == null), figures);
            }
            for (CpuViews.Cpu cpu : machine.machine.cpus().cpus()) {
                assertTrue(cpu.utilization() <= 1, figures);
            }
        }

        /** Pages and objects of slabs that are handed out. */
        private int allocated() {
            MemoryViews.State state = machine.machine.memory().state();
            int used = 0;
            for (SlabCacheState cache : state.slabCaches()) {
                used += cache.activeObjects() - cache.slabs() * cache.pagesPerSlab();
            }
            for (ZoneState zone : state.zones()) {
                used += zone.pages() - zone.freePages();
            }
            return used;
        }
    }
}
