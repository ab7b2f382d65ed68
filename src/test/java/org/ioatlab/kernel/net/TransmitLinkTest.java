package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.Tcp;
import org.junit.jupiter.api.Test;

/** The cable is pulled and put back, and settings change, while packets are on their way out. */
class TransmitLinkTest {
    private static final long FRAME_PS = 12_304_000;

    private static byte[] numbered(int number) {
        return FrameBuilder.ethernet()
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(number, 1000)
                .payload(1460)
                .build();
    }

    private static List<byte[]> numbered(int from, int to) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = from; i < to; i++) {
            frames.add(numbered(i));
        }
        return frames;
    }

    private static void send(SendWorld port, int from, int to) {
        for (byte[] frame : numbered(from, to)) {
            port.send(port.packet(frame));
        }
    }

    @Test
    void whileTheCableIsOutPacketsWaitInTheRingAndInTheQueue() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        send(port, 0, 5);
        port.world.runFor(3 * FRAME_PS);
        assertThat(port.wire).hasSizeBetween(1, 4);
        port.world.port.setCable(false);
        port.world.runForMicroseconds(1000);
        int arrived = port.wire.size();
        assertThat(arrived).isLessThan(5);
        assertThat(port.world.driver.transmitQueue().isStopped()).isTrue();
        send(port, 5, 8);
        port.settle();
        assertThat(port.wire).hasSize(arrived);
        assertThat(port.world.driver.transmitQueue().length()).isEqualTo(3);

        long backPs = port.world.loop.nowPs();
        port.world.port.setCable(true);
        port.settle();
        assertThat(port.arrivals.get(arrived)).isEqualTo(backPs + (8 + 1514 + 4) * 8000);
        assertThat(port.wire).containsExactlyElementsOf(numbered(0, 8));
        assertThat(port.world.count("tx_dropped")).isZero();
        port.checkBalanced();
    }

    @Test
    void framesFromOutsideWaitToo() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        port.world.port.setCable(false);
        port.world.send(numbered(1)).settle();
        assertThat(port.world.tap.packets()).isZero();
        assertThat(port.world.link.waitingFrames()).isEqualTo(1);
        port.world.port.setCable(true);
        port.settle();
        assertThat(port.world.tap.packets()).isEqualTo(1);
    }

    @Test
    void aPortThatIsOpenedWithoutCableSendsWhenThereIsOne() {
        NicWorld world = NicWorld.of(NicSettings.DEFAULT);
        world.port.setCable(false);
        SendWorld port = new SendWorld(world.open());
        send(port, 0, 2);
        port.settle();
        assertThat(port.world.driver.transmitQueue().length()).isEqualTo(2);
        port.world.port.setCable(true);
        port.settle();
        assertThat(port.wire).hasSize(2);
        port.checkBalanced();
    }

    @Test
    void packetsOfOtherProcessorsWaitUntilThePortHasBeenProgrammed() {
        NicWorld world = NicWorld.of(NicSettings.DEFAULT);
        SendWorld port = new SendWorld(world);
        SocketBuffer packet = port.packet(numbered(1));
        assertThat(world.driver.open(world.boot())).isTrue();
        Processor other = world.processors.get(2);
        other.cpu().begin(world.loop.nowPs());
        world.device.transmit(packet, other);
        assertThat(other.nowPs())
                .as("before the rings are ready")
                .isLessThan(world.processors.get(0).nowPs());
        port.settle();
        assertThat(port.wire).containsExactly(numbered(1));
    }

    @Test
    void aResetSendsWhatIsInTheRingAndKeepsWhatIsInTheQueue() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        send(port, 0, 400);
        NicSettings other = NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2);
        assertThat(port.world.change(other)).isTrue();
        assertThat(port.wire).containsExactlyElementsOf(numbered(0, 400));
        assertThat(port.world.count("tx_dropped")).isZero();

        send(port, 400, 410);
        assertThat(port.world.change(NicSettings.DEFAULT)).isTrue();
        assertThat(port.wire).containsExactlyElementsOf(numbered(0, 410));
        port.checkBalanced();
    }

    @Test
    void aResetWithoutCableLosesTheRingAndNothingElse() {
        SendWorld port = SendWorld.of(NicSettings.DEFAULT);
        send(port, 0, 10);
        port.world.port.setCable(false);
        port.world.runForMicroseconds(500);
        send(port, 10, 13);
        assertThat(port.world.change(NicSettings.DEFAULT.withRingSize(80))).isTrue();
        int arrived = port.wire.size();
        assertThat(port.world.count("tx_dropped")).isEqualTo(10L - arrived);
        assertThat(port.world.driver.transmitQueue().length()).isEqualTo(3);
        port.world.port.setCable(true);
        port.settle();
        assertThat(port.wire.subList(arrived, arrived + 3)).containsExactlyElementsOf(numbered(10, 13));

        assertThat(port.world.change(NicSettings.DEFAULT)).isTrue();
        port.checkBalanced();
    }

    @Test
    void aResetWaitsATenthOfASecondAndGivesUpTheRest() {
        SendWorld port = new SendWorld(NicWorld.of(NicSettings.DEFAULT, 10).open());
        byte[] large = FrameBuilder.ethernet()
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1, 2, Tcp.ACK, 12)
                .payload(65_536)
                .build();
        for (int i = 0; i < 8; i++) {
            SocketBuffer packet = port.unfinished(large, 66);
            packet.setSegmentBytes(1448);
            port.send(packet);
        }
        assertThat(port.world.change(NicSettings.DEFAULT.withRingSize(80))).isTrue();
        port.settle();
        assertThat(port.wire).hasSizeBetween(70, 100);
        assertThat(port.world.count("tx_dropped")).isEqualTo(7);
        send(port, 0, 1);
        port.settle();
        assertThat(port.wire.getLast()).isEqualTo(numbered(0));

        assertThat(port.world.change(NicSettings.DEFAULT)).isTrue();
        port.checkBalanced();
    }
}
