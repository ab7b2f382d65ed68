package org.ioatlab.workload.traffic;

import java.util.List;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.ChecksumStatus;
import org.ioatlab.wire.ChecksumVerifier;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.wire.Resolution;
import org.ioatlab.workload.wire.Station;
import org.ioatlab.workload.wire.Wire;

/**
 * {@link TrafficType#TCP_REPLAY}: the client's segments of a captured conversation, sent to a machine from an address of their own. What they
 * acknowledge is moved to the machine's sequence numbers, but never beyond what the machine has sent; timestamps echo the machine's. What the
 * machine doesn't acknowledge is sent again.
 */
public final class Replay extends Traffic implements Station {
    /** The most replays of one port. */
    public static final int MOST_REPLAYS = 128;

    private static final int FIRST_ADDRESS = 99;
    private static final int ETIMEDOUT = 110;
    private static final int ECONNRESET = 104;
    private static final int ECONNREFUSED = 111;
    private static final int DUPLICATES = 3;
    private static final int MOST_TIMEOUTS = 8;
    private static final long TIMEOUT_PS = Picoseconds.PER_SECOND;

    private final EventLoop loop;
    private final Wire wire;
    private final Conversation conversation;
    private final List<Conversation.Part> segments;
    private final boolean captured;
    private final IpAddress address;
    private final IpAddress machine;
    private final Resolution way;
    private final ReplayPeer peer;
    private final Send send = new Send();
    private final Timeout timeout = new Timeout();
    private FlowState state = FlowState.WAITING;
    private int next;
    private int highest;
    private int timeouts;
    private int error;
    private long retransmitted;
    private long startPs;
    private long firstSentPs = NEVER;
    private long lastAcknowledgedPs = NEVER;

    /** The next segment's time has come. */
    private final class Send extends Event {
        @Override
        protected void fire() {
            sendDue();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("replay");
        }
    }

    /** The machine hasn't acknowledged for too long. */
    private final class Timeout extends Event {
        @Override
        protected void fire() {
            timedOut();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("replay timeout");
        }
    }

    /**
     * A replay that hasn't begun.
     *
     * @param index tells replays of one port apart, 0 to {@link #MOST_REPLAYS} - 1
     * @param captured whether segments keep their distances
     */
    public Replay(
            TrafficSpec spec,
            EventLoop loop,
            RemoteHosts hosts,
            Conversation conversation,
            int index,
            boolean captured) {
        super(spec);
        this.loop = loop;
        this.conversation = conversation;
        this.captured = captured;
        wire = hosts.wire();
        segments = conversation.segments();
        machine = conversation.isIpv6() ? wire.machine().ipv6() : wire.machine().ipv4();
        long low = machine.low() + FIRST_ADDRESS + 1 + index;
        address = machine.isIpv4() ? IpAddress.ipv4((int) low) : IpAddress.ipv6(machine.high(), low);
        way = wire.resolution(address);
        peer = new ReplayPeer(conversation.clientIsn());
        highest = conversation.clientIsn();
    }

    @Override
    public void start() {
        wire.plugIn(this);
        startPs = loop.nowPs();
        state = FlowState.CONNECTING;
        sendDue();
    }

    @Override
    public void abort() {
        end(FlowState.FAILED, ECONNRESET);
    }

    @Override
    public boolean isDone() {
        return state == FlowState.DONE || state == FlowState.FAILED;
    }

    @Override
    public int flows() {
        return 1;
    }

    @Override
    public FlowFigures flow(int index) {
        return new FlowFigures(
                state,
                conversation.clientPort(),
                spec().port(),
                streamOffset(highest),
                streamOffset(peer.acknowledged()),
                streamOffset(peer.acknowledged()),
                peer.received(),
                retransmitted,
                0,
                NEVER,
                error,
                firstSentPs,
                lastAcknowledgedPs);
    }

    @Override
    public FlowDigests digests(int index) {
        return new FlowDigests(conversation.streamSha256(), null);
    }

    @Override
    public boolean owns(int ipv4) {
        return address.isIpv4() && address.ipv4Bits() == ipv4;
    }

