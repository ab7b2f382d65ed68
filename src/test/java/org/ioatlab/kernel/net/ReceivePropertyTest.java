package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.hardware.nic.FrameBatch;
import org.ioatlab.hardware.nic.FrameSource;
import org.ioatlab.hardware.nic.NetworkPort;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CaptureDirection;
import org.ioatlab.observe.Symbol;
import org.ioatlab.testing.Seeds;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/**
 * Random frames at random instants through random settings, with a processor that is now and then busy with something else: every frame that
 * is for the port arrives with all its bytes and in its queue's order, or is counted as lost once.
 */
class ReceivePropertyTest {
    private static final int MOST_FRAMES = 600;
    private static final int[] RATES = {1000, 2500, 10_000};
    private static final int[] MTUS = {576, 1500, 4000, 9000};
    private static final int[] INTERRUPTS = {0, 100, 8000, 100_000};

    /** One random run. */
    private static final class Run {
        private final SeededRandom random;
        private final NicSettings settings;
        private final NicWorld world;
        private final List<byte[]> accepted = new ArrayList<>();
        private int sent;
        private int filtered;
        private int tooShort;
        private int tooLong;

        Run(long seed) {
            random = new SeededRandom(seed);
            settings = NicSettings.DEFAULT
                    .withMtu(MTUS[random.nextInt(MTUS.length)])
                    .withReceiveQueues(1 + random.nextInt(NetworkPort.QUEUES))
                    .withRingSize(80 + 8 * random.nextInt(30))
                    .withSplitHeaders(random.nextInt(3) > 0)
                    .withChecksumOffload(random.nextInt(2) == 0)
                    .withInterruptsPerSecond(INTERRUPTS[random.nextInt(INTERRUPTS.length)]);
            world = NicWorld.of(settings, RATES[random.nextInt(RATES.length)])
                    .open()
                    .hold(random.nextInt(4) == 0 ? 100 : MOST_FRAMES);
        }

        void go() {
            int batches = 1 + random.nextInt(3);
            for (int i = 0; i < batches; i++) {
                world.link.attach(new Recorded(batch(MOST_FRAMES / 3)));
                pause();
            }
            while (world.loop.run(EventLoop.HORIZON_PS, 1, true) == EventLoop.Stop.EVENTS) {
                checkInvariants();
            }
            checkCounts();
            checkBytesAndOrder();
            checkNothingLeaks();
        }

        /** A batch whose frames are classified as they are carried. */
        private final class Recorded implements FrameSource {
            private final FrameBatch batch;

            Recorded(FrameBatch batch) {
                this.batch = batch;
            }

            @Override
            public void attached(long nowPs) {
                batch.attached(nowPs);
            }

            @Override
            public long notBeforePs() {
                return batch.notBeforePs();
            }

            @Override
            public byte[] bytes() {
                return batch.bytes();
            }

            @Override
            public int offset() {
                return batch.offset();
            }

            @Override
            public int length() {
                return batch.length();
            }

            @Override
            public void advance(long freePs) {
                classify(Arrays.copyOfRange(batch.bytes(), batch.offset(), batch.offset() + batch.length()));
                batch.advance(freePs);
            }

            @Override
            public int waiting() {
                return batch.waiting();
            }

            @Override
            public boolean isFinished() {
                return batch.isFinished();
            }

            @Override
            public void hashInto(StateHash hash) {
                batch.hashInto(hash);
            }
        }

        private FrameBatch batch(int frames) {
            FrameBatch batch = new FrameBatch();
            long at = world.loop.nowPs();
            for (int i = 0; i < frames; i++) {
                byte[] frame = frame();
                at += random.nextInt(4) == 0 ? random.nextInt(20_000_000) : 0;
                batch.add(frame, 0, frame.length, at);
            }
            return batch;
        }

        /** A processor does something else for up to a millisecond. */
        private void pause() {
            Processor busy = world.processors.get(random.nextInt(world.processors.count()));
            busy.cpu().begin(world.loop.nowPs());
            busy.spend(Symbol.MEMCPY, random.nextInt(3_400_000));
            world.runFor(random.nextInt(200_000_000));
        }

        private byte[] frame() {
            byte[] frame = switch (random.nextInt(8)) {
                case 0 -> ip().udp(random.nextInt(4), 9).payload(length()).build();
                case 1 -> FrameBuilder.ethernet().type(0x88b5).payload(length()).build();
                case 2 -> ip().protocol(50).payload(length()).build();
                case 3 -> new byte[random.nextInt(30)];
                default -> ip().tcp(random.nextInt(50), 80).payload(length()).build();
            };
            for (int i = frame.length - 8; i < frame.length && frame.length > 100; i++) {
                frame[i] = (byte) random.nextLong();
            }
            if (frame.length > 60 && random.nextInt(10) == 0) {
                frame[14 + random.nextInt(20)] ^= (byte) (1 << random.nextInt(8));
            }
            if (frame.length > 13 && random.nextInt(10) == 0) {
                frame[5] ^= 1;
            }
            return frame;
        }

