package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.ioatlab.machine.KernelSpec;
import org.ioatlab.machine.Presets;
import org.ioatlab.workload.program.ProgramType;
import org.junit.jupiter.api.Test;

/**
 * When copy offload pays (OLS 2005 paper, section 4.3), in cycles of all processors for each byte that a reader gets from a Gigabit Ethernet
 * running at its limit.
 */
class Section43BenefitTest {
    private static final int NETPERF = 87_380;

    private static Setup offload() {
        return Setup.of(Presets.DMA_COPY);
    }

    private static double cycles(Setup setup, int readBytes, ProgramType program, String... flags) {
        return new Benchmark(setup)
                .program(program)
                .reads(readBytes, flags)
                .run()
                .cyclesPerByte();
    }

    private static double byProcessor(int readBytes) {
        return cycles(Setup.of(Presets.LEGACY), readBytes, ProgramType.SINK, "MSG_WAITALL");
    }

    private static double byEngine(Setup setup, int readBytes) {
        return cycles(setup, readBytes, ProgramType.SINK, "MSG_WAITALL");
    }

    /** What a program saves with copy offload: less than 0 if it loses. */
    private static double saved(ProgramType program) {
        return cycles(Setup.of(Presets.LEGACY), NETPERF, program) - cycles(offload(), NETPERF, program);
    }

    /** The least length of a read, in steps of a kilobyte from {@code from} on, that the engine makes cheaper. */
    private static int breakEven(Setup setup, int from) {
        int readBytes = from;
        while (byEngine(setup, readBytes) >= byProcessor(readBytes)) {
            readBytes += 1024;
        }
        return readBytes;
    }

    @Test
    void largeReadsCostLess() {
        for (int readBytes : new int[] {32_768, NETPERF, 262_144}) {
            assertThat(byEngine(offload(), readBytes))
                    .as("%d bytes", readBytes)
                    .isLessThan(0.95 * byProcessor(readBytes));
        }
    }

    /** "a real performance penalty [...] that must be saved via copy parallelism before we achieve a benefit" */
    @Test
    void smallReadsCostMore() {
        for (int readBytes : new int[] {1448, 2896, 4096}) {
            assertThat(byEngine(offload(), readBytes))
                    .as("%d bytes", readBytes)
                    .isGreaterThan(1.05 * byProcessor(readBytes));
        }
    }

    @Test
    void twiceThePenaltyMovesTheBreakEvenUp() {
        Setup dear = offload().cost("pinCallCycles", 2400).cost("pinPageCycles", 520);
        int usual = breakEven(offload(), 5120);
        assertThat(usual).isBetween(6144, 16_384);
        assertThat(breakEven(dear, usual)).isBetween(usual + 1024, 2 * usual);
    }

    /** "If the process is using select() or poll() to wait for data, user buffers are not available until data has already arrived." */
    @Test
    void helpsThoseLessWhoSelectBeforeTheyRead() {
        assertThat(saved(ProgramType.SINK)).isGreaterThan(0.1);
        assertThat(saved(ProgramType.SELECT_SINK)).isLessThan(saved(ProgramType.SINK) - 0.2);
    }

    /** The engine leaves the data in memory, where the program has to fetch it from. */
    @Test
    void helpsThoseLessWhoTouchWhatTheyRead() {
        assertThat(saved(ProgramType.TOUCH)).isLessThan(saved(ProgramType.SINK) - 0.5);
    }

    @Test
    void leavesReceivedDataCold() {
        Benchmark.Result byEngine =
                new Benchmark(offload()).program(ProgramType.TOUCH).run();
        Benchmark.Result byProcessor = new Benchmark(Setup.of(Presets.LEGACY))
                .program(ProgramType.TOUCH)
                .run();
        assertThat(byEngine.figures().firstTouch().memory()).isPositive();
        assertThat(byEngine.figures().firstTouch().firstLevel()).isZero();
        assertThat(byProcessor.figures().firstTouch().memory()).isZero();
    }

    /** Networks faster than a processor: jumbo frames at ten times the rate. */
    @Test
    void raisesThroughputWhereTheProcessorIsTheLimit() {
        assertThat(tenGigabits(true)).isGreaterThan(1.05 * tenGigabits(false));
    }

    private static double tenGigabits(boolean copyOffload) {
        Setup setup = Setup.of(copyOffload ? Presets.DMA_COPY : Presets.LEGACY).sockets(2);
        setup.linkMbps = 10_000;
        setup.mtu = 9000;
        Benchmark benchmark = new Benchmark(setup).reads(NETPERF, "MSG_WAITALL");
        benchmark.streams = 4;
        benchmark.cpu = 1;
        return benchmark.run().packetsPerSecond();
    }

    /** Acknowledgments by softirq instead of the reader switch the engine off as well: there is no prequeue to copy from. */
    @Test
    void immediateAcknowledgmentsLeaveNothingToOffload() {
        Setup setup = offload();
        setup.ackPolicy = KernelSpec.AckPolicy.SOFTIRQ;
        assertThat(new Benchmark(setup).run().figures().engineBytes()).isZero();
    }
}
