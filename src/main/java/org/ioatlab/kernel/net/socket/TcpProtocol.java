package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.NetDevice;
import org.ioatlab.kernel.net.PacketBytes;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.net.ip.IpError;
import org.ioatlab.kernel.net.ip.IpFlow;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.ip.PseudoHeader;
import org.ioatlab.kernel.net.ip.TransportHandler;
import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCosts;
import org.ioatlab.kernel.net.tcp.TcpHost;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Tcp;

/** The machine's TCP between IP and sockets: {@code tcp_v4_rcv} on the way in, packets over the send buffer's pages on the way out. */
public final class TcpProtocol implements TcpHost, TransportHandler {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int DATA_OFFSET = 12;
    private static final int CHECKSUM = 16;
    private static final int RIGHT = 0xffff;

    /** The longest segment whose checksum is looked at before anything else, as it costs next to nothing. */
    private static final int SHORT_SEGMENT = 76;

    private final SocketBuffers buffers;
    private final IpLayer ip;
    private final PacketBytes bytes;
    private final TimerService timers;
    private final SeededRandom random;
    private final SocketCosts costs;
    private final TcpLayer tcp;
    private final FlowCache flows;
    private final byte[] header = new byte[Tcp.MAX_HEADER_LENGTH];
    private int largestMtu = Integer.MAX_VALUE;
    private final QuotedSegment quoted = new QuotedSegment();

    /** A segment that the machine sent, as an ICMP message quotes it. */
    private static final class QuotedSegment extends Segment {
        @Override
        public int truesize() {
            return 0;
        }
    }

    TcpProtocol(SocketBuffers buffers, IpLayer ip, TimerService timers, Platform platform, Persona persona, long seed) {
        this.buffers = buffers;
        this.ip = ip;
        this.timers = timers;
        bytes = new PacketBytes(buffers.memory().bytes());
        random = SeededRandom.forPart(seed, "tcp");
        costs = SocketCosts.of(platform);
        tcp = new TcpLayer(this, persona, TcpCosts.of(platform));
        flows = new FlowCache(ip.output());
        ip.onProtocol(IpProtocol.TCP, this);
    }

    /** Its connections and counters. */
    public TcpLayer layer() {
        return tcp;
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.read(Symbol.TCP_V4_RCV, MemoryUse.HEADER, packet.dataAddress(), Tcp.MIN_HEADER_LENGTH);
        if (packet.destination() != SocketBuffer.Destination.HOST) {
            buffers.free(packet, on);
        } else if (!decode(packet)) {
            broken(packet, on);
        } else if (needsChecksumNow(packet) && !verify(packet, on)) {
            broken(packet, on);
        } else {
            tcp.receive(packet, on);
        }
    }

    @Override
    public void error(IpError error, Processor on) {
        byte[] first = header;
        Tcp.setSourcePort(first, 0, error.localPort());
        Tcp.setDestinationPort(first, 0, error.remotePort());
        Tcp.setSequence(first, 0, error.sequence());
        Tcp.setHeaderLength(first, 0, Tcp.MIN_HEADER_LENGTH);
        quoted.decode(first, 0, Tcp.MIN_HEADER_LENGTH, Tcp.MIN_HEADER_LENGTH);
        quoted.setAddresses(
                !error.isIpv6(), error.localHigh(), error.localLow(), error.remoteHigh(), error.remoteLow());
        if (error.kind().errno() != 0 && error.kind() != IpError.Kind.PACKET_TOO_BIG) {
            tcp.unreachable(quoted, error.kind().errno(), error.kind().isFatal() || error.isOfOwnHost(), on);
        }
    }

    @Override
    public boolean output(OutgoingSegment segment, Work by) {
        Processor on = (Processor) by;
        IpFlow flow = flows.of(segment);
        int length = segment.headerLength();
        SocketBuffer packet = ip.output().allocate(length, on);
        if (packet == null) {
            return false;
        }
        long address = packet.dataAddress();
        byte[] page = bytes.memory().write((int) (address >> PhysicalMemory.PAGE_SHIFT));
        on.write(Symbol.TCP_TRANSMIT_SKB, MemoryUse.HEADER, address, length);
        segment.writeHeader(page, (int) address & PAGE_MASK);
        if (segment.payloadLength() > 0 && !attachPayload(packet, segment, on)) {
            buffers.free(packet, on);
            return false;
        }
        packet.setSegmentBytes(segment.segmentBytes());
        insertChecksum(packet, flow, on);
        return ip.output().send(packet, flow, IpProtocol.TCP, false, on);
    }

    @Override
    public void free(Segment segment, Work on) {
        buffers.free((SocketBuffer) segment, (Processor) on);
    }

    @Override
    public int payloadByte(Segment segment, int index) {
        return bytes.u8((SocketBuffer) segment, segment.headerLength() + index);
    }

