package org.ioatlab.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;

/** One random machine with random programs, hosts and cables, from its boot until all is closed. */
final class RandomTransfers {
    private static final long MILLISECOND = Picoseconds.PER_MILLISECOND;
    private static final long PATIENCE = 3_000 * Picoseconds.PER_SECOND;
    private static final long QUIET = 1_000 * Picoseconds.PER_SECOND;
    private static final int USUAL_RECEIVE_BUFFER = 174_760 + 32_768;
    private static final ProgramType[] READERS = {ProgramType.SINK, ProgramType.SELECT_SINK, ProgramType.TOUCH};

    private final SeededRandom random;
    private final TestMachine lab;
    private final Machine machine;
    private final Invariants invariants;
    private final RandomPlans plans;
    private final List<Pair> pairs = new ArrayList<>();
    private int nextPort = 5001;
    private int rounds;

    /** Hosts and who serves them. */
    private record Pair(TrafficPlan plan, String traffic, String program, SocketReader reader) {}

    RandomTransfers(long seed) {
        random = new SeededRandom(seed);
        MachineSpec spec = new RandomMachines(random).next();
        lab = new TestMachine(spec);
        machine = lab.machine;
        invariants = new Invariants(machine, USUAL_RECEIVE_BUFFER);
        plans = new RandomPlans(random, spec.nic());
    }

    void run() throws Exception {
        advance(1);
        warmUp();
        Map<String, Long> before = MemoryInUse.of(machine);
        begin();
        transfer();
        pairs.forEach(this::check);
        end();
        invariants.checkProfile();
        checkNothingIsLeft(before);
    }

    /** Lets caches of structures grow to what they keep. */
    private void warmUp() throws Exception {
        serve(ProgramType.SINK, TrafficPlan.tcpStreams(nextPort, 20, 20_000));
        transfer();
        end();
    }

    private void begin() throws Exception {
        for (int i = 0; i <= random.nextInt(3); i++) {
            serve(READERS[random.nextInt(READERS.length)], plans.oneWay(nextPort));
        }
        if (random.nextInt(2) == 0) {
            serve(ProgramType.ECHO, plans.bothWays(nextPort));
        }
        if (random.nextInt(2) == 0) {
            read(plans.oneWay(nextPort));
        }
        if (random.nextInt(3) == 0) {
            pairs.add(
                    new Pair(null, lab.run(plans.datagrams(nextPort).command()).id(), null, null));
        }
        if (random.nextInt(2) == 0) {
            compute();
        }
        if (random.nextInt(2) == 0) {
            impairAnswers();
        }
    }

    /** A backlog for all: a connection that finds it full for minutes is forgotten, as kernels do. */
    private void serve(ProgramType type, TrafficPlan plan) {
        boolean mayWaitForAll = !plan.isExchange() && !RandomMachines.deadlocksWhenWaitingForAll(machine.spec());
        String program = lab.run(new ProcessCommand.Start(
                        null,
                        type,
                        plan.port(),
                        1 + random.nextInt(random.nextInt(2) == 0 ? 2_000 : 200_000),
                        random.nextInt(4) == 0 && mayWaitForAll ? List.of("MSG_WAITALL") : List.of(),
                        plan.streams + random.nextInt(64),
                        1 + random.nextInt(50),
                        random.nextInt(2) == 0 ? null : randomCpu(),
                        plan.verify,
                        null))
                .id();
        start(plan, program, null);
    }

    private void read(TrafficPlan plan) throws Exception {
        plan.verify = Verification.SHA256;
        plan.streams = Math.min(plan.streams, 4);
        start(plan, null, new SocketReader(lab, random, plan.port(), 256 + random.nextInt(60_000)));
    }

    private void start(TrafficPlan plan, String program, SocketReader reader) {
        pairs.add(new Pair(plan, lab.run(plan.command()).id(), program, reader));
        nextPort++;
    }

    private void compute() {
        lab.run(new ProcessCommand.Start(
                "compute",
                ProgramType.COMPUTE,
                null,
                1,
                List.of(),
                1,
                1,
                randomCpu(),
                Verification.NONE,
                random.nextInt(300) * MILLISECOND));
    }

    private void impairAnswers() {
        int loss = random.nextInt(50) * 1_000_000;
        lab.run(new WireCommand.SetImpairments(
                randomNic(), loss, loss / 2, loss / 2, loss / 3, 0, random.nextInt(1_000_000_000), 5));
    }

    private int randomCpu() {
        return random.nextInt(machine.cpus().cpus().size());
    }

    private String randomNic() {
        return "eth" + random.nextInt(machine.nics().nics().size());
    }

