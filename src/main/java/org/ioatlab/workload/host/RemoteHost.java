package org.ioatlab.workload.host;

import org.ioatlab.kernel.net.tcp.Endpoint;
import org.ioatlab.kernel.net.tcp.OutgoingSegment;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCosts;
import org.ioatlab.kernel.net.tcp.TcpHost;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.sched.DirectTimers;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.SeededRandom;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.wire.Path;
import org.ioatlab.workload.wire.Station;
import org.ioatlab.workload.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A host at the other end of the wire, with an IPv4 and an IPv6 address. It speaks the same TCP as a machine's kernel, but its work takes no
 * time and its timers are exact. It asks for the machine's link address before it sends. It answers pings, and datagrams to closed ports by
 * ICMP messages.
 */
public final class RemoteHost implements TcpHost, Work, Station {
    /** Connections and receive queues that listening on one of its ports allows: as many as there can be. */
    private static final int LARGEST_BACKLOG = 65_536;

    private final EventLoop loop;
    private final Wire wire;
    private final IpAddress ipv4;
    private final IpAddress ipv6;
    private final DirectTimers timers;
    private final SeededRandom random;
    private final TcpLayer tcp;
    private final PacketWriter writer;
    private final ControlMessages control;
    private final DatagramPorts datagrams;
    private final Path clear = Path.clear();
    private @Nullable RemoteSegment freeSegments;
    private final CallBacks callBacks = new CallBacks();
    private int segmentsInUse;

    /** A host that isn't plugged in yet. */
    public RemoteHost(EventLoop loop, Wire wire, IpAddress ipv4, IpAddress ipv6, Persona persona, long seed) {
        this.loop = loop;
        this.wire = wire;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        timers = new DirectTimers(loop);
        random = SeededRandom.forPart(seed, "remote host " + ipv4);
        writer = new PacketWriter(wire, ipv4, ipv6);
        datagrams = new DatagramPorts();
        tcp = new TcpLayer(this, persona, TcpCosts.FREE);
        tcp.settings().synBacklog = LARGEST_BACKLOG;
        tcp.settings().listenBacklog = LARGEST_BACKLOG;
        control = new ControlMessages(this, writer, datagrams);
    }

    /** Its TCP. */
    public TcpLayer tcp() {
        return tcp;
    }

    /** Its UDP ports. */
    public DatagramPorts datagrams() {
        return datagrams;
    }

    /** The wire that it is on. */
    public Wire wire() {
        return wire;
    }

    /** Its IPv4 address. */
    public IpAddress ipv4() {
        return ipv4;
    }

    /** Its IPv6 address. */
    public IpAddress ipv6() {
        return ipv6;
    }

    /** Its address of the same family as {@code other}. */
    public IpAddress likeFamilyOf(IpAddress other) {
        return other.isIpv4() ? ipv4 : ipv6;
    }

    /** Received segments that are queued somewhere. */
    public int segmentsInUse() {
        return segmentsInUse;
    }

    /** Calls {@code user} back as soon as the segment that is being worked on is done with. */
    public void callBack(RemoteUser user) {
        callBacks.add(user);
    }

    /**
     * Sends a datagram whose payload is a part of a pattern.
     *
     * @param length payload, so that the packet fits into the network's MTU
     * @return false if as many frames wait on the wire as may
     */
    public boolean sendDatagram(
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            StreamPattern pattern,
            long offset,
            int length,
            Path path) {
        return writer.datagram(
                likeFamilyOf(destination), sourcePort, destination, destinationPort, pattern, offset, length, path);
    }

    /** Copies part of a received segment's payload. */
    public static void copyPayload(Segment segment, int index, byte[] into, int at, int length) {
        RemoteSegment own = (RemoteSegment) segment;
        System.arraycopy(own.bytes(), own.payloadAt() + index, into, at, length);
    }

    /** The array in which a received segment's payload lies. */
    public static byte[] payloadBytes(Segment segment) {
        return ((RemoteSegment) segment).bytes();
    }

    /** Where in {@link #payloadBytes} the payload begins. */
    public static int payloadOffset(Segment segment) {
        return ((RemoteSegment) segment).payloadAt();
    }

    @Override
    public boolean owns(int address) {
        return address == ipv4.ipv4Bits();
    }

