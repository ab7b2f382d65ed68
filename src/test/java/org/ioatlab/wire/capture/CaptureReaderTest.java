package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.ioatlab.testing.Seeds;
import org.ioatlab.wire.FrameBuilder;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.capture.CaptureFormatException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {
    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] ABC = {0xa, 0xb, 0xc};
    private static final byte[] DE = {0xd, 0xe};

    /** One line a frame: {@code time type captured/original bytes}. */
    private static String transcript(byte[] file) throws CaptureFormatException {
        CaptureFrames frames = CaptureReader.read(file, CaptureLimits.NONE);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < frames.count(); i++) {
            int from = frames.offset(i);
            text.append(frames.timeNs(i)).append(' ').append(frames.linkType(i)).append(' ');
            text.append(frames.capturedLength(i))
                    .append('/')
                    .append(frames.originalLength(i))
                    .append(' ');
            text.append(HexFormat.of().formatHex(frames.bytes(), from, from + frames.capturedLength(i)));
            text.append(frames.isSnapped(i) ? " snapped\n" : "\n");
        }
        return text.toString();
    }

    private static CaptureFormatException failure(byte[] file) {
        return failure(file, CaptureLimits.NONE);
    }

    private static CaptureFormatException failure(byte[] file, CaptureLimits limits) {
        return catchThrowableOfType(CaptureFormatException.class, () -> CaptureReader.read(file, limits));
    }

    @Test
    void pcapInMicrosecondsInBothByteOrders() throws CaptureFormatException {
        for (ByteOrder order : ORDERS) {
            byte[] file = CaptureFiles.pcap(order, CaptureFiles.MICROSECONDS, 1)
                    .record(1_100_000_000, 999_999, ABC, 3)
                    .record(1_100_000_001, 1, DE, 60)
                    .bytes();
            assertThat(transcript(file)).isEqualTo("""
                    1100000000999999000 ETHERNET 3/3 0a0b0c
                    1100000001000001000 ETHERNET 2/60 0d0e snapped
                    """);
        }
    }

    @Test
    void pcapInNanosecondsInBothByteOrders() throws CaptureFormatException {
        for (ByteOrder order : ORDERS) {
            byte[] file = CaptureFiles.pcap(order, CaptureFiles.NANOSECONDS, 101)
                    .record(0, 7, ABC, 3)
                    .record(-1, 999_999_999, DE, -1)
                    .bytes();
            assertThat(transcript(file)).isEqualTo("""
                    7 RAW_IP 3/3 0a0b0c
                    4294967295999999999 RAW_IP 2/2147483647 0d0e snapped
                    """);
        }
    }

    @Test
    void pcapngWithEveryPacketBlockInBothByteOrders() throws CaptureFormatException {
        for (ByteOrder order : ORDERS) {
            CaptureFiles file = CaptureFiles.pcapng(order);
            file.linkInterface(1, 0)
                    .enhanced(0, 1_500_000, ABC, 3)
                    .block(0x0bad, new byte[8])
                    .simple(DE, 2)
                    .obsolete(0, 1_500_001, ABC, 99);
            assertThat(transcript(file.bytes())).isEqualTo("""
                    1500000000 ETHERNET 3/3 0a0b0c
                    1500000000 ETHERNET 2/2 0d0e
                    1500001000 ETHERNET 3/99 0a0b0c snapped
                    """);
        }
    }

    @Test
    void aSimplePacketIsCutAtTheSnapLengthOfTheFirstInterface() throws CaptureFormatException {
        byte[] file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN)
                .linkInterface(1, 2)
                .linkInterface(1, 0)
                .simple(DE, 77)
                .bytes();
        assertThat(transcript(file)).isEqualTo("0 ETHERNET 2/77 0d0e snapped\n");
    }

    @Test
    void eachInterfaceHasItsOwnUnitsAndLinkType() throws CaptureFormatException {
        for (ByteOrder order : ORDERS) {
            CaptureFiles file = CaptureFiles.pcapng(order);
            byte[] name = file.option(2, CaptureFiles.text("lo0"));
            file.linkInterface(1, 0, name, file.resolution(9), file.endOfOptions())
                    .linkInterface(228, 0, file.resolution(3), file.timeOffset(-1))
                    .linkInterface(229, 0, name, file.resolution(0x80 | 1), file.timeOffset(100))
                    .enhanced(2, 3, ABC, 3)
                    .enhanced(1, 1_001, ABC, 3)
                    .enhanced(0, 5, ABC, 3);
            assertThat(transcript(file.bytes())).isEqualTo("""
                    101500000000 IPV6 3/3 0a0b0c
                    1000000 IPV4 3/3 0a0b0c
                    5 ETHERNET 3/3 0a0b0c
                    """);
        }
    }

    @Test
    void sectionsHaveTheirOwnByteOrderAndInterfaces() throws CaptureFormatException {
        byte[] big = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN)
                .linkInterface(1, 0)
                .enhanced(0, 1, ABC, 3)
                .bytes();
        CaptureFiles little = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN);
        little.linkInterface(101, 0, little.resolution(9)).enhanced(0, 2, DE, 2);
        CaptureFiles both =
                CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN).raw(big).raw(little.bytes());
        assertThat(transcript(both.bytes())).isEqualTo("""
                1000 ETHERNET 3/3 0a0b0c
                2 RAW_IP 2/2 0d0e
                """);
        byte[] forgotten = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN)
                .linkInterface(1, 0)
                .section()
                .enhanced(0, 1, ABC, 3)
                .bytes();
        assertThat(failure(forgotten).kind()).isEqualTo(Kind.UNKNOWN_INTERFACE);
    }

    @ParameterizedTest
    @CsvSource({
        // unit, timestamp, nanoseconds
        "0, 2, 2000000000",
        "6, 1, 1000",
        "9, 9223372036854775807, 9223372036854775807",
        "12, 1999, 1",
        "12, -1, 18446744073709551",
        "27, 1, 0",
        "28, -1, 1",
        "29, -1, 0",
        "127, -1, 0",
        "128, 3, 3000000000",
        "138, 1, 976562",
        "158, 3221225472, 3000000000",
        "176, 562949953421312, 2000000000",
        "192, -1, 999999999",
        "210, -1, 3814",
        "255, -1, 0",
    })
    void everyTimestampUnit(int resolution, long timestamp, long timeNs) throws CaptureFormatException {
        CaptureFiles file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN);
        file.linkInterface(1, 0, file.resolution(resolution)).enhanced(0, timestamp, DE, 2);
        assertThat(transcript(file.bytes())).isEqualTo(timeNs + " ETHERNET 2/2 0d0e\n");
    }

    @ParameterizedTest
    @CsvSource({"0, 9223372037, 0", "6, -1, 0", "9, -9223372036854775808, 0", "128, -1, 0", "9, 1, 9223372036854775807"
    })
    void timesBeyondALongAreRefused(int resolution, long timestamp, long offsetSeconds) {
        CaptureFiles file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN);
        file.linkInterface(1, 0, file.resolution(resolution), file.timeOffset(offsetSeconds))
                .enhanced(0, timestamp, DE, 2);
        assertThat(failure(file.bytes()).kind()).isEqualTo(Kind.BAD_BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"1, ETHERNET", "12, RAW_IP", "14, RAW_IP", "101, RAW_IP", "228, IPV4", "229, IPV6"})
    void linkTypesThatAreRead(int code, LinkType type) throws CaptureFormatException {
        byte[] file = CaptureFiles.pcap(ByteOrder.LITTLE_ENDIAN, CaptureFiles.MICROSECONDS, code)
                .record(0, 0, DE, 2)
                .bytes();
        assertThat(CaptureReader.read(file, CaptureLimits.NONE).linkType(0)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 105, 113, 127, 276})
    void otherLinkTypesAreRefusedByName(int code) {
        byte[] file = CaptureFiles.pcap(ByteOrder.LITTLE_ENDIAN, CaptureFiles.MICROSECONDS, code)
                .bytes();
        assertThat(failure(file).kind()).isEqualTo(Kind.UNSUPPORTED_LINK_TYPE);
        assertThat(failure(file))
                .hasMessage(
                        "link type " + code + ": only Ethernet (1) and bare IP (101, 228, 229) are read (at byte 20)");
    }

    @Test
    void anInterfaceOfAnotherLinkTypeOnlyMattersWhenItHasFrames() throws CaptureFormatException {
        CaptureFiles file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN)
                .linkInterface(105, 0)
                .linkInterface(1, 0)
                .enhanced(1, 0, DE, 2);
        assertThat(transcript(file.bytes())).isEqualTo("0 ETHERNET 2/2 0d0e\n");
        assertThat(failure(file.enhanced(0, 0, DE, 2).bytes()).kind()).isEqualTo(Kind.UNSUPPORTED_LINK_TYPE);
    }

    @Test
    void whatIsNotACaptureIsSaidSo() {
        for (String text : List.of("", "a1b", "GET / HTTP/1.1", "{}")) {
            assertThat(failure(CaptureFiles.text(text)).kind()).isEqualTo(Kind.NOT_A_CAPTURE);
        }
        assertThat(failure(new byte[100])).hasMessage("neither pcap nor pcapng by its first bytes (at byte 0)");
    }

    @Test
    void otherVersionsAreRefused() {
        byte[] pcap = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.MICROSECONDS, 1)
                .bytes();
        pcap[7] = 3;
        assertThat(failure(pcap)).hasMessage("pcap version 2.3: only 2.4 is read (at byte 4)");
        byte[] pcapng = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN).bytes();
        pcapng[13] = 2;
        assertThat(failure(pcapng)).hasMessage("pcapng version 2: only 1 is read (at byte 12)");
    }

    @Test
    void aFileWithoutFramesIsACapture() throws CaptureFormatException {
        byte[] pcap = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.MICROSECONDS, 1)
                .bytes();
        assertThat(CaptureReader.read(pcap, CaptureLimits.NONE).count()).isZero();
        byte[] pcapng = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN).bytes();
        assertThat(CaptureReader.read(pcapng, CaptureLimits.NONE).count()).isZero();
    }

    @Test
    void limitsHoldAtTheirEdges() throws CaptureFormatException {
        byte[] file = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.MICROSECONDS, 1)
                .record(0, 0, ABC, 3)
                .record(0, 0, ABC, 3)
                .bytes();
        assertThat(CaptureReader.read(file, new CaptureLimits(2, 62)).count()).isEqualTo(2);
        assertThat(failure(file, new CaptureLimits(1, 62))).hasMessage("more than 1 frames (at byte 59)");
        assertThat(failure(file, new CaptureLimits(1, 62)).kind()).isEqualTo(Kind.TOO_MANY_FRAMES);
        assertThat(failure(file, new CaptureLimits(2, 61)))
                .hasMessage("62 bytes are more than the limit of 61 (at byte 61)");
        assertThat(failure(file, new CaptureLimits(2, 61)).kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void aFileThatEndsInsideARecordSaysWhere() {
        byte[] file = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.MICROSECONDS, 1)
                .record(0, 0, ABC, 3)
                .bytes();
        CaptureFormatException failure = failure(Arrays.copyOf(file, 42));
        assertThat(failure.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(failure.position()).isEqualTo(42);
        assertThat(failure).hasMessage("the file ends inside a frame that begins at byte 40 (at byte 42)");
    }

    private static byte[] mixedPcapng(ByteOrder order) {
        CaptureFiles file = CaptureFiles.pcapng(order);
        return file.linkInterface(1, 0, file.resolution(9), file.endOfOptions())
                .enhanced(0, 9, ABC, 3, file.option(2, new byte[4]), file.endOfOptions())
                .simple(DE, 2)
                .obsolete(0, 1, DE, 2)
                .bytes();
    }

    private static List<byte[]> samples() {
        byte[] pcap = CaptureFiles.pcap(ByteOrder.LITTLE_ENDIAN, CaptureFiles.NANOSECONDS, 1)
                .record(1, 2, ABC, 3)
                .record(3, 4, DE, 2)
                .bytes();
        return List.of(pcap, mixedPcapng(ByteOrder.BIG_ENDIAN), mixedPcapng(ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void everyPrefixIsReadOrRefusedClearly() throws CaptureFormatException {
        for (byte[] sample : samples()) {
            int whole = CaptureReader.read(sample, CaptureLimits.NONE).count();
            for (int length = 0; length < sample.length; length++) {
                byte[] prefix = Arrays.copyOf(sample, length);
                try {
                    assertThat(CaptureReader.read(prefix, CaptureLimits.NONE).count())
                            .isLessThan(whole);
                } catch (CaptureFormatException e) {
                    assertThat(e.kind()).isIn(Kind.TRUNCATED, Kind.NOT_A_CAPTURE);
                }
            }
        }
    }

    @Test
    void mutatedFilesNeverFailInAnyOtherWay() {
        FrameLayout layout = new FrameLayout();
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 5_000; i++) {
                byte[] file = samples().get(random.nextInt(3)).clone();
                for (int n = random.nextInt(8); n >= 0; n--) {
                    file[random.nextInt(file.length)] =
                            (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(8));
                }
                readAll(file, layout);
            }
        });
    }

    private static void readAll(byte[] file, FrameLayout layout) {
        try {
            CaptureFrames frames = CaptureReader.read(file, CaptureLimits.NONE);
            for (int i = 0; i < frames.count(); i++) {
                layout.parse(frames.bytes(), frames.offset(i), frames.capturedLength(i));
            }
        } catch (CaptureFormatException e) {
            assertThat(e.position()).isBetween(0L, (long) file.length);
        }
    }

    @Test
    void brokenBlocksAreNamed() {
        CaptureFiles file = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN).linkInterface(1, 0);
        byte[] lengths = file.bytes();
        lengths[lengths.length - 1] ^= 4;
        assertThat(failure(lengths)).hasMessage("a block whose two lengths differ (at byte 44)");
        byte[] odd = file.bytes();
        odd[35] = 21;
        assertThat(failure(odd)).hasMessage("a block length of 21 (at byte 32)");
        byte[] magic = file.bytes();
        magic[8] = 0;
        assertThat(failure(magic)).hasMessage("a section header without its byte-order magic (at byte 8)");
        assertThat(failure(CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN)
                        .block(1, new byte[4])
                        .bytes()))
                .hasMessage("a block of 4 bytes where at least 8 are needed (at byte 36)");
        assertThat(failure(file.enhanced(7, 0, DE, 2).bytes()))
                .hasMessage("a frame of interface 7 where 1 are described (at byte 56)");
    }

    @Test
    void brokenOptionsAndLengthsAreNamed() {
        CaptureFiles file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN);
        file.linkInterface(1, 0, file.option(9, new byte[2]));
        assertThat(failure(file.bytes())).hasMessage("option 9 with 2 bytes, not 1 (at byte 44)");
        CaptureFiles tooLong = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN);
        tooLong.linkInterface(1, 0, new byte[] {2, 0, 9, 0});
        assertThat(failure(tooLong.bytes())).hasMessage("an option longer than its block (at byte 44)");
        CaptureFiles frame = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN).linkInterface(1, 0);
        byte[] overlong = frame.enhanced(0, 0, DE, 2).bytes();
        overlong[48 + 8 + 12] = 5;
        assertThat(failure(overlong)).hasMessage("a frame of 5 bytes in a block with room for 4 (at byte 68)");
    }

    @Test
    void bareIpPacketsGetAnEthernetHeader() throws CaptureFormatException {
        byte[] v4 = FrameBuilder.rawIp().ipv4("10.0.0.2", "10.0.0.1").tcp(1, 2).build();
        byte[] v6 = FrameBuilder.rawIp().ipv6("::2", "::1").tcp(1, 2).build();
        byte[] ethernet =
                FrameBuilder.ethernet().ipv4("10.0.0.2", "10.0.0.1").tcp(1, 2).build();
        byte[] file = CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN)
                .linkInterface(101, 0)
                .linkInterface(1, 0)
                .linkInterface(229, 0)
                .enhanced(0, 0, v4, v4.length)
                .enhanced(0, 0, v6, v6.length)
                .enhanced(1, 0, ethernet, ethernet.length)
                .enhanced(2, 0, v6, v6.length)
                .enhanced(0, 0, new byte[0], 0)
                .bytes();
        CaptureFrames frames = CaptureReader.read(file, CaptureLimits.NONE);

        assertThat(framed(frames, 0))
                .startsWith("0000000000aa0000000000bb0800" + "45")
                .hasSize(2 * 54);
        assertThat(framed(frames, 1))
                .startsWith("0000000000aa0000000000bb86dd" + "60")
                .hasSize(2 * 74);
        assertThat(framed(frames, 2)).isEqualTo(HexFormat.of().formatHex(ethernet));
        assertThat(framed(frames, 3)).startsWith("0000000000aa0000000000bb86dd" + "60");
        assertThat(framed(frames, 4)).isEqualTo("0000000000aa0000000000bb0800");
    }

    private static String framed(CaptureFrames frames, int index) {
        byte[] to = new byte[EthernetFraming.length(frames, index) + 1];
        int length = EthernetFraming.copy(frames, index, to, 1, 0xaa, 0xbb);
        return HexFormat.of().formatHex(to, 1, 1 + length);
    }

    @Test
    void framesBeyondTheLastAndNegativeLimitsAreRefused() throws CaptureFormatException {
        CaptureFrames frames =
                CaptureReader.read(CaptureFiles.pcapng(ByteOrder.LITTLE_ENDIAN).bytes(), CaptureLimits.NONE);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> frames.offset(0));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new CaptureLimits(-1, 0));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new CaptureLimits(0, -1));
    }

    @Test
    void timesAreAlsoToldFromTheFirstFrame() throws CaptureFormatException {
        byte[] file = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.NANOSECONDS, 1)
                .record(5, 0, ABC, 3)
                .record(4, 999_999_999, ABC, 3)
                .record(6, 1, ABC, 3)
                .bytes();
        CaptureFrames frames = CaptureReader.read(file, CaptureLimits.NONE);
        assertThat(List.of(frames.sinceFirstNs(0), frames.sinceFirstNs(1), frames.sinceFirstNs(2)))
                .containsExactly(0L, -1L, 1_000_000_001L);
    }

    @Test
    void thousandsOfFramesGrowTheTable() throws CaptureFormatException {
        CaptureFiles file = CaptureFiles.pcap(ByteOrder.LITTLE_ENDIAN, CaptureFiles.NANOSECONDS, 1);
        for (int i = 0; i < 5_000; i++) {
            file.record(0, i, new byte[] {(byte) i}, 1);
        }
        CaptureFrames frames = CaptureReader.read(file.bytes(), CaptureLimits.NONE);
        assertThat(frames.count()).isEqualTo(5_000);
        for (int i = 0; i < 5_000; i++) {
            assertThat(frames.timeNs(i)).isEqualTo(i);
            assertThat(frames.bytes()[frames.offset(i)]).isEqualTo((byte) i);
        }
    }
}
