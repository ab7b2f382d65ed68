package org.ioatlab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.NicViews;
import org.ioatlab.machine.Presets;
import org.junit.jupiter.api.Test;

/** Section 3 of the OLS 2005 paper, "Multiple Receive Queues", by packets of the least length that come faster than processors work them off. */
class Section3ReceiveQueuesTest {
    private static final MachineSpec.Cpus ONE = new MachineSpec.Cpus(1, 1, 1, 0);
    private static final MachineSpec.Cpus TWO_CORES = new MachineSpec.Cpus(2, 1, 1, 0);
    private static final MachineSpec.Cpus FOUR_CORES = new MachineSpec.Cpus(4, 1, 1, 0);
    private static final MachineSpec.Cpus TWO_SIBLINGS = new MachineSpec.Cpus(1, 1, 2, 0);
    private static final MachineSpec.Cpus TWO_CORES_OF_TWO = new MachineSpec.Cpus(1, 2, 2, 0);

    private static Benchmark.Result smallPackets(int queues, MachineSpec.Cpus cpus, int hosts) {
        Setup setup = Setup.of(Presets.LEGACY);
        setup.linkMbps = 10_000;
        setup.receiveQueues = queues;
        setup.cpus = cpus;
        Benchmark benchmark = new Benchmark(setup);
        benchmark.streams = hosts;
        return benchmark.smallPackets();
    }

    private static Benchmark.Result smallPackets(int queues, MachineSpec.Cpus cpus) {
        return smallPackets(queues, cpus, 32);
    }

    private static List<NicViews.Queue> queues(Benchmark.Result result) {
        return IntStream.range(0, result.machine().nics().nic("eth0").receiveQueues())
                .mapToObj(queue -> result.machine().nics().queue("eth0", queue, 0, 0))
                .toList();
    }

    /** "processing for a network controller occurs on a single CPU": others don't help. */
    @Test
    void oneQueueIsLimitedByOneProcessor() {
        double alone = smallPackets(1, ONE).packetsPerSecond();
        double withThreeOthers = smallPackets(1, FOUR_CORES).packetsPerSecond();
        assertThat(withThreeOthers).isBetween(0.99 * alone, 1.01 * alone);
    }

    /** "results in higher small-packet throughput by alleviating the CPU bottleneck" */
    @Test
    void twoQueuesOnTwoCoresTakeTwiceAsManyPackets() {
        double one = smallPackets(1, TWO_CORES).packetsPerSecond();
        assertThat(smallPackets(2, TWO_CORES).packetsPerSecond()).isBetween(1.9 * one, 2.1 * one);
    }

    @Test
    void fourQueuesOnFourCoresTakeMore() {
        double two = smallPackets(2, FOUR_CORES).packetsPerSecond();
        assertThat(smallPackets(4, FOUR_CORES).packetsPerSecond()).isBetween(1.5 * two, 2.1 * two);
    }

    /** "we ensure that the two CPU threads targeted for receive processing do not share the same physical core": they would gain a quarter. */
    @Test
    void twoSiblingsGainLittle() {
        double one = smallPackets(1, TWO_SIBLINGS).packetsPerSecond();
        assertThat(smallPackets(2, TWO_SIBLINGS).packetsPerSecond()).isBetween(1.15 * one, 1.35 * one);
    }

    @Test
    void siblingsAreNotTargeted() {
        double cores = smallPackets(2, TWO_CORES).packetsPerSecond();
        Benchmark.Result result = smallPackets(2, TWO_CORES_OF_TWO);
        assertThat(result.packetsPerSecond()).isBetween(0.95 * cores, 1.05 * cores);
        assertThat(queues(result))
                .extracting(queue -> result.machine().cpus().cpu(queue.cpu()).core())
                .doesNotHaveDuplicates();
    }

    /** "all packets for a single TCP stream being placed on the same queue", and so all of one host's datagrams. */
    @Test
    void oneFlowStaysOnOneQueue() {
        Benchmark.Result result = smallPackets(2, TWO_CORES, 1);
        assertThat(queues(result)).extracting(NicViews.Queue::packets).containsOnlyOnce(0L);
        double one = smallPackets(1, TWO_CORES).packetsPerSecond();
        assertThat(result.packetsPerSecond()).isBetween(0.95 * one, 1.05 * one);
    }

    /** "An IPI is only needed to enter NAPI polling mode": under load there are none. */
    @Test
    void interruptsOfProcessorsComeOnlyWithPollingMode() {
        Benchmark.Result result = smallPackets(2, TWO_CORES);
        long calls = ProcRows.sum(result.machine(), "interrupts", "CAL");
        assertThat(calls).isBetween(1L, 10L);
        assertThat(result.figures().packets()).isGreaterThan(10_000);
    }

    /** "On single-processor systems, a single receive queue is used" */
    @Test
    void oneProcessorUsesOneQueue() {
        assertThat(queues(smallPackets(2, ONE))).hasSize(1);
    }
}
