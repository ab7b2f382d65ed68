package org.ioatlab.machine;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Tcp;

/**
 * Makes frames for the machine: some random through and through, most of them almost right. It follows the connections that come about, so
 * that segments hit the windows of open connections.
 */
final class HostilePackets {
    private static final int FLOWS = 48;
    private static final byte[] MACHINE = HexFormat.of().parseHex("020000000001");
    private static final byte[] SENDER = HexFormat.of().parseHex("02ff00000009");
    private static final byte[] OWN4 = {10, 0, 0, 1};
    private static final byte[] OWN6 = HexFormat.of().parseHex("fd000000000000000000000000000001");
    /** Kinds of segments; those that end connections are rare, so that some get old. */
    private static final int[] FLAGS = {
        Tcp.ACK,
        Tcp.ACK,
        Tcp.ACK,
        Tcp.ACK,
        Tcp.ACK,
        Tcp.ACK,
        Tcp.ACK | Tcp.PSH,
        Tcp.ACK | Tcp.PSH,
        Tcp.ACK | Tcp.PSH,
        Tcp.ACK | Tcp.URG,
        Tcp.ACK | Tcp.URG,
        Tcp.ACK | Tcp.PSH,
        Tcp.ACK,
        Tcp.ACK | Tcp.FIN,
        Tcp.SYN,
        Tcp.SYN,
        Tcp.RST,
        Tcp.RST | Tcp.ACK,
        Tcp.SYN | Tcp.ACK,
        Tcp.FIN,
        0,
        0xff,
        Tcp.ACK,
        Tcp.ACK | Tcp.PSH
    };

    private static final int[] PROTOCOLS = {0, 1, 2, 4, 6, 17, 41, 43, 44, 50, 58, 59, 60, 132, 255};

    private final SeededRandom random;
    private final int[] next = new int[FLOWS];
    private final int[] acknowledged = new int[FLOWS];
    private final boolean[] known = new boolean[FLOWS];
    private long seen;
    private int flood;

    HostilePackets(SeededRandom random) {
        this.random = random;
    }

    /** Frames to be injected, after a look at what the machine has sent. */
    NicCommand.InjectFrames batch(int count, WireFace wire) {
        for (WireViews.Packet packet : wire.packets(seen, Integer.MAX_VALUE)) {
            seen = packet.sequence();
            learn(HexFormat.of().parseHex(packet.hex()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] frame = frame();
            bytes.writeBytes(frame);
            lengths[i] = frame.length;
        }
        return new NicCommand.InjectFrames("eth0", bytes.toByteArray(), lengths, new long[count], false);
    }

    /** SYNs to port 80 from one new port after the other, none of which ever answers. */
    NicCommand.InjectFrames syns(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            byte[] syn = new byte[Tcp.MIN_HEADER_LENGTH];
            Tcp.setSourcePort(syn, 0, 10_000 + flood++);
            Tcp.setDestinationPort(syn, 0, 80);
            Tcp.setSequence(syn, 0, (int) random.nextLong());
            Tcp.setHeaderLength(syn, 0, syn.length);
            Tcp.setFlags(syn, 0, Tcp.SYN);
            byte[] frame = ipv6(new Packet(IpProtocol.TCP, syn));
            bytes.writeBytes(frame);
            lengths[i] = frame.length;
        }
        return new NicCommand.InjectFrames("eth0", bytes.toByteArray(), lengths, new long[count], false);
    }

    /** Takes over sequence numbers that the machine tells to one of the flows. */
    private void learn(byte[] packet) {
        boolean ipv4 = packet[0] >>> 4 == 4;
        int header = ipv4 ? Ipv4.headerLength(packet, 0) : Ipv6.HEADER_LENGTH;
        int protocol = packet[ipv4 ? 9 : 6];
        if (protocol != IpProtocol.TCP || packet.length < header + Tcp.MIN_HEADER_LENGTH) {
            return;
        }
        int flow = Tcp.destinationPort(packet, header) - 1000;
        if (flow >= 0 && flow < FLOWS && (Tcp.flags(packet, header) & Tcp.ACK) != 0) {
            int length = packet.length - header - Tcp.headerLength(packet, header);
            int more = Integer.bitCount(Tcp.flags(packet, header) & (Tcp.SYN | Tcp.FIN));
            acknowledged[flow] = Tcp.sequence(packet, header) + length + more;
            next[flow] = Tcp.acknowledgment(packet, header);
            known[flow] = true;
        }
    }

