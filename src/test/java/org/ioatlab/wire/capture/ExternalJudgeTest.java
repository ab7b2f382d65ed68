package org.ioatlab.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.ioatlab.wire.FrameBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wireshark's own tools judge what is written and convert what is read. Skipped, and said so, where they are missing. */
class ExternalJudgeTest {
    @TempDir
    Path directory;

    private static boolean isInstalled(String tool) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private String run(String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed: nobody judges the capture");
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(status).as("%s: %s", String.join(" ", command), text).isZero();
        // Run as root, tshark and capinfos say so on their error stream.
        return text.replaceAll("(?m)^Running as user \"root\".*\n", "");
    }

    private Path written() throws IOException {
        CaptureSink sink = new CaptureSink(100_000);
        PcapngWriter writer = new PcapngWriter(sink);
        writer.addInterface("eth0", LinkType.ETHERNET, 0);
        writer.addInterface("eth0-snapped", LinkType.ETHERNET, 54);
        byte[] tcp = FrameBuilder.ethernet()
                .ipv4("10.0.0.2", "10.0.0.1")
                .tcp(40000, 80)
                .payload(1001)
                .build();
        byte[] udp = FrameBuilder.ethernet()
                .vlan(5)
                .ipv6("fd00::2", "fd00::1")
                .udp(9000, 9001)
                .payload(3)
                .build();
        writer.frame(0, 1, tcp, 0, tcp.length, Direction.INBOUND);
        writer.frame(0, 1_000_000_002L, udp, 0, udp.length, Direction.OUTBOUND);
        writer.frame(1, 1_000_000_003L, tcp, 0, tcp.length, Direction.UNKNOWN);
        Path file = directory.resolve("written.pcapng");
        Files.write(file, sink.toByteArray());
        return file;
    }

    @Test
    void tsharkReadsEveryFieldOfWhatIsWritten() throws IOException, InterruptedException {
        String fields = run(
                "tshark",
                "-n",
                "-r",
                written().toString(),
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE",
                "-o",
                "ip.check_checksum:TRUE",
                "-T",
                "fields",
                "-E",
                "separator=|",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.len",
                "-e",
                "frame.cap_len",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.packet_flags_direction",
                "-e",
                "tcp.checksum.status",
                "-e",
                "udp.checksum.status",
                "-e",
                "_ws.malformed");
        assertThat(fields).isEqualTo("""
                0.000000001|1055|1055|eth0|0x00000001|1||
                1.000000002|69|69|eth0|0x00000002||1|
                1.000000003|1055|54|eth0-snapped|0x00000000|2||
                """);
    }

    @Test
    void capinfosFindsNothingToComplainAbout() throws IOException, InterruptedException {
        String report = run("capinfos", "-M", written().toString());
        assertThat(report)
                .containsPattern("File type: +.*pcapng\n")
                .containsPattern("File timestamp precision: +nanoseconds \\(9\\)\n")
                .containsPattern("Number of packets: +3\n")
                .containsPattern("Capture application: +ioat-lab\n")
                .containsPattern("Number of interfaces in file: 2\n")
                .doesNotContainIgnoringCase("error")
                .doesNotContainIgnoringCase("cut short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcap", "nsecpcap", "pcapng"})
    void editcapConvertsWhatIsWrittenAndItReadsBackTheSame(String format)
            throws IOException, InterruptedException, CaptureFormatException {
        Path source = written();
        Path converted = directory.resolve("converted." + format);
        run("editcap", "-F", format, source.toString(), converted.toString());
        CaptureFrames original = CaptureReader.read(Files.readAllBytes(source), CaptureLimits.NONE);
        LinuxTransferTest.assertSame(original, Files.readAllBytes(converted), format.equals("pcap") ? 1_000 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcap", "nsecpcap", "pcapng"})
    void editcapConvertsTheRecordingAndItReadsBackTheSame(String format)
            throws IOException, InterruptedException, CaptureFormatException {
        Path source = directory.resolve("recorded.pcap");
        Files.write(source, LinuxTransfer.file());
        Path converted = directory.resolve("converted." + format);
        run("editcap", "-F", format, source.toString(), converted.toString());
        LinuxTransferTest.assertSame(
                LinuxTransfer.frames(), Files.readAllBytes(converted), format.equals("pcap") ? 1_000 : 1);
    }

    @Test
    void tsharkAgreesWithTheBigEndianFilesOfTheTests() throws IOException, InterruptedException {
        CaptureFiles pcapng = CaptureFiles.pcapng(ByteOrder.BIG_ENDIAN);
        pcapng.linkInterface(1, 0, pcapng.resolution(9), pcapng.timeOffset(7), pcapng.endOfOptions())
                .linkInterface(101, 0, pcapng.resolution(0x80 | 10))
                .enhanced(0, 1, new byte[60], 61)
                .obsolete(1, 512, new byte[21], 21)
                .simple(new byte[60], 60);
        assertThat(times(pcapng.bytes())).isEqualTo("""
                7.000000001 60 61 1
                0.500000000 21 21 7
                 60 60 1
                """);
        byte[] pcap = CaptureFiles.pcap(ByteOrder.BIG_ENDIAN, CaptureFiles.NANOSECONDS, 101)
                .record(3, 4, new byte[40], 40)
                .bytes();
        assertThat(times(pcap)).isEqualTo("3.000000004 40 40 7\n");
    }

    private String times(byte[] capture) throws IOException, InterruptedException {
        Path file = directory.resolve("big-endian");
        Files.write(file, capture);
        return run(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-E",
                "separator= ",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.cap_len",
                "-e",
                "frame.len",
                "-e",
                "frame.encap_type");
    }
}
