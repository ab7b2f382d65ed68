package org.ioatlab.workload.traffic;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.capture.CaptureFrames;
import org.ioatlab.wire.capture.EthernetFraming;
import org.jspecify.annotations.Nullable;

/** The client's side of the first TCP connection in a capture: its segments, and the stream that they carry. */
public final class Conversation {
    private static final int NONE = -1;

    private final boolean ipv6;
    private final int clientPort;
    private final int clientIsn;
    private final int serverIsn;
    private final List<Part> segments;
    private final long streamBytes;
    private final String sha256;

    /**
     * A segment as it is sent again.
     *
     * @param bytes TCP header and payload
     * @param headerLength of the header
     * @param sincePs since the first segment
     */
    record Part(byte[] bytes, int headerLength, long sincePs) {
        int payloadLength() {
            return bytes.length - headerLength;
        }

        boolean has(int flag) {
            return (Tcp.flags(bytes, 0) & flag) != 0;
        }

        int sequence() {
            return Tcp.sequence(bytes, 0);
        }

        /** Behind the last byte; SYN and FIN count. */
        int end() {
            return sequence() + payloadLength() + (has(Tcp.SYN) ? 1 : 0) + (has(Tcp.FIN) ? 1 : 0);
        }
    }

    /** A capture that holds no conversation that could be had again. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(String message) {
            super(message);
        }
    }

    private Conversation(
            boolean ipv6, int clientPort, int clientIsn, int serverIsn, List<Part> segments, byte[] stream) {
        this.ipv6 = ipv6;
        this.clientPort = clientPort;
        this.clientIsn = clientIsn;
        this.serverIsn = serverIsn;
        this.segments = segments;
        streamBytes = stream.length;
        sha256 = sha256(stream);
    }

    /** Whether it went over IPv6. */
    public boolean isIpv6() {
        return ipv6;
    }

    /** The client's port. */
    public int clientPort() {
        return clientPort;
    }

    /** Payload of the client's stream, bytes. */
    public long streamBytes() {
        return streamBytes;
    }

    /** SHA-256 of that payload. */
    public String streamSha256() {
        return sha256;
    }

    int clientIsn() {
        return clientIsn;
    }

    int serverIsn() {
        return serverIsn;
    }

    List<Part> segments() {
        return segments;
    }

    /**
     * Finds the first connection whose SYN is in the capture.
     *
     * @param mtu segments that don't fit are cut
     * @throws UnusableException if there is none, or parts of the client's stream are missing
     */
    public static Conversation first(CaptureFrames frames, int mtu) throws UnusableException {
        Reader reader = new Reader(frames);
        int syn = reader.find(0, Tcp.SYN, null);
        if (syn == NONE) {
            throw new UnusableException("the capture has no SYN of a TCP connection");
        }
        End client = reader.end(syn, true);
        End server = reader.end(syn, false);
        int isn = reader.sequence(syn);
        int answer = reader.find(syn, Tcp.SYN | Tcp.ACK, server);
        int serverIsn = answer == NONE ? reader.assumedServerIsn(syn, client, server) : reader.sequence(answer);
        int ip = client.address.isIpv4() ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH;
        List<Part> segments = reader.segments(syn, client, server, mtu - ip);
        byte[] stream = stream(segments, isn + 1);
        return new Conversation(!client.address.isIpv4(), client.port, isn, serverIsn, segments, stream);
    }

    private record End(IpAddress address, int port) {}

