package org.ioatlab.paper;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.ioatlab.machine.WireCommand;
import org.ioatlab.machine.WireViews;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.StreamPattern;

/**
 * A remote host whose every segment a test sends by hand, when it wants and as it wants: it never sends one by itself. It asks for no option but its
 * segments' size, so that headers are 40 bytes and the largest window 65 535.
 */
final class Sender {
    /** The machine's port. */
    static final int PORT = 5001;

    /** Payload of a full segment at an MTU of 1500. */
    static final int MSS = 1460;

    private static final StreamPattern PATTERN = new StreamPattern(7);
    private static final int MACHINE = 0x0a000001;
    private static final int IP = Ipv4.MIN_HEADER_LENGTH;

    final String socket;
    private final Server server;
    private final int address;
    private final int port;
    private final int isn = 1_000_000;
    private final int machineIsn;
    private int window = 60_000;
    private int sent;
    private int read;

    private Sender(Server server, int number) {
        this.server = server;
        address = 0x0a000040 + number;
        port = 40_000 + number;
        byte[] options = {TcpOptions.MAXIMUM_SEGMENT_SIZE, 4, (byte) (MSS >> 8), (byte) MSS};
        inject(segment(isn, 0, Tcp.SYN, options, new byte[0]), -1);
        machineIsn = answer();
        inject(segment(isn + 1, machineIsn + 1, Tcp.ACK, new byte[0], new byte[0]), -1);
        socket = server.accept();
        server.lab.advance(Server.MS);
        server.acknowledgments();
    }

    /** Somebody who has connected to the machine. */
    static Sender connected(Server server) {
        return connected(server, 1);
    }

    static Sender connected(Server server, int number) {
        return new Sender(server, number);
    }

    /** Sends the next so many bytes in full segments as fast as the link carries them; none of them says PSH. */
    Sender sends(int bytes) {
        return sends(bytes, Tcp.ACK);
    }

    /** The same, the last segment with PSH. */
    Sender pushes(int bytes) {
        int last = (bytes - 1) / MSS * MSS;
        sends(last);
        return sends(bytes - last, Tcp.ACK | Tcp.PSH);
    }

    Sender sends(int bytes, int flags) {
        for (int done = 0; done < bytes; done += MSS) {
            int length = Math.min(MSS, bytes - done);
            one(sent, length, flags);
            sent += length;
        }
        return this;
    }

    /** Sends bytes of the stream from {@code offset} on in one segment, whatever was sent before. */
    Sender sendsAgain(int offset, int length) {
        one(offset, length, Tcp.ACK);
        sent = Math.max(sent, offset + length);
        return this;
    }

    /** Sends the next bytes with another window than before, which header prediction doesn't expect. */
    Sender sendsWithWindow(int bytes, int newWindow) {
        window = newWindow;
        return sends(bytes);
    }

    /** Sends as much as the machine takes while nobody reads; how much that is. */
    int fillsTheWindow() {
        int before = sent;
        sends(MSS);
        server.lab.advance(Server.MS);
        int left = room(MSS);
        while (left > 0) {
            int bytes = Math.min(left, MSS);
            sends(bytes);
            server.lab.advance(Server.SECOND);
            left = room(left - bytes);
        }
        return sent - before;
    }

    /** Sends as much as the window that the last acknowledgments told has room for; how many of them told one of 0. */
    int answers() {
        List<Server.Acknowledgment> acknowledgments = server.acknowledgments();
        if (acknowledgments.isEmpty()) {
            return 0;
        }
        Server.Acknowledgment last = acknowledgments.getLast();
        int room = last.window() - (sent - acknowledged(last));
        sends(Math.max(room, 0));
        return (int) acknowledgments.stream().filter(each -> each.window() == 0).count();
    }

    /** What the window still has room for. */
    private int room(int otherwise) {
        List<Server.Acknowledgment> acknowledgments = server.acknowledgments();
        if (acknowledgments.isEmpty()) {
            return otherwise;
        }
        Server.Acknowledgment last = acknowledgments.getLast();
        return last.window() - (sent - acknowledged(last));
    }

    Sender ends() {
        inject(segment(isn + 1 + sent, machineIsn + 1, Tcp.ACK | Tcp.FIN, new byte[0], new byte[0]), -1);
        return this;
    }

    /** A datagram for a port of the machine. */
    void datagram(int toPort, int bytes) {
        byte[] packet = new byte[IP + Udp.HEADER_LENGTH + bytes];
        Ipv4.writeHeader(packet, 0, packet.length, IpProtocol.UDP, address, MACHINE);
        BigEndian.put16(packet, IP, port);
        BigEndian.put16(packet, IP + 2, toPort);
        BigEndian.put16(packet, IP + 4, Udp.HEADER_LENGTH + bytes);
        inject(packet, -1);
    }

    /** The digest of the next so many bytes of the stream: what a read of them has to come to. */
    String next(int bytes) {
        byte[] expected = new byte[bytes];
        PATTERN.fill(read, expected, 0, bytes);
        read += bytes;
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(expected));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many bytes an acknowledgment acknowledges. */
    int acknowledged(Server.Acknowledgment by) {
        return by.acknowledges() - isn - 1;
    }

    private void one(int offset, int length, int flags) {
        byte[] payload = new byte[length];
        PATTERN.fill(offset, payload, 0, length);
        inject(segment(isn + 1 + offset, machineIsn + 1, flags, new byte[0], payload), -1);
    }

    private void inject(byte[] packet, long atPs) {
        server.machine.apply(
                new WireCommand.InjectPackets("eth0", packet, new int[] {packet.length}, new long[] {atPs}));
    }

    private int answer() {
        server.lab.advance(Server.MS);
        List<WireViews.Packet> packets = server.machine.wire().packets(0, Integer.MAX_VALUE);
        byte[] ip = HexFormat.of().parseHex(packets.getLast().hex());
        return Tcp.sequence(ip, IP);
    }

    private byte[] segment(int sequence, int acknowledgment, int flags, byte[] options, byte[] payload) {
        int header = Tcp.MIN_HEADER_LENGTH + options.length;
        byte[] packet = new byte[IP + header + payload.length];
        Ipv4.writeHeader(packet, 0, packet.length, IpProtocol.TCP, address, MACHINE);
        Tcp.setSourcePort(packet, IP, port);
        Tcp.setDestinationPort(packet, IP, PORT);
        Tcp.setSequence(packet, IP, sequence);
        Tcp.setAcknowledgment(packet, IP, acknowledgment);
        Tcp.setHeaderLength(packet, IP, header);
        Tcp.setFlags(packet, IP, flags);
        Tcp.setWindow(packet, IP, window);
        System.arraycopy(options, 0, packet, IP + Tcp.MIN_HEADER_LENGTH, options.length);
        System.arraycopy(payload, 0, packet, IP + header, payload.length);
        int length = header + payload.length;
        Tcp.writeChecksum(packet, IP, length, InternetChecksum.pseudoHeaderIpv4(packet, 0, IpProtocol.TCP, length));
        return packet;
    }
}