    private byte[] frame() {
        int kind = random.nextInt(100);
        byte[] frame;
        if (kind < 3) {
            frame = bytes(14 + random.nextInt(200));
            System.arraycopy(MACHINE, 0, frame, 0, 6);
        } else if (kind < 75) {
            frame = ip(tcp());
        } else if (kind < 85) {
            frame = ip(udp());
        } else if (kind < 92) {
            frame = ip(new Packet(random.nextInt(2) == 0 ? 1 : 58, bytes(random.nextInt(100))));
        } else if (kind < 96) {
            frame = arp();
        } else {
            frame = ip(new Packet(PROTOCOLS[random.nextInt(PROTOCOLS.length)], bytes(random.nextInt(300))));
        }
        return random.nextInt(5) == 0 ? damaged(frame) : frame;
    }

    /** What an IP packet carries. */
    private record Packet(int protocol, byte[] bytes) {}

    private Packet tcp() {
        int flow = random.nextInt(FLOWS);
        int payload = random.nextInt(3) == 0 ? random.nextInt(1400) : random.nextInt(2) * random.nextInt(40);
        int options = random.nextInt(3) == 0 ? 4 * random.nextInt(11) : 0;
        byte[] bytes = bytes(Tcp.MIN_HEADER_LENGTH + options + payload);
        int flags = known[flow] ? FLAGS[random.nextInt(FLAGS.length)] : Tcp.SYN;
        Tcp.setSourcePort(bytes, 0, 1000 + flow);
        Tcp.setDestinationPort(bytes, 0, random.nextInt(20) == 0 ? random.nextInt(1 << 16) : 80);
        Tcp.setSequence(bytes, 0, near(next[flow]));
        Tcp.setAcknowledgment(bytes, 0, near(acknowledged[flow]));
        Tcp.setHeaderLength(bytes, 0, Tcp.MIN_HEADER_LENGTH + options);
        Tcp.setFlags(bytes, 0, flags);
        if (random.nextInt(4) > 0) {
            usualOptions(bytes, options, (flags & Tcp.SYN) != 0);
        }
        if ((flags & (Tcp.RST | Tcp.SYN)) == 0 && random.nextInt(3) > 0) {
            next[flow] += payload;
        }
        return new Packet(IpProtocol.TCP, bytes);
    }

    private int near(int sequence) {
        return switch (random.nextInt(10)) {
            case 0 -> sequence + random.nextInt(100_000) - 50_000;
            case 1 -> (int) random.nextLong();
            case 2, 3 -> sequence + random.nextInt(6_000) - 1_000;
            default -> sequence;
        };
    }

    private void usualOptions(byte[] bytes, int options, boolean syn) {
        int at = Tcp.MIN_HEADER_LENGTH;
        int end = at + options;
        if (syn && end - at >= 12) {
            at = put(bytes, at, "020405b4" + "0402" + "0103" + "0307" + "0101");
        }
        if (end - at >= 12) {
            at = put(bytes, at, "0101080a");
            BigEndian.put32(bytes, at, random.nextInt(1000));
            at += 8;
        }
        while (at < end) {
            bytes[at++] = 1;
        }
    }

    private static int put(byte[] bytes, int at, String hex) {
        byte[] added = HexFormat.of().parseHex(hex);
        System.arraycopy(added, 0, bytes, at, added.length);
        return at + added.length;
    }

    private Packet udp() {
        byte[] bytes = bytes(8 + random.nextInt(400));
        BigEndian.put16(bytes, 2, random.nextInt(2) == 0 ? 53 : random.nextInt(1 << 16));
        BigEndian.put16(bytes, 4, random.nextInt(4) == 0 ? random.nextInt(1 << 16) : bytes.length);
        return new Packet(IpProtocol.UDP, bytes);
    }

    private byte[] ip(Packet packet) {
        return random.nextInt(3) == 0 ? ipv6(packet) : ipv4(packet);
    }