        private FrameBuilder ip() {
            return random.nextInt(2) == 0
                    ? FrameBuilder.ethernet().ipv4("10.0.0." + random.nextInt(9), "10.0.0.1")
                    : FrameBuilder.ethernet().ipv6("fd00::" + random.nextInt(9), "fd00::1");
        }

        private int length() {
            int most =
                    random.nextInt(20) == 0 ? settings.mtu() + 100 : random.nextInt(3) == 0 ? 100 : settings.mtu() - 80;
            return random.nextInt(most);
        }

        /** Says what will become of a frame, in the order in which frames leave the wire. */
        private void classify(byte[] frame) {
            int longest = settings.mtu() > 1500 ? settings.mtu() + 18 : 1518;
            sent++;
            if (frame.length < 60) {
                tooShort++;
            } else if (!Arrays.equals(frame, 0, 6, new byte[] {2, 0, 0, 0, 0, 1}, 0, 6)) {
                filtered++;
            } else if (frame.length > longest) {
                tooLong++;
            } else {
                accepted.add(frame);
            }
        }

        private void checkInvariants() {
            long ofQueues = 0;
            for (int queue = 0; queue < world.driver.queues(); queue++) {
                ofQueues += world.port.statistics().queuePackets(queue);
                RingView ring = world.driver.ring(queue);
                assertThat(ring.filled()).isLessThan(ring.descriptors());
                assertThat(ring.finished()).isLessThanOrEqualTo(ring.filled());
            }
            assertThat(world.port.statistics().packets())
                    .isEqualTo(ofQueues)
                    .isGreaterThanOrEqualTo(world.tap.packets());
            assertThat(world.port.packetBufferBytes()).isLessThanOrEqualTo(48 * 1024);
        }

        private void checkCounts() {
            assertThat(world.count("rx_short_length_errors")).isEqualTo(tooShort);
            assertThat(world.count("rx_filtered")).isEqualTo(filtered);
            assertThat(world.count("rx_long_length_errors")).isEqualTo(tooLong);
            assertThat(world.port.packetBufferFrames()).isZero();
            assertThat(world.tap.packets()).isEqualTo(world.count("rx_packets"));
            assertThat(world.tap.packets() + world.port.statistics().lost()).isEqualTo(sent);
            assertThat(world.tap.held() + world.tap.dropped()).isEqualTo(world.tap.packets());
        }

        /** Each queue's packets are some of the frames that were sent, in the order of being sent. */
        private void checkBytesAndOrder() {
            int[] next = new int[NetworkPort.QUEUES];
            for (HeldPacket packet : world.held()) {
                byte[] bytes = packet.bytes(world.bytes);
                int at = next[packet.queue()];
                while (at < accepted.size() && !Arrays.equals(accepted.get(at), bytes)) {
                    at++;
                }
                assertThat(at)
                        .as("packet %d was sent, and not before its predecessor", packet.sequence())
                        .isLessThan(accepted.size());
                next[packet.queue()] = at + 1;
            }
        }

        private void checkNothingLeaks() {
            world.tap.releaseAll(world.boot());
            world.driver.close(world.boot());
            assertThat(world.allocations()).isEqualTo("pages=0");
        }
    }

    @Test
    void everyFrameArrivesWholeAndInOrderOrIsCountedOnce() {
        Seeds.forEach(seed -> new Run(seed).go());
    }

    @Test
    void equalRunsEndInEqualStates() {
        Seeds.forEach(seed -> assertThat(digest(seed, false)).isEqualTo(digest(seed, false)));
    }

    @Test
    void watchingChangesNothing() {
        Seeds.forEach(seed -> assertThat(digest(seed, true)).isEqualTo(digest(seed, false)));
    }

    @Test
    void runsOfDifferentSeedsEndInDifferentStates() {
        assertThat(digest(1, false)).isNotEqualTo(digest(2, false));
    }

    private static String digest(long seed, boolean watched) {
        Run run = new Run(seed);
        if (watched) {
            run.world.observation.timeline().enable(true);
            run.world.observation.capture(0).configure(true, 64, null, CaptureDirection.BOTH);
        }
        run.world.link.attach(run.batch(100));
        run.pause();
        StringBuilder digests = new StringBuilder(run.world.digest());
        run.world.settle();
        return digests.append(run.world.digest()).toString();
    }
}