    @Override
    public boolean owns(long ipv6High, long ipv6Low) {
        return !address.isIpv4() && address.high() == ipv6High && address.low() == ipv6Low;
    }

    @Override
    public void arrived(byte[] frame, FrameLayout layout) {
        boolean usable = layout.isTcp()
                && !layout.isFragment()
                && Tcp.destinationPort(frame, layout.transportOffset()) == conversation.clientPort()
                && ChecksumVerifier.transport(frame, layout) == ChecksumStatus.GOOD;
        if (!usable || isDone()) {
            return;
        }
        int flags = Tcp.flags(frame, layout.transportOffset());
        if ((flags & Tcp.RST) != 0) {
            end(FlowState.FAILED, peer.hasAnswered() ? ECONNRESET : ECONNREFUSED);
            return;
        }
        int before = peer.acknowledged();
        boolean wantsAnswer = peer.take(frame, layout);
        if (peer.acknowledged() != before) {
            timeouts = 0;
            loop.cancel(timeout);
            lastAcknowledgedPs = loop.nowPs();
        } else if (peer.duplicates() == DUPLICATES) {
            sendAgain();
        }
        if (peer.hasAnswered() && state == FlowState.CONNECTING) {
            state = FlowState.OPEN;
        }
        sendDue();
        if (wantsAnswer && next == segments.size()) {
            acknowledge();
        }
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put((long) state.ordinal() << Integer.SIZE | error);
        hash.put(address.low());
        hash.put(conversation.streamSha256());
        hash.put((long) next << Integer.SIZE | timeouts);
        hash.put(startPs);
        peer.hashInto(hash);
    }

    /** Sends every segment whose time has come and for which the machine has room. */
    private void sendDue() {
        while (next < segments.size() && !isDone()) {
            Conversation.Part part = segments.get(next);
            long duePs = startPs + (captured ? part.sincePs() : 0);
            if (duePs > loop.nowPs()) {
                loop.cancel(send);
                loop.schedule(send, duePs);
                break;
            }
            boolean allowed = part.has(Tcp.SYN)
                    || (peer.hasAnswered() && (part.payloadLength() == 0 || peer.hasRoomTo(part.end())));
            if (!allowed) {
                break;
            }
            next++;
            transmit(part);
        }
        check();
    }

    private void transmit(Conversation.Part part) {
        if (part.payloadLength() > 0 && firstSentPs == NEVER) {
            firstSentPs = loop.nowPs();
        }
        if (SequenceNumber.after(part.end(), highest)) {
            highest = part.end();
        }
        write(part, part.bytes().length, Tcp.flags(part.bytes(), 0), part.sequence());
        if (part.has(Tcp.RST)) {
            end(FlowState.DONE, 0);
        }
    }

    /** Ends when everything is acknowledged, and sees to it that something will happen until then. */
    private void check() {
        boolean all = next == segments.size() && peer.acknowledged() == highest;
        if (all && peer.hasAnswered() && !isDone()) {
            end(FlowState.DONE, 0);
        } else if (!isDone() && peer.acknowledged() != highest && !timeout.isPending()) {
            loop.scheduleAfter(timeout, TIMEOUT_PS << timeouts);
        } else if (!isDone() && next < segments.size() && !send.isPending() && !timeout.isPending()) {
            loop.scheduleAfter(timeout, TIMEOUT_PS << timeouts);
        }
    }

    private void timedOut() {
        timeouts++;
        if (timeouts > MOST_TIMEOUTS) {
            end(FlowState.FAILED, ETIMEDOUT);
        } else {
            sendAgain();
            check();
        }
    }

    /** Sends the first segment again that the machine hasn't acknowledged; one that has no room probes the window. */
    private void sendAgain() {
        for (int i = 0; i < segments.size(); i++) {
            Conversation.Part part = segments.get(i);
            if (SequenceNumber.after(part.end(), peer.acknowledged())) {
                next = Math.max(next, i + 1);
                retransmitted += SequenceNumber.after(part.end(), highest) ? 0 : 1;
                transmit(part);
                return;
            }
        }
    }

