package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ioatlab.hardware.cpu.CpuTopology;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** Several receive queues, each polled on a processor of its own (OLS 2005 paper, section 3). */
class QueuesTest {
    private static final NicSettings TWO =
            NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2);

    private static byte[] frame(int sourcePort) {
        return FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(sourcePort, 80)
                .payload(100)
                .build();
    }

    private static byte[][] flows(int count) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = frame(1000 + i);
        }
        return frames;
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
    }

    @Test
    void aSingleProcessorHasOneQueue() {
        NicWorld world = new NicWorld(new CpuTopology(1, 1, 1), 1000, TWO, 96).open();

        assertThat(world.driver.queues()).isEqualTo(1);
    }

    @Test
    void noTwoQueuesShareACoreWhileThereAreOthers() {
        NicSettings settings = TWO.withReceiveQueues(3);
        NicWorld world = NicWorld.of(settings).open();

        assertThat(List.of(world.driver.queueCpu(0), world.driver.queueCpu(1), world.driver.queueCpu(2)))
                .containsExactly(0, 1, 2);
    }

    @Test
    void settingsChangeWhileTheMachineRuns() {
        NicWorld world = NicWorld.of(TWO).open().hold(100);
        world.send(flows(20));
        boolean changed =
                world.change(TWO.withSplitHeaders(false).withReceiveQueues(4).withRingSize(80));
        world.send(flows(20)).settle();

        assertThat(changed).isTrue();
        assertThat(world.held()).hasSize(40);
        assertThat(world.driver.queues()).isEqualTo(4);
        assertThat(world.held().subList(20, 40)).noneMatch(HeldPacket::split);
    }
}
