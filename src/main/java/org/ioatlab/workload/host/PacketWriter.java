package org.ioatlab.workload.host;

import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.wire.Path;
import org.ioatlab.workload.wire.Resolution;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Builds a remote host's frames in the wire's slots. */
final class PacketWriter {
    private static final int LARGEST_HEADERS = Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + 60;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final Wire wire;
    private final Resolution ipv4;
    private final Resolution ipv6;
    private final Path clear = Path.clear();

    /** Writes what a host with these addresses sends. */
    PacketWriter(Wire wire, IpAddress ipv4, IpAddress ipv6) {
        this.wire = wire;
        this.ipv4 = wire.resolution(ipv4);
        this.ipv6 = wire.resolution(ipv6);
    }

    /** A TCP segment; its payload comes from {@code pattern}. */
    boolean segment(OutgoingSegment segment, @Nullable StreamPattern pattern, Path path) {
        int slot = wire.claim(LARGEST_HEADERS);
        if (slot == Wire.NO_SLOT) {
            return false;
        }
        byte[] bytes = wire.headers(slot);
        int payload = pattern == null ? 0 : segment.payloadLength();
        int header = segment.headerLength();
        boolean isIpv4 = segment.isIpv4();
        int at = network(
                bytes,
                isIpv4,
                segment.sourceHigh(),
                segment.sourceLow(),
                segment.destinationHigh(),
                segment.destinationLow(),
                IpProtocol.TCP,
                header + payload);
        segment.writeHeader(bytes, at);
        int sum = InternetChecksum.add(
                pseudoHeader(bytes, isIpv4, IpProtocol.TCP, header + payload), InternetChecksum.sum(bytes, at, header));
        StreamPattern source = payload > 0 ? pattern : null;
        wire.set(slot, at + header, at + TCP_CHECKSUM, sum, source, segment.payloadOffset(), payload);
        resolution(isIpv4).send(slot, path);
        return true;
    }

    /** A UDP datagram. */
    boolean datagram(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            StreamPattern pattern,
            long offset,
            int payload,
            Path path) {
        int slot = wire.claim(LARGEST_HEADERS);
        if (slot == Wire.NO_SLOT) {
            return false;
        }
        byte[] bytes = wire.headers(slot);
        int length = Udp.HEADER_LENGTH + payload;
        boolean isIpv4 = source.isIpv4();
        int at = network(
                bytes,
                isIpv4,
                source.high(),
                source.low(),
                destination.high(),
                destination.low(),
                IpProtocol.UDP,
                length);
        Udp.writeHeader(bytes, at, sourcePort, destinationPort, length);
        int sum = InternetChecksum.add(
                pseudoHeader(bytes, isIpv4, IpProtocol.UDP, length),
                Udp.headerSum(sourcePort, destinationPort, length));
        wire.set(slot, at + Udp.HEADER_LENGTH, at + UDP_CHECKSUM, sum, pattern, offset, payload);
        resolution(isIpv4).send(slot, path);
        return true;
    }

    /** Begins a packet of {@code length} bytes behind its IP header; answers its slot, or {@link Wire#NO_SLOT}. */
    int begin(
            boolean isIpv4,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int length) {
        int slot = wire.claim(transportAt(isIpv4) + length);
        if (slot != Wire.NO_SLOT) {
            network(
                    wire.headers(slot),
                    isIpv4,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    length);
        }
        return slot;
    }

    byte[] bytes(int slot) {
        return wire.headers(slot);
    }

    /** Sends a packet that was begun and written. */
    void send(boolean isIpv4, int slot, int length) {
        wire.set(slot, length);
        resolution(isIpv4).send(slot, clear);
    }

    /** Where the header behind IP begins. */
    static int transportAt(boolean isIpv4) {
        return Ethernet.HEADER_LENGTH + (isIpv4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
    }

    static int pseudoHeader(byte[] frame, boolean isIpv4, int protocol, int length) {
        return isIpv4
                ? InternetChecksum.pseudoHeaderIpv4(frame, Ethernet.HEADER_LENGTH, protocol, length)
                : InternetChecksum.pseudoHeaderIpv6(frame, Ethernet.HEADER_LENGTH, protocol, length);
    }

    private Resolution resolution(boolean isIpv4) {
        return isIpv4 ? ipv4 : ipv6;
    }

    private int network(
            byte[] bytes,
            boolean isIpv4,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int length) {
        int at = Ethernet.HEADER_LENGTH;
        long mac = wire.machine().mac();
        if (isIpv4) {
            Ethernet.writeHeader(bytes, 0, mac, Wire.neighbourMac((int) sourceLow), Ethernet.TYPE_IPV4);
            int total = Ipv4.MIN_HEADER_LENGTH + length;
            Ipv4.writeHeader(bytes, at, total, protocol, (int) sourceLow, (int) destinationLow);
        } else {
            Ethernet.writeHeader(bytes, 0, mac, Wire.neighbourMac(sourceHigh, sourceLow), Ethernet.TYPE_IPV6);
            Ipv6.writeHeader(bytes, at, length, protocol);
            Ipv6.setSource(bytes, at, sourceHigh, sourceLow);
            Ipv6.setDestination(bytes, at, destinationHigh, destinationLow);
        }
        return transportAt(isIpv4);
    }
}
