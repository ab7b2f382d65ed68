package org.ioatlab.wire.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.ioatlab.wire.FlowKey;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;

/** The recording of a transfer by the Linux TCP stack and what its receiver wrote down: see {@code src/docs/captures.md}. */
public final class LinuxTransfer {
    /** Address of the receiver, on whose interface the recording was made. */
    public static final long RECEIVER = 0x0200_0000_0001L;

    private LinuxTransfer() {}

    /**
     * One connection.
     *
     * @param data the direction that carries the file
     * @param bytes length of the file
     * @param sha256 of the bytes that the receiving program got, in hexadecimal
     */
    public record Connection(FlowKey data, int bytes, String sha256) {}

    /** The capture file. */
    public static byte[] file() {
        return resource("linux-tcp-transfer.pcap");
    }

    /** Its frames. */
    public static CaptureFrames frames() throws CaptureFormatException {
        return CaptureReader.read(file(), CaptureLimits.NONE);
    }

    /** The connections, in the order of the files 1 to 6 that they carry. */
    public static List<Connection> connections() {
        return new String(resource("linux-tcp-transfer.sha256"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(LinuxTransfer::connection)
                .toList();
    }

    private static Connection connection(String line) {
        String[] words = line.split(" ", -1);
        FlowKey data =
                new FlowKey(address(words[0]), port(words[0]), address(words[1]), port(words[1]), IpProtocol.TCP);
        return new Connection(data, Integer.parseInt(words[2]), words[3]);
    }

    private static IpAddress address(String endpoint) {
        String host = endpoint.substring(0, endpoint.lastIndexOf(':'));
        return IpAddress.parse(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    private static byte[] resource(String name) {
        try (InputStream stream = LinuxTransfer.class.getResourceAsStream("/captures/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }
}