    @Override
    public boolean owns(long high, long low) {
        return high == ipv6.high() && low == ipv6.low();
    }

    @Override
    public void arrived(byte[] frame, FrameLayout layout) {
        if (layout.isTruncated() || layout.isMalformed() || layout.isFragment()) {
            return;
        }
        boolean bad = ChecksumVerifier.ipv4Header(frame, layout) == ChecksumStatus.BAD
                || ChecksumVerifier.transport(frame, layout) == ChecksumStatus.BAD;
        if (layout.isTcp()) {
            segmentArrived(frame, layout, bad);
        } else if (!bad && layout.isUdp()) {
            control.datagram(frame, layout);
        } else if (!bad) {
            control.message(frame, layout);
        }
        callBacks.run();
    }

    @Override
    public boolean output(OutgoingSegment segment, Work on) {
        TcpConnection connection = segment.connection();
        RemoteUser user = connection != null && connection.user() instanceof RemoteUser remote ? remote : null;
        if (user != null && segment.payloadLength() > 0) {
            user.dataLeaves(segment.payloadOffset(), segment.payloadLength());
        }
        return writer.segment(segment, user == null ? null : user.sends(), user == null ? clear : user.path());
    }

    @Override
    public void free(Segment segment, Work on) {
        RemoteSegment own = (RemoteSegment) segment;
        own.giveBack();
        segmentsInUse--;
        own.setNext(freeSegments);
        freeSegments = own;
    }

    @Override
    public int payloadByte(Segment segment, int index) {
        RemoteSegment own = (RemoteSegment) segment;
        return own.bytes()[own.payloadAt() + index] & 0xff;
    }

    @Override
    public int mtu(Endpoint endpoint) {
        return wire.machine().mtu();
    }

    @Override
    public boolean cutsSegments(Endpoint endpoint) {
        return false;
    }

    @Override
    public TimerService timers() {
        return timers;
    }

    @Override
    public int randomBits() {
        return (int) random.nextLong();
    }

    @Override
    public void spend(Symbol symbol, long cycles) {
        // work outside of the machine is free
    }

    @Override
    public void spend(CostList costs) {
        // work outside of the machine is free
    }

    @Override
    public long nowPs() {
        return loop.nowPs();
    }

    /** Feeds its TCP and random state. */
    public void hashInto(StateHash hash) {
        hash.put("remote host");
        hash.put(tcp.persona().name());
        hash.put(ipv4.low());
        tcp.hashInto(hash);
        random.hashInto(hash);
        datagrams.hashInto(hash);
    }

    /** A segment with the header at {@code at}, between the addresses of the packet at {@code ip}. */
    @Nullable
    RemoteSegment decode(byte[] frame, boolean isIpv4, int ip, int at, int length) {
        RemoteSegment segment = take();
        if (!segment.decode(frame, at, length, length)) {
            free(segment, this);
            return null;
        }
        if (isIpv4) {
            long source = Integer.toUnsignedLong(Ipv4.source(frame, ip));
            segment.setAddresses(true, 0, source, 0, Integer.toUnsignedLong(Ipv4.destination(frame, ip)));
        } else {
            segment.setAddresses(
                    false,
                    Ipv6.sourceHigh(frame, ip),
                    Ipv6.sourceLow(frame, ip),
                    Ipv6.destinationHigh(frame, ip),
                    Ipv6.destinationLow(frame, ip));
        }
        segment.lieIn(frame, at + segment.headerLength());
        return segment;
    }

    private void segmentArrived(byte[] frame, FrameLayout layout, boolean bad) {
        RemoteSegment segment = bad
                ? null
                : decode(
                        frame,
                        layout.isIpv4(),
                        layout.networkOffset(),
                        layout.transportOffset(),
                        layout.transportLength());
        if (segment == null) {
            tcp.receivedBroken();
            return;
        }
        tcp.receive(segment, this);
        if (segment.isUsed() && segment.bytes() == frame) {
            segment.keep();
        }
    }

    private RemoteSegment take() {
        segmentsInUse++;
        RemoteSegment segment = freeSegments;
        if (segment == null) {
            return new RemoteSegment();
        }
        freeSegments = (RemoteSegment) segment.next();
        segment.setNext(null);
        return segment;
    }
}