    @Override
    public int mtu(Endpoint endpoint) {
        return Math.min(device(endpoint).mtu(), largestMtu);
    }

    /** Keeps TCP's packets to {@code bytes} on every route, as {@code ip route … mtu} does; a port's own MTU still holds. */
    public void limitMtu(int bytes) {
        largestMtu = bytes;
    }

    @Override
    public boolean cutsSegments(Endpoint endpoint) {
        return device(endpoint).segmentsTcp();
    }

    @Override
    public TimerService timers() {
        return timers;
    }

    @Override
    public int randomBits() {
        return (int) random.nextLong();
    }

    /** Whether a segment's checksum is right; charges nothing, as some callers find it out while copying. */
    boolean isIntact(SocketBuffer packet) {
        int length = packet.length();
        int sum = PseudoHeader.sum(packet, IpProtocol.TCP, length);
        return InternetChecksum.add(sum, bytes.sum(packet, 0, length)) == RIGHT;
    }

    /** A segment was found broken: counts and frees it. */
    void broken(SocketBuffer packet, Work on) {
        tcp.receivedBroken();
        buffers.free(packet, (Processor) on);
    }

    /** The way to an address: fills in the own address that fits. */
    IpFlow route(boolean ipv6, long remoteHigh, long remoteLow) {
        IpFlow flow = new IpFlow();
        ip.output().route(flow, ipv6, 0, 0, remoteHigh, remoteLow, 0);
        return flow;
    }

    void hashInto(StateHash hash) {
        random.hashInto(hash);
        hash.put(largestMtu);
        tcp.hashInto(hash);
    }

    private NetDevice device(Endpoint endpoint) {
        return ip.interfaces().device(flows.of(endpoint).device());
    }

    private boolean decode(SocketBuffer packet) {
        if (!buffers.mayPull(packet, Tcp.MIN_HEADER_LENGTH)) {
            return false;
        }
        int length = bytes.u8(packet, DATA_OFFSET) >>> 4 << 2;
        if (length < Tcp.MIN_HEADER_LENGTH || !buffers.mayPull(packet, length)) {
            return false;
        }
        packet.setAddresses(
                !packet.isIpv6(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow());
        packet.setDevice(packet.device());
        return decodeHeader(packet, length);
    }

    private boolean decodeHeader(SocketBuffer packet, int length) {
        long address = packet.dataAddress();
        int at = (int) address & PAGE_MASK;
        if (at + length > PhysicalMemory.PAGE_SIZE) {
            bytes.memory().read(address, header, 0, length);
            return packet.decode(header, 0, packet.length(), length);
        }
        byte[] page = bytes.memory().read((int) (address >> PhysicalMemory.PAGE_SHIFT));
        return packet.decode(page, at, packet.length(), length);
    }

    /** Data of a connection are summed while they are copied, or when it is clear that they won't be copied at once. */
    private boolean needsChecksumNow(SocketBuffer packet) {
        return packet.checksum() == SocketBuffer.Checksum.NONE
                && (packet.length() <= SHORT_SEGMENT || !(tcp.userOf(packet) instanceof TcpSocket));
    }

    private boolean verify(SocketBuffer packet, Processor on) {
        on.spend(Symbol.CSUM_PARTIAL, SocketCosts.of(packet.length(), costs.checksumPerKilobyte()));
        PacketBytes.scan(Symbol.CSUM_PARTIAL, packet, 0, packet.length(), on);
        packet.setChecksumVerified();
        return isIntact(packet);
    }

    private static boolean attachPayload(SocketBuffer packet, OutgoingSegment segment, Processor on) {
        TcpConnection connection = segment.connection();
        return connection != null
                && connection.user() instanceof TcpSocket socket
                && socket.sendBuffer.attach(packet, segment.payloadOffset(), segment.payloadLength(), on);
    }

    private void insertChecksum(SocketBuffer packet, IpFlow flow, Processor on) {
        int length = packet.length();
        long field = packet.dataAddress() + CHECKSUM;
        if (ip.interfaces().device(flow.device()).insertsChecksums()) {
            boolean cut = packet.segmentBytes() > 0;
            bytes.put16(field, PseudoHeader.sum(flow, IpProtocol.TCP, cut ? 0 : length));
            packet.insertChecksum(0, CHECKSUM);
            return;
        }
        on.spend(Symbol.CSUM_PARTIAL, SocketCosts.of(length, costs.checksumPerKilobyte()));
        PacketBytes.scan(Symbol.CSUM_PARTIAL, packet, 0, length, on);
        int sum = PseudoHeader.sum(flow, IpProtocol.TCP, length);
        sum = InternetChecksum.add(sum, bytes.sum(packet, 0, length));
        bytes.put16(field, InternetChecksum.finish(sum));
    }
}