    /** Until all hosts have done what they wanted; cables are pulled in between. */
    private void transfer() {
        long latest = machine.nowPs() + PATIENCE;
        while (isTransferring()) {
            assertTrue(machine.nowPs() < latest, () -> "still running: " + running());
            step();
            for (Pair pair : pairs) {
                if (pair.reader != null) {
                    pair.reader.proceed();
                }
            }
            if (rounds % 1_000 == 300) {
                setCable(randomNic(), false);
            } else if (rounds % 1_000 == 320) {
                plugAllIn();
            }
        }
        plugAllIn();
    }

    private void step() {
        machine.run(machine.nowPs() + 10 * MILLISECOND, 1 + random.nextInt(40), false);
        invariants.check();
        if (rounds++ % 16 == 0) {
            invariants.checkQueues();
        }
    }

    private void setCable(String nic, boolean up) {
        lab.run(new NicCommand.Configure(nic, null, null, null, null, null, null, up));
    }

    private void plugAllIn() {
        machine.nics().nics().forEach(nic -> setCable(nic.id(), true));
    }

    private boolean isTransferring() {
        for (Pair pair : pairs) {
            if (machine.traffic().traffic(pair.traffic).state().equals("RUNNING") || hasMoreToRead(pair)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasMoreToRead(Pair pair) {
        return pair.reader != null
                && pair.reader.digests().size() < streams(pair).size();
    }

    private List<String> running() {
        return machine.traffic().list().stream()
                .filter(traffic -> traffic.state().equals("RUNNING"))
                .map(TrafficViews.Traffic::toString)
                .toList();
    }

    private List<TrafficViews.Stream> streams(Pair pair) {
        return machine.traffic().traffic(pair.traffic).streams();
    }

    private void check(Pair pair) {
        if (pair.plan == null) {
            return;
        }
        for (TrafficViews.Stream stream : streams(pair)) {
            assertEquals("DONE", stream.state(), stream::toString);
            assertNull(stream.mismatchAt(), stream::toString);
        }
        if (pair.reader != null) {
            assertEquals(sent(pair), sorted(pair.reader.digests()));
        } else {
            checkProgram(pair);
        }
    }

    private void checkProgram(Pair pair) {
        advance(2_000);
        ProcessViews.Program program = machine.processes().process(pair.program);
        List<ProcessViews.Connection> connections = program.connections();
        assertEquals(streams(pair).size(), connections.size());
        for (ProcessViews.Connection connection : connections) {
            assertEquals("OVER", connection.doing(), connection::toString);
            assertNull(connection.error(), connection::toString);
        }
        if (pair.plan.verify == Verification.SHA256) {
            assertEquals(
                    sent(pair),
                    sorted(connections.stream()
                            .map(ProcessViews.Connection::sha256)
                            .toList()));
        } else {
            connections.forEach(each -> assertEquals(true, each.matches(), each::toString));
        }
        checkEcho(pair, program);
    }

    private void checkEcho(Pair pair, ProcessViews.Program program) {
        if (!program.program().equals("ECHO")) {
            return;
        }
        for (TrafficViews.Stream stream : streams(pair)) {
            assertEquals(stream.sentBytes(), stream.receivedBytes(), stream::toString);
            assertEquals(stream.sha256(), stream.receivedSha256(), stream::toString);
        }
    }

    private List<String> sent(Pair pair) {
        return sorted(streams(pair).stream().map(TrafficViews.Stream::sha256).toList());
    }

    private static List<String> sorted(List<String> digests) {
        return digests.stream().sorted().toList();
    }

    private void end() {
        machine.processes().processes().forEach(program -> lab.run(new ProcessCommand.Kill(program.id(), randomCpu())));
        for (Pair pair : pairs) {
            if (pair.reader != null) {
                pair.reader.close();
            }
            lab.run(new TrafficCommand.Stop(pair.traffic));
        }
        pairs.clear();
        lab.advance(QUIET);
        invariants.check();
    }

    private void advance(long milliseconds) {
        lab.advance(milliseconds * MILLISECOND);
    }

    private void checkNothingIsLeft(Map<String, Long> before) {
        assertTrue(machine.isIdle(), "something is still to be done");
        assertEquals(List.of(), machine.sockets().sockets());
        assertEquals(
                1,
                machine.proc().read("net/tcp").lines().count(),
                () -> machine.proc().read("net/tcp"));
        assertEquals(
                1,
                machine.proc().read("net/tcp6").lines().count(),
                () -> machine.proc().read("net/tcp6"));
        assertEquals(0, machine.nics().framesOnWires());
        machine.wire().wires().forEach(wire -> assertEquals(0, wire.waitingFrames(), wire::toString));
        NicSpec nic = machine.spec().nic();
        int pagesOfBuffer = nic.mtu() / 4096 + 1;
        int tolerated = nic.ports() * nic.receiveQueues() * pagesOfBuffer;
        MemoryInUse.of(machine)
                .forEach((allocator, now) -> assertTrue(
                        Math.abs(now - before.get(allocator)) <= tolerated,
                        () -> allocator + ": " + before.get(allocator) + " before, " + now + " afterwards"));
    }
}
