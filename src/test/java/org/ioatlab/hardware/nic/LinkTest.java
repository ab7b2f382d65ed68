package org.ioatlab.hardware.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.EventLoop;
import org.junit.jupiter.api.Test;

/** When frames arrive, to the picosecond. */
class LinkTest {
    private static final long SECOND = 1_000_000_000_000L;

    private final EventLoop loop = new EventLoop();
    private final List<String> arrivals = new ArrayList<>();

    private Link link(int mbps) {
        Link link = new Link(loop, mbps);
        link.connect((bytes, offset, length) ->
                arrivals.add(loop.nowPs() + " " + length + " bytes, first " + (length == 0 ? "-" : bytes[offset])));
        link.setCarrier(true);
        return link;
    }

    private static byte[] frame(int length, int mark) {
        byte[] frame = new byte[length];
        frame[0] = (byte) mark;
        return frame;
    }

    private void settle() {
        loop.run(EventLoop.HORIZON_PS, Long.MAX_VALUE, true);
    }

    @Test
    void aFrameArrivesWithItsLastBit() {
        FrameBatch batch = new FrameBatch();
        batch.add(frame(1514, 1), 0, 1514, 0);
        link(1000).attach(batch);
        settle();

        // Preamble 8, frame 1514, frame check sequence 4, at 8 ns a byte.
        assertThat(arrivals).containsExactly((8 + 1514 + 4) * 8000 + " 1514 bytes, first 1");
    }

    @Test
    void fullFramesOfAnMtuOf1500FollowEachOtherEvery1538Bytes() {
        FrameBatch batch = new FrameBatch();
        for (int i = 1; i <= 3; i++) {
            batch.add(frame(1514, i), 0, 1514, 0);
        }
        link(1000).attach(batch);
        settle();

        assertThat(arrivals)
                .containsExactly(
                        "12208000 1514 bytes, first 1",
                        (12_208_000 + 1538 * 8000) + " 1514 bytes, first 2",
                        (12_208_000 + 2 * 1538 * 8000) + " 1514 bytes, first 3");
    }

    @Test
    void aSecondAtOneGigabitHolds81274FullFrames() {
        Link link = new Link(loop, 1000);

        assertThat(SECOND / link.carryPs(1514)).isEqualTo(81_274);
        assertThat(SECOND / link.carryPs(9014)).isEqualTo(13_830);
        assertThat(SECOND / link.carryPs(60)).isEqualTo(1_488_095);
    }

    @Test
    void everyRateTakesWholePicosecondsAByte() {
        List<Long> psPerByte = new ArrayList<>();
        for (int mbps : Link.RATES_MBPS) {
            psPerByte.add(new Link(loop, mbps).psPerByte());
            assertThat(8_000_000 % mbps).as("%d Mb/s", mbps).isZero();
        }
        assertThat(psPerByte).containsExactly(800_000L, 80_000L, 8000L, 3200L, 1600L, 800L, 320L, 200L, 80L);
    }

    @Test
    void anotherRateIsRefused() {
        assertThatThrownBy(() -> new Link(loop, 300))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("linkMbps");
    }

    @Test
    void shortFramesArePaddedByTheirSender() {
        FrameBatch batch = new FrameBatch();
        batch.add(frame(14, 1), 0, 14, 0);
        batch.add(frame(13, 2), 0, 13, 0);
        batch.addUnpadded(frame(59, 3), 0, 59, 0);
        link(1000).attach(batch);
        settle();

        assertThat(arrivals)
                .containsExactly(
                        "576000 60 bytes, first 1",
                        (84 + 8 + 13 + 4) * 8000 + " 13 bytes, first 2",
                        (84 + 37 + 8 + 59 + 4) * 8000 + " 59 bytes, first 3");
    }

    @Test
    void aFrameWaitsForItsInstantAndForTheWire() {
        FrameBatch batch = new FrameBatch();
        batch.add(frame(60, 1), 0, 60, 1_000_000);
        batch.add(frame(60, 2), 0, 60, 1_000_001);
        batch.add(frame(60, 3), 0, 60, 9_000_000);
        link(1000).attach(batch);
        settle();

        assertThat(arrivals)
                .containsExactly(
                        "1576000 60 bytes, first 1",
                        (1_000_000 + 84 * 8000 + 576_000) + " 60 bytes, first 2",
                        "9576000 60 bytes, first 3");
    }

    @Test
    void aGapIsIdleTimeBehindTheFrameBefore() {
        loop.run(5000, Long.MAX_VALUE, false);
        FrameBatch batch = new FrameBatch();
        batch.addAfter(frame(60, 1), 0, 60, 100);
        batch.addAfter(frame(60, 2), 0, 60, 0);
        batch.addAfter(frame(60, 3), 0, 60, 7);
        link(1000).attach(batch);
        settle();

        assertThat(arrivals)
                .containsExactly(
                        (5100 + 576_000) + " 60 bytes, first 1",
                        (5100 + 672_000 + 576_000) + " 60 bytes, first 2",
                        (5100 + 2 * 672_000 + 7 + 576_000) + " 60 bytes, first 3");
    }

    @Test
    void withoutCarrierNothingStarts() {
        Link link = link(1000);
        FrameBatch batch = new FrameBatch();
        batch.add(frame(60, 1), 0, 60, 0);
        batch.add(frame(60, 2), 0, 60, 0);
        link.attach(batch);
        link.setCarrier(false);
        loop.run(10_000_000, Long.MAX_VALUE, false);
        assertThat(arrivals).as("the frame that had started").containsExactly("576000 60 bytes, first 1");
        assertThat(link.waitingFrames()).isEqualTo(1);

        link.setCarrier(true);
        settle();
        assertThat(arrivals).hasSize(2).last().isEqualTo("10576000 60 bytes, first 2");
    }

    @Test
    void whoeverIsReadyFirstSendsFirst() {
        Link link = link(1000);
        FrameBatch late = new FrameBatch();
        late.add(frame(60, 1), 0, 60, 50_000_000);
        link.attach(late);
        loop.run(1_000_000, Long.MAX_VALUE, false);
        FrameBatch early = new FrameBatch();
        early.add(frame(60, 2), 0, 60, 2_000_000);
        link.attach(early);
        settle();

        assertThat(arrivals).containsExactly("2576000 60 bytes, first 2", "50576000 60 bytes, first 1");
    }

    @Test
    void aDetachedSourceSendsNothingMoreButWhatHasStarted() {
        Link link = link(1000);
        FrameBatch batch = new FrameBatch();
        batch.add(frame(60, 1), 0, 60, 0);
        batch.add(frame(60, 2), 0, 60, 0);
        link.attach(batch);
        loop.run(1000, Long.MAX_VALUE, false);
        link.detach(batch);
        settle();

        assertThat(arrivals).containsExactly("576000 60 bytes, first 1");
        assertThat(link.waitingFrames()).isZero();
    }

    @Test
    void anEmptyBatchIsNoSource() {
        Link link = link(1000);
        link.attach(new FrameBatch());
        settle();

        assertThat(arrivals).isEmpty();
        assertThat(loop.nowPs()).isZero();
    }
}
