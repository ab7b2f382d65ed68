package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.kernel.mm.FreeMemory;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;

/** One random machine whose kernel offloads copies, with readers of all kinds and {@link EngineUsers}, from its boot until all is closed. */
final class RandomOffload {
    private static final long MILLISECOND = Picoseconds.PER_MILLISECOND;
    private static final long PATIENCE = 3_000 * Picoseconds.PER_SECOND;
    private static final long QUIET = 1_000 * Picoseconds.PER_SECOND;
    private static final int ACTS = 200;
    private static final int EVENTS_A_CHECK = 60;
    private static final ProgramType[] READERS = {
        ProgramType.SINK, ProgramType.SELECT_SINK, ProgramType.TOUCH, ProgramType.ECHO
    };

    private final SeededRandom random;
    private final TestMachine lab;
    private final Machine machine;
    private final EngineUsers users;
    private final OffloadRulesCheck rules;
    private final FreeMemory freeMemory;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<SocketReader> readers = new ArrayList<>();
    private final List<TwoReaders> shared = new ArrayList<>();
    private int nextPort = 5001;
    private int steps;
    private long checked;

    /** Hosts and the program that serves them. */
    private record Pair(TrafficPlan plan, String traffic, String program, boolean shared) {}

    RandomOffload(long seed) {
        random = SeededRandom.forPart(seed, "offload");
        lab = new TestMachine(spec(seed));
        machine = lab.machine;
        users = new EngineUsers(lab, random);
        rules = new OffloadRulesCheck(machine);
        freeMemory = new FreeMemory(machine.sockets().layer.memory());
    }

    private MachineSpec spec(long seed) {
        MachineSpec s = Presets.IOAT.spec();
        NicSpec n = s.nic();
        int[] mtus = {1500, 1500, 9000, 576};
        NicSpec nic = new NicSpec(
                1,
                random.nextInt(3) == 0 ? 100 : 1000,
                mtus[random.nextInt(mtus.length)],
                1 + random.nextInt(3),
                n.ringSize(),
                random.nextInt(2) == 0,
                random.nextInt(4) > 0,
                false,
                random.nextInt(2) == 0 ? 0 : 8000);
        KernelSpec k = s.kernel();
        KernelSpec kernel = new KernelSpec(
                Personality.values()[random.nextInt(Personality.values().length)],
                random.nextInt(8) > 0,
                8 + random.nextInt(120),
                16 + random.nextInt(600),
                random.nextInt(8) == 0 ? KernelSpec.AckPolicy.SOFTIRQ : KernelSpec.AckPolicy.PROCESS_CONTEXT,
                KernelSpec.TcpPersona.values()[random.nextInt(3)],
                k.packetTap(),
                random.nextInt(3) == 0 ? null : random.nextInt(random.nextInt(3) > 0 ? 1 : 10_000),
                random.nextInt(3) > 0 ? null : random.nextInt(6));
        // no engine until the memory in use has been noted
        DmaSpec dma = new DmaSpec(
                true,
                1 + random.nextInt(4),
                4096 << random.nextInt(2),
                random.nextInt(4) > 0,
                DmaSpec.Enumeration.DEFERRED,
                0);
        MachineSpec.Cpus cpus = new MachineSpec.Cpus(1 + random.nextInt(2), 1, 1 + random.nextInt(2), 0);
        MachineSpec.Memory memory = new MachineSpec.Memory(96, 64);
        return new MachineSpec(s.platform(), seed, cpus, memory, nic, dma, kernel, costs());
    }

    /** Engines that are so slow that much waits for them, and buses that are full. */
    private Map<String, Long> costs() {
        Map<String, Long> costs = new LinkedHashMap<>();
        if (random.nextInt(2) == 0) {
            costs.put("engineMegabytesPerSecond", 20L + random.nextInt(200));
        }
        if (random.nextInt(3) == 0) {
            costs.put("memoryBusMegabytesPerSecond", 300L + random.nextInt(1_000));
        }
        return costs;
    }

    /** Why processors copied, or readers had to run first. */
    Set<String> reasons() {
        StatisticsViews.Statistics statistics = machine.statistics().statistics();
        Set<String> reasons = new TreeSet<>(statistics.notOffloaded().keySet());
        reasons.addAll(statistics.notEarly().keySet());
        return reasons;
    }

    void run() throws Exception {
        warmUp();
        Map<String, Long> before = MemoryInUse.of(machine);
        lab.run(new PciCommand.Enumerate(0));
        begin();
        transfer(true);
        pairs.forEach(this::check);
        end();
        checkNothingIsLeft(before);
    }

    /** Lets caches of structures grow to what they keep. */
    private void warmUp() {
        serve(ProgramType.SINK, TrafficPlan.tcpStreams(nextPort, 12, 20_000), false);
        transfer(false);
        end();
    }

    private void begin() throws Exception {
        for (int i = 0; i <= random.nextInt(3); i++) {
            ProgramType type = READERS[random.nextInt(READERS.length)];
            serve(type, vary(TrafficPlan.tcpStreams(nextPort, 1 + random.nextInt(4), size())), waitsForAll());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            read(vary(TrafficPlan.tcpStreams(nextPort, 1, size())));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            share(vary(TrafficPlan.tcpStreams(nextPort, 1, size())));
        }
    }

    private long size() {
        return 1L + random.nextInt(random.nextInt(3) == 0 ? 5_000 : 300_000);
    }

    private boolean waitsForAll() {
        return !RandomMachines.deadlocksWhenWaitingForAll(machine.spec()) && random.nextInt(3) == 0;
    }

