package org.ioatlab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.dmaengine.Personality;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.program.ProgramType;
import org.ioatlab.workload.traffic.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buffers that are paged out when a read begins come back page by page, each once, in process context (OLS 2005 paper, section 4.3, reason 1). */
class PagedOutBuffersTest {
    private static final long SECOND = Picoseconds.PER_SECOND;
    private static final int PAGE = 4096;
    private static final int PAGES = 20;
    private static final long FAULT_CYCLES = 1_000;
    private static final int FIRST_PAGE_MS = 5;
    private static final StreamPattern PATTERN = new StreamPattern(7);

    /** A machine that samples every cycle, with a connection over which so many bytes come. */
    private static final class Reading {
        final TestMachine lab;
        final String socket;
        final TrafficViews.Traffic traffic;

        Reading(MachineSpec s, long bytes) {
            lab = TestMachine.withCosts(s, Map.of("pageFaultCycles", FAULT_CYCLES));
            SocketViews.Socket listening = lab.run(new SocketCommand.Open(
                    SocketCommand.Protocol.TCP, null, 5001, null, null, null, Map.of(), SECOND, 0));
            TrafficPlan plan = TrafficPlan.tcpStreams(5001, 1, bytes);
            plan.verify = Verification.SHA256;
            traffic = lab.run(plan.command());
            socket =
                    lab.run(new SocketCommand.Accept(listening.id(), SECOND, 0)).id();
            lab.run(new ObservationCommand.SetProfile(null, 1L));
        }

        SocketViews.Received read(int length, boolean pagedOut, String... flags) {
            return lab.run(
                    new SocketCommand.Receive(socket, List.of(length), List.of(flags), 10 * SECOND, 1, pagedOut));
        }

        String sent() {
            return lab.machine.traffic().traffic(traffic.id()).sha256();
        }

        long faults() {
            return lab.machine.cpus().profile(null).rows().stream()
                            .filter(row -> row.symbol().equals("do_page_fault"))
                            .mapToLong(CpuViews.Row::cycles)
                            .sum()
                    / FAULT_CYCLES;
        }

        List<String> contextsOfFaults() {
            return lab.machine.cpus().stacks(null).stream()
                    .filter(stack -> stack.symbol().equals("do_page_fault"))
                    .map(CpuViews.Stack::context)
                    .distinct()
                    .toList();
        }
    }

    private static MachineSpec machine(Personality personality) {
        MachineSpec spec = Presets.IOAT.spec();
        return TestMachine.with(spec, spec.dma(), personality, spec.memory());
    }

    @ParameterizedTest
    @EnumSource(Personality.class)
    void pinningBringsEachPageInOnce(Personality personality) {
        Reading reading = new Reading(machine(personality), PAGES * PAGE);
        long before = reading.lab.machine.nowPs();
        SocketViews.Received received = reading.read(PAGES * PAGE, true, "MSG_WAITALL");
        assertEquals(PAGES * PAGE, received.received());
        assertEquals(reading.sent(), received.sha256());
        assertEquals(PAGES * PAGE, received.offload().engineBytes());
        assertEquals(PAGES, received.pagesIn());
        assertEquals(PAGES, reading.faults());
        assertEquals(List.of("client"), reading.contextsOfFaults());
        assertThat(reading.lab.machine.nowPs() - before)
                .isGreaterThan(PAGES * FIRST_PAGE_MS * Picoseconds.PER_MILLISECOND);
        assertEquals(0, reading.lab.machine.memory().state().pinnedPages());
    }

    @Test
    void aProcessorsCopyBringsEachPageInOnce() {
        Reading reading = new Reading(Presets.LEGACY.spec(), PAGES * PAGE);
        SocketViews.Received received = reading.read(PAGES * PAGE, true, "MSG_WAITALL");
        assertEquals(PAGES * PAGE, received.received());
        assertEquals(reading.sent(), received.sha256());
        assertEquals(PAGES * PAGE, received.offload().cpuBytes());
        assertEquals(PAGES, received.pagesIn());
        assertEquals(PAGES, reading.faults());
        assertEquals(List.of("client"), reading.contextsOfFaults());
    }

    @Test
    void aProcessorBringsInOnlyWhatItWritesTo() {
        Reading reading = new Reading(Presets.LEGACY.spec(), PAGE + 1);
        reading.lab.advance(SECOND);
        SocketViews.Received received = reading.read(PAGES * PAGE, true);
        assertEquals(PAGE + 1, received.received());
        assertEquals(reading.sent(), received.sha256());
        assertEquals(2, received.pagesIn());
    }

    @Test
    void aBufferInMemoryFaultsNever() {
        Reading reading = new Reading(Presets.IOAT.spec(), PAGES * PAGE);
        assertEquals(0, reading.read(PAGES * PAGE, false, "MSG_WAITALL").pagesIn());
        assertEquals(0, reading.faults());
    }

