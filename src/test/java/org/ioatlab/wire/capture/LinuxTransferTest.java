package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FlowKey;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.ToeplitzHash;
import org.ioatlab.wire.capture.LinuxTransfer.Connection;
import org.junit.jupiter.api.Test;

/** The recording holds what {@code src/docs/captures.md} says, found by this package's own means. */
class LinuxTransferTest {
    private static final int QUEUES = 4;

    /** Something to do with each frame of the recording that belongs to a flow. */
    private interface Visitor {
        void frame(byte[] bytes, FrameLayout layout);
    }

    private static void forEach(FlowKey flow, CaptureFrames frames, Visitor visitor) {
        FrameLayout layout = new FrameLayout();
        for (int i = 0; i < frames.count(); i++) {
            layout.parse(frames.bytes(), frames.offset(i), frames.capturedLength(i));
            if (layout.isTcp() && FlowKey.of(frames.bytes(), layout).equals(flow)) {
                visitor.frame(frames.bytes(), layout);
            }
        }
    }

    @Test
    void everyFrameIsWholeWellFormedAndRight() throws CaptureFormatException {
        CaptureFrames frames = LinuxTransfer.frames();
        FrameLayout layout = new FrameLayout();
        int tcp = 0;
        for (int i = 0; i < frames.count(); i++) {
            layout.parse(frames.bytes(), frames.offset(i), frames.capturedLength(i));
            boolean sound = !frames.isSnapped(i) && !layout.isTruncated() && !layout.isMalformed();
            assertThat(sound).as("frame %d", i).isTrue();
            assertThat(ChecksumVerifier.ipv4Header(frames.bytes(), layout)).isNotEqualTo(ChecksumStatus.BAD);
            if (layout.isTcp()) {
                tcp++;
                assertThat(ChecksumVerifier.transport(frames.bytes(), layout)).isEqualTo(ChecksumStatus.GOOD);
            }
        }
        assertThat(frames.count()).isEqualTo(869);
        assertThat(tcp).isEqualTo(861);
    }

    @Test
    void theStreamsAreTheFilesThatWereSent() throws CaptureFormatException, NoSuchAlgorithmException {
        CaptureFrames frames = LinuxTransfer.frames();
        List<Connection> connections = LinuxTransfer.connections();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            byte[] stream = reassemble(connection, frames);
            byte[] sent = new byte[connection.bytes()];
            new SplittableRandom(i + 1).nextBytes(sent);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(stream);

            assertThat(stream).isEqualTo(sent);
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(connection.sha256());
        }
    }

    private static byte[] reassemble(Connection connection, CaptureFrames frames) {
        byte[] stream = new byte[connection.bytes()];
        int[] firstByte = new int[1];
        forEach(connection.data(), frames, (bytes, layout) -> {
            int sequence = Tcp.sequence(bytes, layout.transportOffset());
            assertThat(Ethernet.destination(bytes, layout.frameOffset())).isEqualTo(LinuxTransfer.RECEIVER);
            if ((Tcp.flags(bytes, layout.transportOffset()) & Tcp.SYN) != 0) {
                firstByte[0] = sequence + 1;
            } else {
                int at = SequenceNumber.distance(firstByte[0], sequence);
                System.arraycopy(
                        bytes, layout.payloadOffset(), stream, Math.min(at, stream.length), layout.payloadLength());
            }
        });
        return stream;
    }

    @Test
    void theReceiverOnlyAcknowledges() throws CaptureFormatException {
        CaptureFrames frames = LinuxTransfer.frames();
        for (Connection connection : LinuxTransfer.connections()) {
            int[] segments = new int[1];
            forEach(connection.data().reversed(), frames, (bytes, layout) -> {
                segments[0]++;
                assertThat(layout.payloadLength()).isZero();
                assertThat(Ethernet.source(bytes, layout.frameOffset())).isEqualTo(LinuxTransfer.RECEIVER);
            });
            assertThat(segments[0]).isGreaterThan(20);
        }
    }

    @Test
    void flowsSpreadOverTheQueuesAsTheDocumentSays() {
        List<Integer> queues = new ArrayList<>();
        for (Connection connection : LinuxTransfer.connections()) {
            FlowKey flow = connection.data();
            int hash = ToeplitzHash.DEFAULT.hash(
                    flow.source(), flow.destination(), flow.sourcePort(), flow.destinationPort());
            queues.add((hash & 127) % QUEUES);
        }
        assertThat(queues).containsExactly(2, 3, 1, 0, 1, 2);
    }

    @Test
    void theSameFramesAreReadFromEveryFormatAndByteOrder() throws CaptureFormatException {
        CaptureFrames recorded = LinuxTransfer.frames();
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            assertSame(recorded, pcap(recorded, order, CaptureFiles.NANOSECONDS, 1), 1);
            assertSame(recorded, pcap(recorded, order, CaptureFiles.MICROSECONDS, 1_000), 1_000);
            assertSame(recorded, pcapng(recorded, order), 1);
        }
    }

    private static byte[] pcap(CaptureFrames frames, ByteOrder order, int magic, int nsPerFraction) {
        CaptureFiles file = CaptureFiles.pcap(order, magic, 1);
        for (int i = 0; i < frames.count(); i++) {
            int seconds = (int) (frames.timeNs(i) / 1_000_000_000);
            int fraction = (int) (frames.timeNs(i) % 1_000_000_000) / nsPerFraction;
            file.record(seconds, fraction, CaptureFiles.frame(frames, i), frames.originalLength(i));
        }
        return file.bytes();
    }

    private static byte[] pcapng(CaptureFrames frames, ByteOrder order) {
        CaptureFiles file = CaptureFiles.pcapng(order);
        file.linkInterface(1, 0, file.resolution(9));
        for (int i = 0; i < frames.count(); i++) {
            file.enhanced(0, frames.timeNs(i), CaptureFiles.frame(frames, i), frames.originalLength(i));
        }
        return file.bytes();
    }

    static void assertSame(CaptureFrames expected, byte[] file, long timeUnitNs) throws CaptureFormatException {
        CaptureFrames actual = CaptureReader.read(file, CaptureLimits.NONE);
        assertThat(actual.count()).isEqualTo(expected.count());
        for (int i = 0; i < actual.count(); i++) {
            assertThat(actual.timeNs(i)).isEqualTo(expected.timeNs(i) / timeUnitNs * timeUnitNs);
            assertThat(actual.originalLength(i)).isEqualTo(expected.originalLength(i));
            assertThat(actual.linkType(i)).isEqualTo(expected.linkType(i));
            assertThat(CaptureFiles.frame(actual, i)).isEqualTo(CaptureFiles.frame(expected, i));
        }
    }
}
