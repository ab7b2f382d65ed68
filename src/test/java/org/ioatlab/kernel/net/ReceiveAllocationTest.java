package org.ioatlab.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

/** What a frame costs the host in memory on its way from the wire to the tap: nothing. */
class ReceiveAllocationTest {
    private static final int FRAMES = 10_000;

    @Test
    void framesAreReceivedWithoutAllocating() {
        for (NicSettings settings : new NicSettings[] {
            NicSettings.DEFAULT, NicSettings.DEFAULT.withSplitHeaders(true).withReceiveQueues(2)
        }) {
            NicWorld world = NicWorld.of(settings).open();
            world.send(frames()).settle();
            world.send(frames());

            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            world.settle();
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(world.tap.packets()).isEqualTo(2 * FRAMES);
            assertThat(bytes / FRAMES).as("bytes a frame, %d in all", bytes).isZero();
        }
    }

    private static byte[][] frames() {
        byte[][] frames = new byte[FRAMES][];
        for (int i = 0; i < FRAMES; i++) {
            frames[i] = FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .tcp(i % 100, 80)
                    .payload(i % 1400)
                    .build();
        }
        return frames;
    }
}