    /** A reader that waits, one that selects first, and one that writes back. */
    @ParameterizedTest
    @EnumSource(Personality.class)
    void programsReadIntoPagedOutBuffers(Personality personality) {
        for (ProgramType type :
                List.of(ProgramType.SINK, ProgramType.SELECT_SINK, ProgramType.TOUCH, ProgramType.ECHO)) {
            TestMachine lab = new TestMachine(machine(personality));
            lab.run(new ObservationCommand.SetProfile(null, 1L));
            lab.run(new ProcessCommand.Start(
                    "p", type, 5001, 5 * PAGE, List.of(), 16, 16, null, Verification.COMPARE, null, true));
            TrafficPlan plan = TrafficPlan.tcpStreams(5001, 3, 60_000);
            plan.verify = Verification.COMPARE;
            TrafficViews.Traffic traffic = lab.run(plan.command());
            lab.settle();
            ProcessViews.Program program = lab.machine.processes().process("p");
            assertEquals(180_000, program.receivedBytes(), program::toString);
            assertTrue(program.connections().stream().allMatch(ProcessViews.Connection::matches), program::toString);
            assertEquals("DONE", lab.machine.traffic().traffic(traffic.id()).state());
            assertThat(program.pagesIn()).isGreaterThanOrEqualTo(180_000 / (5 * PAGE));
            assertThat(lab.machine.cpus().stacks(null).stream()
                            .filter(stack -> stack.symbol().equals("do_page_fault"))
                            .map(CpuViews.Stack::context))
                    .isNotEmpty()
                    .doesNotContain("softirq", "hardirq", "swapper");
            lab.run(new ProcessCommand.Kill("p", 0));
            assertEquals(0, lab.machine.memory().state().pinnedPages());
        }
    }

    /** Ten bytes have come, of which the last is urgent. */
    private static final class Urgent {
        final TestMachine lab = TestMachine.standard();
        final RemoteHost host = new RemoteHost(lab.machine, 1);
        final String socket;

        Urgent() {
            String listening = lab.run(new SocketCommand.Open(
                            SocketCommand.Protocol.TCP, null, 5001, null, null, null, Map.of(), SECOND, 0))
                    .id();
            RemoteHost.Stream stream = host.connect(5001, PATTERN, 0);
            socket = lab.run(new SocketCommand.Accept(listening, SECOND, 0)).id();
            lab.settle();
            stream.connection.written(10, true, host);
            lab.settle();
        }

        SocketCommand.Receive read(String... flags) {
            return new SocketCommand.Receive(socket, List.of(100), List.of(flags), SECOND, 0, true);
        }
    }

    @Test
    void anUrgentByteBringsItsPageIn() {
        Urgent urgent = new Urgent();
        for (String[] flags : List.of(new String[] {"MSG_OOB", "MSG_PEEK"}, new String[] {"MSG_OOB"})) {
            long before = urgent.lab.machine.nowPs();
            SocketViews.Received received = urgent.lab.run(urgent.read(flags));
            assertThat(received.base64()).containsExactly(PATTERN.byteAt(9));
            assertEquals(1, received.pagesIn());
            assertThat(urgent.lab.machine.nowPs() - before).isGreaterThan(FIRST_PAGE_MS * Picoseconds.PER_MILLISECOND);
        }
        SocketViews.Received others = urgent.lab.run(urgent.read());
        assertEquals(9, others.received());
        assertEquals(1, others.pagesIn());
    }

    /** Nothing is written where there is nothing to write, or MSG_TRUNC forbids it. */
    @Test
    void withoutAnUrgentByteNoPageComes() {
        Urgent urgent = new Urgent();
        long before = urgent.lab.machine.nowPs();
        SocketViews.Received received = urgent.lab.run(urgent.read("MSG_OOB", "MSG_TRUNC"));
        assertEquals(1, received.received());
        assertEquals(0, received.pagesIn());
        Refusal none = urgent.lab.whyFailed(urgent.lab.start(urgent.read("MSG_OOB")));
        assertEquals("EINVAL", none.facts().get("error"));
        assertThat(urgent.lab.machine.nowPs() - before).isLessThan(FIRST_PAGE_MS * Picoseconds.PER_MILLISECOND);
    }

    @Test
    void onlyTcpReads() {
        TestMachine lab = TestMachine.standard();
        String udp = lab.run(new SocketCommand.Open(
                        SocketCommand.Protocol.UDP, null, 5001, null, null, null, Map.of(), SECOND, 0))
                .id();
        assertEquals(
                "MEANINGLESS not-a-tcp-socket",
                lab.refused(new SocketCommand.Receive(udp, List.of(1), List.of(), SECOND, 0, true)));
    }
}
