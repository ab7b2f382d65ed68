package org.ioatlab.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Frames for tests, from the outside in: {@code ethernet().vlan(5).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(3)}.
 * Lengths and checksums are filled in by {@link #build()}.
 */
public final class FrameBuilder {
    public static final long RECEIVER = 0x02_00_00_00_00_01L;
    public static final long SENDER = 0x02_00_00_00_00_02L;

    private final ByteArrayOutputStream link = new ByteArrayOutputStream();
    private IpAddress source = IpAddress.ipv4(0);
    private IpAddress destination = IpAddress.ipv4(0);
    private boolean network;
    private int ipv4Options;
    private int flagsAndOffset = Ipv4.DONT_FRAGMENT;
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private int firstExtension = -1;
    private int lastNextHeader = -1;
    private int protocol = 253;
    private byte[] transport = new byte[0];
    private byte[] payload = new byte[0];
    private int padding;

    public static FrameBuilder ethernet() {
        FrameBuilder frame = new FrameBuilder();
        byte[] addresses = new byte[12];
        Ethernet.setDestination(addresses, 0, RECEIVER);
        Ethernet.setSource(addresses, 0, SENDER);
        frame.link.writeBytes(addresses);
        return frame;
    }

    /** No link header: an IP packet alone. */
    public static FrameBuilder rawIp() {
        return new FrameBuilder();
    }

    public FrameBuilder vlan(int id) {
        return tag(Ethernet.TYPE_VLAN, id);
    }

    public FrameBuilder tag(int type, int tag) {
        type(type);
        return type(tag);
    }

    public FrameBuilder type(int type) {
        link.write(type >>> 8);
        link.write(type);
        return this;
    }

    public FrameBuilder ipv4(String from, String to) {
        return ip(from, to);
    }

    public FrameBuilder ipv6(String from, String to) {
        return ip(from, to);
    }

    public FrameBuilder ip(String from, String to) {
        source = IpAddress.parse(from);
        destination = IpAddress.parse(to);
        network = true;
        if (link.size() > 0) {
            type(source.isIpv4() ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6);
        }
        return this;
    }

    /** IPv4 options, as no-operations; a multiple of 4. */
    public FrameBuilder ipv4Options(int length) {
        ipv4Options = length;
        return this;
    }

    public FrameBuilder ipv4Fragment(int offsetBytes, boolean more) {
        flagsAndOffset = offsetBytes / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0);
        return this;
    }

    public FrameBuilder hopByHop(int length) {
        return extension(IpProtocol.HOP_BY_HOP, length, 0);
    }

    public FrameBuilder destinationOptions(int length) {
        return extension(IpProtocol.DESTINATION_OPTIONS, length, 0);
    }

    public FrameBuilder routing(int length, int segmentsLeft) {
        return extension(IpProtocol.ROUTING, length, segmentsLeft);
    }

    public FrameBuilder ipv6Fragment(int offsetBytes, boolean more) {
        int word = offsetBytes | (more ? 1 : 0);
        chain(IpProtocol.FRAGMENT, new byte[] {0, 0, (byte) (word >>> 8), (byte) word, 0, 0, 0, 7});
        return this;
    }

    private FrameBuilder extension(int kind, int length, int fourth) {
        byte[] header = new byte[length];
        header[1] = (byte) (length / 8 - 1);
        header[3] = (byte) fourth;
        chain(kind, header);
        return this;
    }

    private void chain(int kind, byte[] header) {
        firstExtension = firstExtension < 0 ? kind : firstExtension;
        if (lastNextHeader >= 0) {
            byte[] before = extensions.toByteArray();
            before[lastNextHeader] = (byte) kind;
            extensions.reset();
            extensions.writeBytes(before);
        }
        lastNextHeader = extensions.size();
        extensions.writeBytes(header);
    }

    public FrameBuilder tcp(int sourcePort, int destinationPort) {
        return tcp(sourcePort, destinationPort, Tcp.ACK, 0);
    }

    /** A TCP header with options that are no-operations. */
    public FrameBuilder tcp(int sourcePort, int destinationPort, int flags, int optionsLength) {
        protocol = IpProtocol.TCP;
        transport = new byte[Tcp.MIN_HEADER_LENGTH + optionsLength];
        Arrays.fill(transport, Tcp.MIN_HEADER_LENGTH, transport.length, (byte) TcpOptions.NO_OPERATION);
        Tcp.setSourcePort(transport, 0, sourcePort);
        Tcp.setDestinationPort(transport, 0, destinationPort);
        Tcp.setHeaderLength(transport, 0, transport.length);
        Tcp.setFlags(transport, 0, flags);
        Tcp.setWindow(transport, 0, 0x1000);
        return this;
    }

    public FrameBuilder udp(int sourcePort, int destinationPort) {
        protocol = IpProtocol.UDP;
        transport = new byte[Udp.HEADER_LENGTH];
        Udp.writeHeader(transport, 0, sourcePort, destinationPort, 0);
        return this;
    }

    public FrameBuilder protocol(int number) {
        protocol = number;
        return this;
    }

    /** {@code length} bytes that count up from 0. */
    public FrameBuilder payload(int length) {
        payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) i;
        }
        return this;
    }

    public FrameBuilder payload(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    /** Bytes behind the IP packet, as Ethernet pads short frames. */
    public FrameBuilder padding(int length) {
        padding = length;
        return this;
    }

    public byte[] build() {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(link.toByteArray());
        if (network) {
            byte[] segment = segment();
            frame.writeBytes(source.isIpv4() ? ipv4Header(segment.length) : ipv6Header(segment.length));
            frame.writeBytes(segment);
        } else {
            frame.writeBytes(payload);
        }
        frame.writeBytes(new byte[padding]);
        return frame.toByteArray();
    }

    private byte[] segment() {
        byte[] segment = Arrays.copyOf(transport, transport.length + payload.length);
        System.arraycopy(payload, 0, segment, transport.length, payload.length);
        int pseudo = InternetChecksum.pseudoHeader(source, destination, protocol, segment.length);
        if (transport.length > 0 && protocol == IpProtocol.TCP) {
            Tcp.writeChecksum(segment, 0, segment.length, pseudo);
        } else if (transport.length > 0) {
            Udp.setLength(segment, 0, segment.length);
            Udp.writeChecksum(segment, 0, segment.length, pseudo);
        }
        return segment;
    }

    private byte[] ipv4Header(int dataLength) {
        int length = Ipv4.MIN_HEADER_LENGTH + ipv4Options;
        byte[] header = new byte[length];
        Ipv4.writeHeader(header, 0, length + dataLength, protocol, source.ipv4Bits(), destination.ipv4Bits());
        header[0] = (byte) (0x40 | length / 4);
        Arrays.fill(header, Ipv4.MIN_HEADER_LENGTH, length, (byte) 1);
        Ipv4.setFlagsAndOffset(header, 0, flagsAndOffset);
        Ipv4.writeChecksum(header, 0);
        return header;
    }

    private byte[] ipv6Header(int dataLength) {
        byte[] chained = extensions.toByteArray();
        if (lastNextHeader >= 0) {
            chained[lastNextHeader] = (byte) protocol;
        }
        byte[] header = new byte[Ipv6.HEADER_LENGTH + chained.length];
        Ipv6.writeHeader(header, 0, chained.length + dataLength, firstExtension < 0 ? protocol : firstExtension);
        Ipv6.setSource(header, 0, source.high(), source.low());
        Ipv6.setDestination(header, 0, destination.high(), destination.low());
        System.arraycopy(chained, 0, header, Ipv6.HEADER_LENGTH, chained.length);
        return header;
    }
}