    private byte[] ipv4(Packet packet) {
        int header = random.nextInt(20) == 0 ? 20 + 4 * random.nextInt(11) : 20;
        byte[] frame = bytes(14 + header + packet.bytes.length);
        link(frame, Ethernet.TYPE_IPV4);
        frame[14] = (byte) (0x40 | header / 4);
        BigEndian.put16(frame, 16, header + packet.bytes.length);
        boolean fragment = random.nextInt(12) == 0;
        BigEndian.put16(frame, 18, random.nextInt(16));
        BigEndian.put16(frame, 20, fragment ? (random.nextInt(2) * Ipv4.MORE_FRAGMENTS) | random.nextInt(200) : 0);
        frame[22] = 64;
        frame[23] = (byte) packet.protocol;
        System.arraycopy(new byte[] {10, 0, 0, 9}, 0, frame, 26, 4);
        System.arraycopy(OWN4, 0, frame, 30, 4);
        System.arraycopy(packet.bytes, 0, frame, 14 + header, packet.bytes.length);
        BigEndian.put16(frame, 24, 0);
        BigEndian.put16(frame, 24, InternetChecksum.finish(InternetChecksum.sum(frame, 14, header)));
        int pseudo = InternetChecksum.pseudoHeaderIpv4(frame, 14, packet.protocol, packet.bytes.length);
        checksum(frame, 14 + header, packet, pseudo);
        return frame;
    }

    private byte[] ipv6(Packet packet) {
        boolean fragment = packet.bytes.length > Tcp.MIN_HEADER_LENGTH && random.nextInt(12) == 0;
        int extension = fragment ? 8 : 0;
        byte[] frame = bytes(14 + 40 + extension + packet.bytes.length);
        link(frame, Ethernet.TYPE_IPV6);
        BigEndian.put32(frame, 14, 0x6000_0000);
        BigEndian.put16(frame, 18, extension + packet.bytes.length);
        frame[20] = (byte) (fragment ? 44 : packet.protocol);
        frame[21] = (byte) (packet.protocol == 58 ? 255 : 64);
        System.arraycopy(OWN6, 0, frame, 22, 16);
        frame[37] = 9;
        System.arraycopy(OWN6, 0, frame, 38, 16);
        if (fragment) {
            frame[54] = (byte) packet.protocol;
            BigEndian.put16(frame, 56, random.nextInt(200) << 3 | random.nextInt(2));
            BigEndian.put32(frame, 58, random.nextInt(16));
        }
        System.arraycopy(packet.bytes, 0, frame, 54 + extension, packet.bytes.length);
        int pseudo = InternetChecksum.pseudoHeaderIpv6(frame, 14, packet.protocol, packet.bytes.length);
        checksum(frame, 54 + extension, packet, pseudo);
        return frame;
    }

    private static void checksum(byte[] frame, int at, Packet packet, int pseudo) {
        int field = switch (packet.protocol) {
            case IpProtocol.TCP -> 16;
            case IpProtocol.UDP -> 6;
            case 1, 58 -> 2;
            default -> -1;
        };
        if (field < 0 || packet.bytes.length < field + 2) {
            return;
        }
        BigEndian.put16(frame, at + field, 0);
        int sum = InternetChecksum.sum(frame, at, packet.bytes.length);
        int whole = packet.protocol == 1 ? sum : InternetChecksum.add(pseudo, sum);
        BigEndian.put16(frame, at + field, InternetChecksum.finish(whole));
    }

    private byte[] arp() {
        byte[] frame = bytes(42);
        link(frame, Ethernet.TYPE_ARP);
        put(frame, 14, "00010800060400");
        frame[21] = (byte) (1 + random.nextInt(2));
        System.arraycopy(new byte[] {10, 0, 0, (byte) random.nextInt(256)}, 0, frame, 28, 4);
        if (random.nextInt(2) == 0) {
            System.arraycopy(OWN4, 0, frame, 38, 4);
        }
        return frame;
    }

    private static void link(byte[] frame, int type) {
        System.arraycopy(MACHINE, 0, frame, 0, 6);
        System.arraycopy(SENDER, 0, frame, 6, 6);
        BigEndian.put16(frame, 12, type);
    }

    private byte[] damaged(byte[] frame) {
        byte[] bad = frame.clone();
        int damage = bad.length == 14 ? 0 : 1 + random.nextInt(4);
        for (int i = 0; i < damage; i++) {
            bad[14 + random.nextInt(bad.length - 14)] = (byte) random.nextLong();
        }
        if (random.nextInt(3) == 0) {
            bad = Arrays.copyOf(bad, 14 + random.nextInt(bad.length - 13));
        }
        return bad;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.fill(bytes, 0, length);
        return bytes;
    }
}
