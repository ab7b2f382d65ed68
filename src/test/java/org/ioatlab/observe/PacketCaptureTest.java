package org.ioatlab.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.capture.CaptureFilter;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.CaptureLimits;
import org.ioatlab.wire.capture.CaptureReader;
import org.junit.jupiter.api.Test;

/** What is kept of a port's wire, read back from the file. */
class PacketCaptureTest {
    private static final byte[] TCP = FrameBuilder.ethernet()
            .ipv4("10.0.0.2", "10.0.0.1")
            .tcp(1, 80)
            .payload(100)
            .build();
    private static final byte[] UDP = FrameBuilder.ethernet()
            .ipv4("10.0.0.2", "10.0.0.1")
            .udp(1, 53)
            .payload(10)
            .build();
    private static final int ALL = PacketCapture.LARGEST_SNAP_LENGTH;

    private final PacketCapture capture = new PacketCapture("eth3");

    private void receive(long atNs, byte[] frame) {
        capture.received(atNs * 1000 + 999, frame, 0, frame.length);
    }

    private List<String> file() throws Exception {
        CaptureFrames frames = CaptureReader.read(capture.toByteArray(), CaptureLimits.NONE);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            int offset = frames.offset(i);
            byte[] bytes = Arrays.copyOfRange(frames.bytes(), offset, offset + frames.capturedLength(i));
            String kind = Arrays.equals(bytes, Arrays.copyOf(TCP, bytes.length))
                    ? "TCP"
                    : Arrays.equals(bytes, Arrays.copyOf(UDP, bytes.length)) ? "UDP" : "?";
            lines.add(frames.timeNs(i) + " " + kind + " " + bytes.length + " of " + frames.originalLength(i));
        }
        return lines;
    }

    @Test
    void itIsOffUntilSwitchedOn() throws Exception {
        receive(5, TCP);
        assertThat(capture.isEnabled()).isFalse();
        assertThat(file()).isEmpty();
        assertThat(capture.packets()).isZero();
    }

    @Test
    void framesAreKeptWithTheirInstantInNanoseconds() throws Exception {
        capture.configure(true, ALL, null, CaptureDirection.RX);
        receive(5, TCP);
        receive(123_456_789_012L, UDP);

        assertThat(file()).containsExactly("5 TCP 154 of 154", "123456789012 UDP 52 of 52");
        assertThat(capture.packets()).isEqualTo(2);
        assertThat(capture.bytes()).isEqualTo(206);
    }

    @Test
    void framesAreCutAtTheSnapLength() throws Exception {
        capture.configure(true, 60, null, CaptureDirection.RX);
        receive(1, TCP);
        receive(2, UDP);

        assertThat(file()).containsExactly("1 TCP 60 of 154", "2 UDP 52 of 52");
        assertThat(capture.bytes()).isEqualTo(112);
    }

    @Test
    void theSnapLengthMayChangeWithinAFile() throws Exception {
        capture.configure(true, 60, null, CaptureDirection.RX);
        receive(1, TCP);
        capture.configure(true, 100, null, CaptureDirection.RX);
        receive(2, TCP);

        assertThat(file()).containsExactly("1 TCP 60 of 154", "2 TCP 100 of 154");
    }

    @Test
    void onlyChosenFramesAreKept() throws Exception {
        capture.configure(true, ALL, CaptureFilter.parse("udp port 53"), CaptureDirection.RX);
        receive(1, TCP);
        receive(2, UDP);

        assertThat(file()).containsExactly("2 UDP 52 of 52");
    }

    @Test
    void eachDirectionIsKeptAsAsked() throws Exception {
        List<String> kept = new ArrayList<>();
        for (CaptureDirection direction : CaptureDirection.values()) {
            PacketCapture one = new PacketCapture("eth0");
            one.configure(true, ALL, null, direction);
            one.received(1000, TCP, 0, TCP.length);
            one.sent(2000, UDP, 0, UDP.length);
            one.sent(3000, UDP, 0, UDP.length);
            kept.add(direction + " " + one.packets());
        }
        assertThat(kept).containsExactly("RX 1", "TX 2", "BOTH 3");
    }

    @Test
    void switchingOffLeavesTheFileAndSwitchingOnBeginsAnother() throws Exception {
        capture.configure(true, ALL, null, CaptureDirection.RX);
        receive(1, TCP);
        capture.configure(false, ALL, null, CaptureDirection.RX);
        receive(2, TCP);
        assertThat(file()).containsExactly("1 TCP 154 of 154");

        capture.configure(true, ALL, null, CaptureDirection.RX);
        receive(3, UDP);
        assertThat(file()).containsExactly("3 UDP 52 of 52");
        assertThat(capture.packets()).isEqualTo(1);
    }

    @Test
    void aFullFileStaysWholeAndCountsWhatItDrops() throws Exception {
        capture.setLimitBytes(PacketCapture.LEAST_LIMIT_BYTES);
        capture.configure(true, ALL, null, CaptureDirection.RX);
        for (int i = 0; i < 20; i++) {
            receive(i, TCP);
        }

        assertThat(capture.packets() + capture.dropped()).isEqualTo(20);
        assertThat(capture.dropped()).isPositive();
        assertThat(file()).hasSize((int) capture.packets());
        capture.configure(true, 60, null, CaptureDirection.RX);
        assertThat(file()).hasSize((int) capture.packets());
    }

    @Test
    void limitsAreNamed() {
        assertThatThrownBy(() -> capture.configure(true, 0, null, CaptureDirection.RX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("snapLength");
        assertThatThrownBy(() -> capture.configure(true, ALL + 1, null, CaptureDirection.RX))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> capture.setLimitBytes(PacketCapture.LEAST_LIMIT_BYTES - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limitBytes");
        assertThat(capture.isEnabled()).isFalse();
    }
}
