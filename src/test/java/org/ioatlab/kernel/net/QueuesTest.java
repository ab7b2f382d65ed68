package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** Several receive queues, each polled on a processor of its own (OLS 2005 paper, section 3). */
class QueuesTest {
    private static final NicSettings TWO =
            NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2);

    private static byte[][] flows(int count) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .tcp(1000 + i % 64, 80)
                    .payload(100)
                    .build();
        }
        return frames;
    }

    private static List<Integer> cpus(CpuTopology topology, int queues) {
        NicWorld world = NicWorld.of(TWO.withReceiveQueues(queues), topology).open();
        return IntStream.range(0, world.driver.queues())
                .mapToObj(world.driver::queueCpu)
                .toList();
    }

    @Test
    void eachQueueIsPolledOnItsOwnCore() {
        NicWorld world = NicWorld.of(TWO).open().hold(100);

        world.send(flows(40)).settle();

        assertThat(world.held()).hasSize(40).allSatisfy(packet -> {
            assertThat(packet.queue()).isEqualTo(packet.hash() & 1);
            assertThat(packet.cpu()).isEqualTo(packet.queue());
        });
        assertThat(world.held()).extracting(HeldPacket::queue).contains(0, 1);
        assertThat(world.count("rx_queue_0_packets") + world.count("rx_queue_1_packets"))
                .isEqualTo(40);
    }

    @Test
    void allFramesOfAFlowComeToOneQueue() {
        NicWorld world = NicWorld.of(TWO.withReceiveQueues(4)).open().hold(1000);

        world.send(flows(640)).settle();

        Map<Integer, Set<Integer>> queuesByFlow = new TreeMap<>();
        for (HeldPacket packet : world.held()) {
            queuesByFlow.computeIfAbsent(packet.hash(), hash -> new TreeSet<>()).add(packet.queue());
        }
        assertThat(queuesByFlow).hasSize(64);
        assertThat(queuesByFlow.values())
                .allSatisfy(queues -> assertThat(queues).hasSize(1));
        assertThat(world.held()).extracting(HeldPacket::queue).contains(0, 1, 2, 3);
    }

    @Test
    void aSingleProcessorHasOneQueue() {
        assertThat(cpus(new CpuTopology(1, 1, 1), 2)).containsExactly(0);
    }

    @Test
    void noTwoQueuesShareACoreWhileThereAreOthers() {
        // Processors 2 and 3 are the second threads of the cores of 0 and 1.
        CpuTopology twoByTwo = new CpuTopology(2, 1, 2);
        assertThat(cpus(twoByTwo, 2)).containsExactly(0, 1);
        assertThat(cpus(twoByTwo, 3)).containsExactly(0, 1, 2);
        assertThat(cpus(twoByTwo, 4)).containsExactly(0, 1, 2, 3);
        assertThat(cpus(twoByTwo, 6)).containsExactly(0, 1, 2, 3, 0, 1);
        assertThat(cpus(new CpuTopology(1, 1, 2), 2)).containsExactly(0, 1);
        assertThat(cpus(new CpuTopology(2, 2, 1), 8)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
    }

    @Test
    void aListOfTheUsersOwnIsFollowedEvenOntoOneCore() {
        NicWorld world = NicWorld.of(TWO.withQueueCpus(List.of(3, 1))).open();

        assertThat(world.driver.queueCpu(0)).isEqualTo(3);
        assertThat(world.driver.queueCpu(1)).isEqualTo(1);
    }

    @Test
    void anInterProcessorInterruptIsOnlyNeededToEnterPolling() {
        NicWorld world = NicWorld.of(TWO.withRingSize(4096), 10_000).open();

        world.send(flows(2000)).settle();

        assertThat(world.tap.packets()).isEqualTo(2000);
        assertThat(world.crossCall.interrupts(1)).isEqualTo(1);
        assertThat(world.crossCall.interrupts(0))
                .as("where the interrupt is taken")
                .isZero();
        assertThat(world.rxAction.softnet(1).processed()).isBetween(900L, 1100L);
    }

    @Test
    void processorsOutsideTheMaskAreLeftAlone() {
        NicWorld world = NicWorld.of(TWO).open();

        world.send(flows(100)).settle();

        for (int cpu = 2; cpu < 4; cpu++) {
            assertThat(world.crossCall.interrupts(cpu)).isZero();
            assertThat(world.observation.profile().cycles(cpu, Symbol.SMP_CALL_ASYNC_INTERRUPT))
                    .isZero();
            assertThat(world.rxAction.softnet(cpu).processed()).isZero();
        }
    }

    @Test
    void aFrameForOneQueueCallsOnlyThatOnesProcessor() {
        NicWorld world = NicWorld.of(TWO.withReceiveQueues(4)).open();
        byte[] frame = flows(1)[0];
        int queue = world.receive(frame).queue();

        for (int cpu = 1; cpu < 4; cpu++) {
            assertThat(world.crossCall.interrupts(cpu)).as("processor %d", cpu).isEqualTo(cpu == queue ? 1 : 0);
        }
    }

    @Test
    void twoQueuesMoveMoreSmallPacketsThanOne() {
        long one = processedInAMillisecond(TWO.withReceiveQueues(1));
        long two = processedInAMillisecond(TWO);

        assertThat(two).isGreaterThan(one * 18 / 10);
    }

    private static long processedInAMillisecond(NicSettings settings) {
        NicWorld world = NicWorld.of(settings, 10_000).open();
        world.send(flows(10_000));
        world.runForMicroseconds(1000);
        return world.tap.packets();
    }
}
