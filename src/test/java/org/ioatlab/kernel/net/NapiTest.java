package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ioatlab.hardware.nic.PortRegister;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** How received frames are polled: weight, budget, time limit, refills, interrupts. */
class NapiTest {
    private static final NicSettings SPLIT = NicSettings.DEFAULT.withSplitHeaders(true);

    private static byte[][] frames(int count) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .udp(1000, 2000)
                    .payload(18)
                    .build();
        }
        return frames;
    }

    private static long irqs(NicWorld world) {
        return world.driver.interruptLine().count(0);
    }

    @Test
    void noInterruptComesWhilePolling() {
        NicWorld world = NicWorld.of(SPLIT.withRingSize(4096), 10_000).open();
        world.send(frames(3000)).settle();

        assertThat(world.tap.packets()).isEqualTo(3000);
        // Frames come every 67 ns and are polled every microsecond. Unmasking finds the cause that they left meanwhile.
        assertThat(irqs(world)).isEqualTo(2);
    }

    @Test
    void buffersAreHandedOverSixteenAtATime() {
        NicWorld world = NicWorld.of(SPLIT.withRingSize(80)).open();
        List<Long> tails = new ArrayList<>(List.of(tail(world)));
        world.send(frames(65));
        while (world.loop.run(EventLoop.HORIZON_PS, 1, true) == EventLoop.Stop.EVENTS) {
            if (!tails.getLast().equals(tail(world))) {
                tails.add(tail(world));
            }
        }

        // 79 buffers at first; four batches, and the last one when there is no more to poll.
        assertThat(tails).containsExactly(78L, 14L, 30L, 46L, 62L, 63L);
    }

    private static long tail(NicWorld world) {
        return world.port.peek(PortRegister.RDT, 4);
    }

    @Test
    void aRingUsesAllButTwoOfItsDescriptors() {
        NicWorld world = NicWorld.of(SPLIT.withRingSize(80)).open();
        world.boot().spend(Symbol.MEMCPY, 1_000_000);
        world.send(frames(200));
        world.runForMicroseconds(200);

        // The processor is busy for 294 us, so that nothing is polled. The tail names the last buffer and is never
        // used.
        assertThat(world.driver.ring(0).finished()).isEqualTo(78);
        assertThat(world.port.packetBufferFrames()).isEqualTo(200 - 78);
        world.settle();
        assertThat(world.tap.packets()).isEqualTo(200);
    }

    @Test
    void aRoundEndsWithItsBudget() {
        NicWorld world = NicWorld.of(SPLIT.withRingSize(4096).withInterruptsPerSecond(100), 10_000)
                .open();
        world.send(frames(1001)).settle();

        assertThat(world.tap.packets()).isEqualTo(1001);
        assertThat(world.rxAction.softnet(0).processed()).isEqualTo(1001);
        // The first frame alone, then 1000 in rounds of 300.
        assertThat(world.rxAction.softnet(0).timeSqueeze()).isEqualTo(3);
    }

    @Test
    void aRoundEndsAfterMoreThanAJiffy() {
        Map<String, Long> slow = Map.of("receiveDescriptorCycles", 340_000L);
        NicWorld world = NicWorld.withCosts(SPLIT.withInterruptsPerSecond(100), 1000, slow)
                .open();
        world.send(frames(101)).settle();

        // A packet takes a little over 100 us, so 10 to 20 of them fill one to two milliseconds.
        assertThat(world.tap.packets()).isEqualTo(101);
        assertThat(world.rxAction.softnet(0).timeSqueeze()).isBetween(5L, 10L);
    }

    @Test
    void portsTakeTurnsByWeight() {
        PollingDevice first = new Endless(3);
        PollingDevice second = new Endless(2);
        NicWorld world = NicWorld.of(SPLIT);
        world.rxAction.schedule(first, world.boot());
        world.rxAction.schedule(second, world.boot());
        Softnet softnet = world.rxAction.softnet(0);
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            turns.add(softnet.first == first ? "first" : "second");
            world.rxAction.runItem(world.processors.get(0));
        }

        assertThat(turns)
                .containsExactly(
                        "first", "first", "first", "second", "second", "first", "first", "first", "second", "second");
    }

    /** A device that always has a packet. */
    private static final class Endless extends PollingDevice {
        Endless(int weight) {
            super(weight);
        }

        @Override
        protected boolean poll(Processor on) {
            return true;
        }

        @Override
        protected void complete(Processor on) {
            throw new IllegalStateException("it never ends");
        }
    }

    @Test
    void pollingIsLeftAfterATurnWithoutAnyPacket() {
        NicWorld world = NicWorld.of(SPLIT).open();
        world.send(frames(1)).settle();

        assertThat(world.driver.ring(0).polling()).isFalse();
        assertThat(world.observation.profile().cycles(0, Symbol.E1000_IRQ_ENABLE))
                .as("the mask's write, and the read that flushes it")
                .isEqualTo(cost(world, Parameter.INTERRUPT_ENABLE_CYCLES) + 300 + 3400);
        assertThat(world.port.peek(PortRegister.IMS, 4))
                .isEqualTo(PortRegister.CAUSE_RXQ0
                        | PortRegister.CAUSE_RXDMT0
                        | PortRegister.CAUSE_TXDW
                        | PortRegister.CAUSE_LSC);
    }

    @Test
    void eachStepIsChargedUnderItsOwnName() {
        NicWorld world = NicWorld.of(SPLIT).open();
        world.observation.profile().reset();
        world.send(frames(1)).settle();

        assertThat(cycles(world, Symbol.COMMON_INTERRUPT)).isEqualTo(cost(world, Parameter.COMMON_INTERRUPT_CYCLES));
        assertThat(cycles(world, Symbol.DO_IRQ)).isEqualTo(cost(world, Parameter.INTERRUPT_ENTRY_CYCLES));
        assertThat(cycles(world, Symbol.E1000_INTR))
                .as("ICR read and IMC write")
                .isEqualTo(cost(world, Parameter.INTERRUPT_HANDLER_CYCLES) + 3400 + 300);
        assertThat(cycles(world, Symbol.DO_SOFTIRQ)).isEqualTo(cost(world, Parameter.SOFTIRQ_ENTRY_CYCLES));
        assertThat(cycles(world, Symbol.NET_RX_ACTION)).isEqualTo(cost(world, Parameter.POLL_ENTRY_CYCLES));
        assertThat(cycles(world, Symbol.E1000_CLEAN)).as("two turns").isEqualTo(2 * cost(world, Parameter.POLL_CYCLES));
        assertThat(cycles(world, Symbol.E1000_CLEAN_RX_IRQ_PS))
                .as("the descriptor comes from memory")
                .isEqualTo(cost(world, Parameter.RECEIVE_DESCRIPTOR_CYCLES) + 400);
        assertThat(cycles(world, Symbol.MEMCPY))
                .as("18 bytes from the page, unaligned: one line of it and two of the header buffer are missing")
                .isEqualTo(400 + (18 * (750 + 250) + 64 * 1000 + 2 * 64 * 850 + 999) / 1000);
        assertThat(cycles(world, Symbol.ETH_TYPE_TRANS))
                .as("the copy has brought the header's lines")
                .isEqualTo(cost(world, Parameter.ETHERNET_TYPE_CYCLES));
        assertThat(cycles(world, Symbol.NETIF_RECEIVE_SKB)).isEqualTo(cost(world, Parameter.PACKET_DISPATCH_CYCLES));
        assertThat(cycles(world, Symbol.DO_GETTIMEOFDAY))
                .as("a packet socket wants stamps")
                .isEqualTo(cost(world, Parameter.DO_GETTIMEOFDAY_CYCLES));
        assertThat(cycles(world, Symbol.PACKET_RCV_SPKT)).isEqualTo(cost(world, Parameter.PACKET_TAP_CYCLES));
        assertThat(cycles(world, Symbol.SKB_CLONE)).isEqualTo(cost(world, Parameter.SKB_CLONE_CYCLES));
        assertThat(cycles(world, Symbol.KFREE_SKB))
                .as("the packet, and its clone for the packet socket")
                .isEqualTo(2 * cost(world, Parameter.SOCKET_BUFFER_RELEASE_CYCLES) + 4 * 18);
        assertThat(cycles(world, Symbol.ALLOC_SKB)).isEqualTo(cost(world, Parameter.SOCKET_BUFFER_SET_UP_CYCLES));
        assertThat(cycles(world, Symbol.E1000_ALLOC_RX_BUFFERS_PS))
                .as("refill and tail")
                .isEqualTo(cost(world, Parameter.REFILL_DESCRIPTOR_CYCLES) + 300);
    }

    private static long cost(NicWorld world, Parameter parameter) {
        return world.platform.get(parameter);
    }

    private static long cycles(NicWorld world, Symbol symbol) {
        return world.observation.profile().cycles(0, symbol);
    }

    @Test
    void tenFramesMakeAnInterruptAtLineRate() {
        NicWorld world = NicWorld.of(SPLIT).open();
        byte[] full = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(1, 2)
                .payload(1460)
                .build();
        byte[][] frames = new byte[8127][];
        Arrays.fill(frames, full);
        world.send(frames).settle();

        // 81 274 frames and 8000 interrupts a second: 10.16 frames an interrupt, within 0.2 %.
        double framesPerInterrupt = 8127.0 / irqs(world);
        assertThat(framesPerInterrupt).isBetween(10.14, 10.18);
    }
}
