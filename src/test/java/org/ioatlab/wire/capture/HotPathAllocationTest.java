package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.ToeplitzHash;
import org.junit.jupiter.api.Test;

/** What is done for every frame allocates nothing: counted in bytes, over the recorded transfer. */
class HotPathAllocationTest {
    private static final int ROUNDS = 20;
    private static final int ROOM = 64 << 20;

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void parsingCheckingHashingAndFilteringAllocateNothing() throws CaptureFormatException, FilterSyntaxException {
        CaptureFrames frames = LinuxTransfer.frames();
        CaptureFilter filter = CaptureFilter.parse("tcp and (dst host 10.77.0.1 or ip6 dst port 5001) and not vlan");
        FrameLayout layout = new FrameLayout();
        int chosen = round(frames, layout, filter);

        long before = allocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(round(frames, layout, filter) == chosen).isTrue();
        }
        long perFrame = (allocatedBytes() - before) / (ROUNDS * (long) frames.count());
        assertThat(perFrame).isZero();
    }

    private static int round(CaptureFrames frames, FrameLayout layout, CaptureFilter filter) {
        byte[] bytes = frames.bytes();
        int chosen = 0;
        for (int i = 0; i < frames.count(); i++) {
            layout.parse(bytes, frames.offset(i), frames.capturedLength(i));
            chosen += layout.headerLength() & 1;
            chosen += ChecksumVerifier.ipv4Header(bytes, layout).ordinal();
            chosen += ChecksumVerifier.transport(bytes, layout).ordinal();
            chosen += layout.isTcp() ? hash(bytes, layout) & 1 : 0;
            chosen += filter.matches(bytes, layout) ? 1 : 0;
        }
        return chosen;
    }

    private static int hash(byte[] bytes, FrameLayout layout) {
        int ip = layout.networkOffset();
        int tcp = layout.transportOffset();
        return layout.isIpv4()
                ? ToeplitzHash.DEFAULT.ipv4WithPorts(bytes, ip, tcp)
                : ToeplitzHash.DEFAULT.ipv6WithPorts(bytes, ip, tcp);
    }

    @Test
    void writingACaptureOnlyGrowsItsSink() throws CaptureFormatException {
        CaptureFrames frames = LinuxTransfer.frames();
        CaptureSink sink = new CaptureSink(ROOM);
        PcapngWriter writer = new PcapngWriter(sink);
        writer.addInterface("eth0", LinkType.ETHERNET, 0);
        write(frames, writer, 2 * ROUNDS);

        // The sink has doubled itself to 32 MiB and more by now: the next round finds room.
        long before = allocatedBytes();
        write(frames, writer, 1);
        assertThat((allocatedBytes() - before) / frames.count()).isZero();
        assertThat(writer.droppedFrames()).isZero();
    }

    private static void write(CaptureFrames frames, PcapngWriter writer, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < frames.count(); i++) {
                int length = frames.capturedLength(i);
                writer.frame(0, frames.timeNs(i), frames.bytes(), frames.offset(i), length, Direction.INBOUND);
            }
        }
    }
}