    private static byte[] stream(List<Part> segments, int start) throws UnusableException {
        int length = 0;
        long captured = 0;
        for (Part part : segments) {
            if (part.payloadLength() > 0) {
                length = Math.max(length, part.sequence() + part.payloadLength() - start);
                captured += part.payloadLength();
            }
        }
        if (length > captured) {
            throw new UnusableException("parts of the client's stream are not in the capture");
        }
        byte[] stream = new byte[length];
        boolean[] known = new boolean[length];
        for (Part part : segments) {
            int at = part.sequence() - start;
            int first = Math.max(0, -at);
            int count = part.payloadLength() - first;
            if (count > 0 && !part.has(Tcp.SYN)) {
                System.arraycopy(part.bytes, part.headerLength + first, stream, at + first, count);
                Arrays.fill(known, at + first, at + first + count, true);
            }
        }
        for (int i = 0; i < length; i++) {
            if (!known[i]) {
                throw new UnusableException("byte " + i + " of the client's stream is not in the capture");
            }
        }
        return stream;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Looks into a capture's frames one after the other. */
    private static final class Reader {
        private final CaptureFrames frames;
        private final FrameLayout layout = new FrameLayout();
        private byte[] frame = {};

        Reader(CaptureFrames frames) {
            this.frames = frames;
        }

        /** The first frame from {@code start} on with just these of SYN, ACK and RST, from an end unless null. */
        int find(int start, int flags, @Nullable End from) {
            for (int i = start; i < frames.count(); i++) {
                if (parse(i)
                        && (Tcp.flags(frame, layout.transportOffset()) & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == flags
                        && (from == null || from.equals(end(true)))) {
                    return i;
                }
            }
            return NONE;
        }

        End end(int index, boolean source) {
            parse(index);
            return end(source);
        }

        int sequence(int index) {
            parse(index);
            return Tcp.sequence(frame, layout.transportOffset());
        }

        /** Without the server's SYN its number follows from the client's first acknowledgment. */
        int assumedServerIsn(int syn, End client, End server) {
            for (int i = syn; i < frames.count(); i++) {
                if (parse(i)
                        && (Tcp.flags(frame, layout.transportOffset()) & Tcp.ACK) != 0
                        && client.equals(end(true))
                        && server.equals(end(false))) {
                    return Tcp.acknowledgment(frame, layout.transportOffset()) - 1;
                }
            }
            return 0;
        }

        List<Part> segments(int syn, End client, End server, int largest) throws UnusableException {
            List<Part> found = new ArrayList<>();
            long firstNs = frames.timeNs(syn);
            for (int i = syn; i < frames.count(); i++) {
                if (!parse(i) || !client.equals(end(true)) || !server.equals(end(false))) {
                    continue;
                }
                if (frames.isSnapped(i) || layout.isTruncated()) {
                    throw new UnusableException("frame " + i + " was cut when it was captured");
                }
                long sincePs = Math.max(frames.timeNs(i) - firstNs, 0) * Picoseconds.PER_NANOSECOND;
                int header = layout.payloadOffset() - layout.transportOffset();
                byte[] bytes = Arrays.copyOfRange(
                        frame, layout.transportOffset(), layout.payloadOffset() + layout.payloadLength());
                cut(new Part(bytes, header, sincePs), largest, found);
            }
            return found;
        }

        /** A segment that was captured before hardware cut it is cut here. */
        private static void cut(Part whole, int largest, List<Part> into) {
            int room = largest - whole.headerLength;
            int done = 0;
            do {
                int length = Math.min(whole.payloadLength() - done, room);
                boolean last = done + length == whole.payloadLength();
                byte[] bytes = Arrays.copyOf(whole.bytes, whole.headerLength + length);
                System.arraycopy(whole.bytes, whole.headerLength + done, bytes, whole.headerLength, length);
                Tcp.setSequence(bytes, 0, whole.sequence() + done);
                if (!last) {
                    Tcp.setFlags(bytes, 0, Tcp.flags(bytes, 0) & ~(Tcp.FIN | Tcp.PSH));
                }
                into.add(new Part(bytes, whole.headerLength, whole.sincePs));
                done += length;
            } while (done < whole.payloadLength());
        }

        private boolean parse(int index) {
            int length = EthernetFraming.length(frames, index);
            if (frame.length < length) {
                frame = new byte[length + Ethernet.HEADER_LENGTH];
            }
            int copied = EthernetFraming.copy(frames, index, frame, 0, 0, 0);
            layout.parse(frame, 0, copied);
            return layout.isTcp() && !layout.isFragment();
        }

        private End end(boolean source) {
            int ip = layout.networkOffset();
            int tcp = layout.transportOffset();
            int port = source ? Tcp.sourcePort(frame, tcp) : Tcp.destinationPort(frame, tcp);
            if (layout.isIpv4()) {
                return new End(IpAddress.ipv4(source ? Ipv4.source(frame, ip) : Ipv4.destination(frame, ip)), port);
            }
            IpAddress address = source
                    ? IpAddress.ipv6(Ipv6.sourceHigh(frame, ip), Ipv6.sourceLow(frame, ip))
                    : IpAddress.ipv6(Ipv6.destinationHigh(frame, ip), Ipv6.destinationLow(frame, ip));
            return new End(address, port);
        }
    }
}
