package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;

class PcapngWriterTest {
    private static final String SECTION = "0a0d0d0a" + "2c000000" + "4d3c2b1a" + "01000000" + "ffffffffffffffff"
            + "04000800" + "696f61742d6c6162" + "00000000" + "2c000000";
    private static final String INTERFACE = "01000000" + "28000000" + "0100" + "0000" + "00000000" + "02000400"
            + "65746830" + "09000100" + "09000000" + "00000000" + "28000000";

    private static String hex(CaptureSink sink) {
        return HexFormat.of().formatHex(sink.toByteArray());
    }

    @Test
    void writesTheseBytes() {
        CaptureSink sink = new CaptureSink(1000);
        PcapngWriter writer = new PcapngWriter(sink);
        assertThat(hex(sink)).isEqualTo(SECTION);

        assertThat(writer.addInterface("eth0", LinkType.ETHERNET, 0)).isZero();
        assertThat(hex(sink)).isEqualTo(SECTION + INTERFACE);

        assertThat(writer.frame(0, 0x0102_0304_0506_0708L, new byte[] {9, 10, 11, 12, 13}, 1, 3, Direction.INBOUND))
                .isTrue();
        assertThat(hex(sink))
                .isEqualTo(SECTION + INTERFACE + "06000000" + "30000000" + "00000000" + "04030201" + "08070605"
                        + "03000000" + "03000000" + "0a0b0c00" + "02000400" + "01000000" + "00000000" + "30000000");
    }

    @Test
    void whatWasWrittenReadsBack() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            CaptureSink sink = new CaptureSink(1 << 20);
            PcapngWriter writer = new PcapngWriter(sink);
            writer.addInterface("eth0", LinkType.ETHERNET, 0);
            writer.addInterface("tun", LinkType.RAW_IP, 40);
            byte[] bytes = new byte[2000];
            random.nextBytes(bytes);
            long[] times = new long[50];
            int[] lengths = new int[50];
            for (int i = 0; i < 50; i++) {
                times[i] = random.nextLong() >>> 1;
                lengths[i] = random.nextInt(1518);
                assertThat(writer.frame(i % 2, times[i], bytes, i, lengths[i], Direction.OUTBOUND))
                        .isTrue();
            }
            CaptureFrames frames = read(sink);
            assertThat(frames.count()).isEqualTo(50);
            for (int i = 0; i < 50; i++) {
                int captured = i % 2 == 0 ? lengths[i] : Math.min(lengths[i], 40);
                assertThat(frames.timeNs(i)).isEqualTo(times[i]);
                assertThat(frames.originalLength(i)).isEqualTo(lengths[i]);
                assertThat(frames.capturedLength(i)).isEqualTo(captured);
                assertThat(frames.linkType(i)).isEqualTo(i % 2 == 0 ? LinkType.ETHERNET : LinkType.RAW_IP);
                assertThat(HexFormat.of().formatHex(frames.bytes(), frames.offset(i), frames.offset(i) + captured))
                        .isEqualTo(HexFormat.of().formatHex(bytes, i, i + captured));
            }
        });
    }

    private static CaptureFrames read(CaptureSink sink) {
        try {
            return CaptureReader.read(sink.toByteArray(), CaptureLimits.NONE);
        } catch (CaptureFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullSinkDropsWholeFramesAndStaysWellFormed() {
        byte[] frame =
                FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1").tcp(1, 2).build();
        int blockLength = PcapngWriter.FRAME_OVERHEAD + 56;
        int header = (SECTION.length() + INTERFACE.length()) / 2;
        CaptureSink sink = new CaptureSink(header + 2 * blockLength);
        PcapngWriter writer = new PcapngWriter(sink);
        writer.addInterface("eth0", LinkType.ETHERNET, 0);

        assertThat(writer.frame(0, 1, frame, 0, 54, Direction.INBOUND)).isTrue();
        assertThat(sink.room()).isEqualTo(blockLength);
        assertThat(writer.frame(0, 2, frame, 0, 54, Direction.INBOUND)).isTrue();
        assertThat(writer.frame(0, 3, frame, 0, 0, Direction.INBOUND)).isFalse();
        assertThat(writer.droppedFrames()).isEqualTo(1);
        assertThat(sink.size()).isEqualTo(header + 2 * blockLength);
        assertThat(read(sink).count()).isEqualTo(2);
    }

    @Test
    void oneByteTooFewDropsTheFrame() {
        int header = (SECTION.length() + INTERFACE.length()) / 2;
        CaptureSink sink = new CaptureSink(header + PcapngWriter.FRAME_OVERHEAD + 3);
        PcapngWriter writer = new PcapngWriter(sink);
        writer.addInterface("eth0", LinkType.ETHERNET, 0);
        assertThat(writer.frame(0, 1, new byte[1], 0, 1, Direction.INBOUND)).isFalse();
        assertThat(writer.frame(0, 1, new byte[1], 0, 0, Direction.INBOUND)).isTrue();
    }

    @Test
    void sinksTooSmallForTheHeadersAndUnknownInterfacesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CaptureSink(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PcapngWriter(new CaptureSink(43)));
        PcapngWriter writer = new PcapngWriter(new CaptureSink(44 + 39));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.addInterface("eth0", LinkType.ETHERNET, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.addInterface("eth0", LinkType.ETHERNET, -1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> writer.frame(0, 0, new byte[1], 0, 1, Direction.UNKNOWN));
    }

    @Test
    void aSinkAlsoWritesToAStream() throws IOException {
        CaptureSink sink = new CaptureSink(100);
        new PcapngWriter(sink);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        sink.writeTo(stream);
        assertThat(stream.toByteArray()).isEqualTo(sink.toByteArray());
    }
}
