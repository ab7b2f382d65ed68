package org.ioatlab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, parsing and checking never throw, and what they find lies inside the frame and in order. */
class FrameFuzzTest {
    private static final int MUTATIONS_PER_SEED = 15_000;

    private static final List<byte[]> SAMPLES = List.of(
            FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .tcp(1, 2, 0, 12)
                    .payload(40)
                    .build(),
            FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .ipv4Options(8)
                    .udp(1, 2)
                    .payload(40)
                    .build(),
            FrameBuilder.ethernet()
                    .vlan(5)
                    .ipv6("::1", "::2")
                    .udp(1, 2)
                    .payload(9)
                    .build(),
            FrameBuilder.ethernet()
                    .ipv6("::1", "::2")
                    .hopByHop(8)
                    .routing(24, 1)
                    .ipv6Fragment(0, true)
                    .destinationOptions(16)
                    .tcp(1, 2)
                    .payload(30)
                    .build(),
            FrameBuilder.ethernet()
                    .ipv4("10.0.0.2", "10.0.0.1")
                    .ipv4Fragment(8, true)
                    .payload(64)
                    .build(),
            Arrays.copyOf(FrameBuilder.ethernet().type(Ethernet.TYPE_ARP).build(), 60));

    @Test
    void mutatedFramesNeverThrow() {
        FrameLayout layout = new FrameLayout();
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < MUTATIONS_PER_SEED; i++) {
                byte[] sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
                int offset = random.nextInt(4);
                byte[] frame = new byte[offset + random.nextInt(sample.length + 1)];
                System.arraycopy(sample, 0, frame, offset, frame.length - offset);
                mutate(frame, random);
                layout.parse(frame, offset, frame.length - offset);
                check(frame, layout);
                layout.parseIp(frame, offset, frame.length - offset);
                check(frame, layout);
            }
        });
    }

    private static void mutate(byte[] frame, SplittableRandom random) {
        for (int n = random.nextInt(6); n > 0 && frame.length > 0; n--) {
            frame[random.nextInt(frame.length)] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(64));
        }
    }

    private static void check(byte[] frame, FrameLayout layout) {
        int end = layout.frameOffset() + layout.frameLength();
        boolean ordered = layout.frameOffset() <= layout.networkOffset()
                && layout.networkOffset() <= layout.networkHeaderEnd()
                && layout.networkHeaderEnd() <= layout.transportHeaderEnd()
                && layout.payloadLength() >= 0
                && layout.payloadOffset() + layout.payloadLength() <= layout.networkEnd()
                && layout.networkEnd() <= end
                && layout.headerLength() <= layout.frameLength();
        assertThat(ordered).as(() -> LayoutText.of(layout)).isTrue();
        ChecksumVerifier.ipv4Header(frame, layout);
        ChecksumVerifier.transport(frame, layout);
        if (layout.isIp()) {
            FlowKey.of(frame, layout);
        }
        if (layout.isTcp()) {
            int options = layout.transportOffset() + Tcp.MIN_HEADER_LENGTH;
            TcpOptions.find(frame, options, layout.transportHeaderEnd(), TcpOptions.TIMESTAMPS);
        }
    }
}