    private TrafficPlan vary(TrafficPlan plan) {
        plan.ipv6 = machine.spec().nic().mtu() >= 1280 && random.nextInt(3) == 0;
        plan.window = 2_000L + random.nextInt(1 << 20);
        plan.writeBytes = 1 + random.nextInt(65_536);
        plan.seed = random.nextInt(1_000_000);
        plan.verify = Verification.COMPARE;
        plan.persona = KernelSpec.TcpPersona.values()[random.nextInt(3)];
        if (random.nextInt(2) == 0) {
            plan.lossPermille = random.nextInt(30);
            plan.reorderPermille = random.nextInt(50);
            plan.duplicatePermille = random.nextInt(20);
            plan.corruptPermille = random.nextInt(20);
        }
        return plan;
    }

    private void serve(ProgramType type, TrafficPlan plan, boolean all) {
        int readBytes = 1 + random.nextInt(random.nextInt(4) == 0 ? 3_000 : 120_000);
        String program = lab.run(new ProcessCommand.Start(
                        null,
                        type,
                        plan.port(),
                        readBytes,
                        all ? List.of("MSG_WAITALL") : List.of(),
                        64,
                        16,
                        random.nextInt(2) == 0 ? null : users.cpu(),
                        Verification.COMPARE,
                        null,
                        readBytes > 2_000 && random.nextInt(4) == 0))
                .id();
        pairs.add(new Pair(plan, lab.run(plan.command()).id(), program, false));
        nextPort++;
    }

    /** Reads of users outside, each on a socket of its own, with a small receive buffer. */
    private void read(TrafficPlan plan) throws Exception {
        plan.verify = Verification.SHA256;
        SocketReader reader = new SocketReader(lab, random, plan.port(), 256 + random.nextInt(40_000));
        reader.pageOut();
        readers.add(reader);
        pairs.add(new Pair(plan, lab.run(plan.command()).id(), null, false));
        nextPort++;
    }

    /** Reads of two threads outside on one socket, of which one has the engine while both wait. */
    private void share(TrafficPlan plan) {
        plan.verify = Verification.NONE;
        shared.add(new TwoReaders(lab, random, plan, 256 + random.nextInt(60_000)));
        pairs.add(new Pair(plan, lab.run(plan.command()).id(), null, true));
        nextPort++;
    }

    private void transfer(boolean disturbed) {
        long latest = machine.nowPs() + PATIENCE;
        int acts = 0;
        while (isTransferring()) {
            assertTrue(
                    machine.nowPs() < latest,
                    () -> "still running: " + machine.traffic().list() + machine.spec());
            machine.run(machine.nowPs() + MILLISECOND, 1 + random.nextInt(60), false);
            readers.forEach(SocketReader::proceed);
            shared.forEach(TwoReaders::proceed);
            if (disturbed && acts < ACTS && random.nextInt(rules.isEngineBusy() ? 6 : 60) == 0) {
                users.act();
                acts++;
            } else if (disturbed && acts == ACTS && steps % 64 == 0) {
                users.resumeAll();
            }
            steps++;
            if (machine.fired() >= checked + EVENTS_A_CHECK) {
                checked = machine.fired();
                rules.check();
                freeMemory.overwrite();
            }
        }
    }

    private boolean isTransferring() {
        for (Pair pair : pairs) {
            if (machine.traffic().traffic(pair.traffic).state().equals("RUNNING")) {
                return true;
            }
        }
        int read = readers.stream().mapToInt(reader -> reader.digests().size()).sum();
        return read < readers.size() || !shared.stream().allMatch(TwoReaders::isOver);
    }

    private void check(Pair pair) {
        TrafficViews.Traffic traffic = machine.traffic().traffic(pair.traffic);
        for (TrafficViews.Stream stream : traffic.streams()) {
            assertEquals("DONE", stream.state(), stream::toString);
            assertNull(
                    stream.mismatchAt(),
                    () -> stream + " of " + pair.program + machine.spec()
                            + (pair.program == null ? "" : machine.processes().process(pair.program)));
        }
        if (pair.shared) {
            return;
        }
        if (pair.program == null) {
            assertTrue(
                    readers.stream().anyMatch(reader -> reader.digests().contains(traffic.sha256())),
                    () -> "wrong bytes: " + traffic + machine.spec());
            return;
        }
        users.resumeAll();
        lab.advance(20_000 * MILLISECOND);
        ProcessViews.Program program = machine.processes().process(pair.program);
        assertEquals(traffic.sentBytes(), program.receivedBytes(), program::toString);
        for (ProcessViews.Connection connection : program.connections()) {
            assertEquals("OVER", connection.doing(), connection::toString);
            assertEquals(true, connection.matches(), () -> connection + " of " + program + machine.spec());
        }
    }

    private void end() {
        users.end();
        machine.processes().processes().forEach(program -> lab.run(new ProcessCommand.Kill(program.id(), users.cpu())));
        readers.forEach(SocketReader::close);
        readers.clear();
        shared.forEach(TwoReaders::close);
        shared.clear();
        pairs.forEach(pair -> lab.run(new TrafficCommand.Stop(pair.traffic)));
        pairs.clear();
        lab.advance(QUIET);
        rules.check();
    }

    private void checkNothingIsLeft(Map<String, Long> before) {
        assertTrue(machine.isIdle(), "something is still to be done");
        assertEquals(0, machine.memory().state().pinnedPages(), "pinned pages");
        assertEquals(List.of(), machine.sockets().sockets());
        NicSpec nic = machine.spec().nic();
        int tolerated = nic.receiveQueues() * (nic.mtu() / 4096 + 1);
        MemoryInUse.of(machine)
                .forEach((allocator, now) -> assertTrue(
                        Math.abs(now - before.getOrDefault(allocator, 0L)) <= tolerated,
                        () -> allocator + ": " + before.get(allocator) + " before, " + now + " afterwards"));
    }
}