    /** Acknowledges what the machine sends behind the end of the capture. */
    private void acknowledge() {
        Conversation.Part last = segments.getLast();
        write(last, last.headerLength(), Tcp.ACK, highest);
    }

    private void write(Conversation.Part part, int length, int flags, int sequence) {
        boolean ipv4 = machine.isIpv4();
        int at = Ethernet.HEADER_LENGTH + (ipv4 ? Ipv4.MIN_HEADER_LENGTH : Ipv6.HEADER_LENGTH);
        int slot = wire.claim(at + length);
        if (slot == Wire.NO_SLOT) {
            return;
        }
        byte[] frame = wire.headers(slot);
        System.arraycopy(part.bytes(), 0, frame, at, length);
        Tcp.setFlags(frame, at, flags);
        Tcp.setSequence(frame, at, sequence);
        Tcp.setDestinationPort(frame, at, spec().port());
        if ((flags & Tcp.ACK) != 0) {
            moveAcknowledgment(frame, at);
            moveOptions(frame, at, at + part.headerLength());
        }
        writeNetwork(frame, length);
        int pseudo = ipv4
                ? InternetChecksum.pseudoHeaderIpv4(frame, Ethernet.HEADER_LENGTH, IpProtocol.TCP, length)
                : InternetChecksum.pseudoHeaderIpv6(frame, Ethernet.HEADER_LENGTH, IpProtocol.TCP, length);
        Tcp.writeChecksum(frame, at, length, pseudo);
        wire.set(slot, at + length);
        way.send(slot, path());
    }

    /** The same distance from the machine's first number as from the captured server's, but nothing that wasn't sent. */
    private void moveAcknowledgment(byte[] frame, int at) {
        int moved = Tcp.acknowledgment(frame, at) + shift();
        boolean ends = next == segments.size();
        Tcp.setAcknowledgment(frame, at, ends || SequenceNumber.after(moved, peer.next()) ? peer.next() : moved);
    }

    private void moveOptions(byte[] frame, int at, int end) {
        int start = at + Tcp.MIN_HEADER_LENGTH;
        int stamp = TcpOptions.find(frame, start, end, TcpOptions.TIMESTAMPS);
        if (stamp != TcpOptions.ABSENT && stamp + 10 <= end) {
            BigEndian.put32(frame, stamp + 6, peer.timestamp());
        }
        int sack = TcpOptions.find(frame, start, end, TcpOptions.SACK);
        if (sack != TcpOptions.ABSENT) {
            int optionEnd = Math.min(sack + BigEndian.u8(frame, sack + 1), end);
            for (int edge = sack + 2; edge + Integer.BYTES <= optionEnd; edge += Integer.BYTES) {
                BigEndian.put32(frame, edge, BigEndian.i32(frame, edge) + shift());
            }
        }
    }

    private int shift() {
        return peer.isn() - conversation.serverIsn();
    }

    private void writeNetwork(byte[] frame, int length) {
        int ip = Ethernet.HEADER_LENGTH;
        long mac = wire.machine().mac();
        if (machine.isIpv4()) {
            int source = address.ipv4Bits();
            Ethernet.writeHeader(frame, 0, mac, Wire.neighbourMac(source), Ethernet.TYPE_IPV4);
            int total = Ipv4.MIN_HEADER_LENGTH + length;
            Ipv4.writeHeader(frame, ip, total, IpProtocol.TCP, source, machine.ipv4Bits());
        } else {
            long source = Wire.neighbourMac(address.high(), address.low());
            Ethernet.writeHeader(frame, 0, mac, source, Ethernet.TYPE_IPV6);
            Ipv6.writeHeader(frame, ip, length, IpProtocol.TCP);
            Ipv6.setSource(frame, ip, address.high(), address.low());
            Ipv6.setDestination(frame, ip, machine.high(), machine.low());
        }
    }

    private long streamOffset(int sequence) {
        return Math.clamp((long) (sequence - conversation.clientIsn() - 1), 0, conversation.streamBytes());
    }

    private void end(FlowState as, int errno) {
        if (!isDone()) {
            state = as;
            error = errno;
        }
        loop.cancel(send);
        loop.cancel(timeout);
    }
}
