package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.PacketRuns;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCounter;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * Where a socket's segments go ({@code tcp_v4_rcv}'s end): to the backlog while a system call works on it, to the prequeue while a reader sleeps,
 * and else through TCP at once.
 */
final class SegmentIntake {
    final SegmentQueue backlog = new SegmentQueue();
    final SegmentQueue prequeue = new SegmentQueue();
    private final TcpSocket socket;

    SegmentIntake(TcpSocket socket) {
        this.socket = socket;
    }

    /** A segment for the connection has come. */
    void arrived(TcpConnection from, Segment segment, Work on) {
        if (socket.lock.isHeld()) {
            late(OffloadRefusal.SOCKET_OWNED, segment);
            toBacklog(segment, on);
        } else if (socket.direct.hasReader() && !bypassesPrequeue(on)) {
            toPrequeue(from, segment, on);
        } else {
            takeAtOnce(segment, on);
        }
    }

    /** Without the prequeue: the payload may go to a waiting reader on the way through TCP. */
    private void takeAtOnce(Segment segment, Work on) {
        ReadOffload offload = socket.direct.offload();
        int length = segment.payloadLength();
        if (offload == null || length == 0) {
            process(segment, on);
            return;
        }
        long before = offload.counters().earlyBytes();
        socket.direct.beginEarly(offload);
        process(segment, on);
        if (offload.counters().earlyBytes() == before) {
            offload.counters().late(socket.direct.refused(), length);
        }
    }

    private boolean bypassesPrequeue(Work on) {
        ReadOffload offload = socket.direct.offload();
        return offload != null && offload.bypassesPrequeue((Processor) on);
    }

    /** A segment's payload isn't copied before its reader runs. */
    private void late(OffloadRefusal why, Segment segment) {
        if (segment.payloadLength() > 0 && socket.layer.netDma != null) {
            ReadOffload waiting = socket.direct.offload();
            ReadOffload offload = waiting == null ? socket.offload : waiting;
            (offload == null ? socket.layer.offload : offload.counters()).late(why, segment.payloadLength());
        }
    }

    private void toBacklog(Segment segment, Work on) {
        on.spend(Symbol.TCP_V4_RCV, socket.layer.costs.prequeue());
        TcpConnection c = socket.connection;
        if (c != null && backlog.bytes() > c.receiveBuffer() + socket.sendLimit) {
            socket.tcp().counters().increment(TcpCounter.BACKLOG_DROP);
            socket.layer.tcp.free(segment, on);
        } else {
            backlog.add(segment);
        }
    }

    /** {@code tcp_prequeue}: the first segment wakes the reader, and a reader that doesn't come in time isn't waited for. */
    private void toPrequeue(TcpConnection from, Segment segment, Work on) {
        on.spend(Symbol.TCP_V4_RCV, socket.layer.costs.prequeue());
        copyEarly(from, segment, on);
        prequeue.add(segment);
        if (prequeue.bytes() > from.receiveBuffer()) {
            processPrequeue(TcpCounter.PREQUEUE_DROPPED, on);
        } else if (prequeue.size() == 1) {
            socket.wakeAll(on, Symbol.SOCK_DEF_READABLE);
            from.deferToReader(on);
        }
    }

    /** Begins to copy an expected segment's payload while its reader sleeps (OLS 2005 paper, section 4.3, step 4). */
    private void copyEarly(TcpConnection from, Segment segment, Work on) {
        ReadOffload offload = socket.direct.offload();
        if (offload == null || segment.payloadLength() == 0 || socket.layer.netDma == null) {
            return;
        }
        int length = segment.payloadLength();
        OffloadRefusal why =
                offload.earlyRefusal((SocketBuffer) segment, length, socket.direct.left(), false, (Processor) on);
        socket.direct.beginEarly(offload);
        if (why != null) {
            late(why, segment);
        } else if (!from.takeEarly(segment, on)) {
            late(socket.direct.refused(), segment);
        }
    }

    /** Works all of the prequeue off, as its reader hasn't come. */
    void processPrequeue(TcpCounter reason, Work on) {
        while (!prequeue.isEmpty()) {
            socket.tcp().counters().increment(reason);
            process(prequeue.take(), on);
        }
    }

    /** Works a segment off, its checksum first; one that is copied to its reader at once is summed in that pass. */
    void process(Segment segment, Work on) {
        SocketBuffer packet = (SocketBuffer) segment;
        TcpConnection c = socket.connection;
        if (c == null) {
            socket.layer.tcp.free(segment, on);
            return;
        }
        if (!segment.isCopiedEarly()) {
            socket.struct.processed(on);
        }
        if (segment.isCopiedEarly() || packet.checksum() == SocketBuffer.Checksum.UNNECESSARY) {
            c.process(segment, on);
        } else if (!socket.layer.tcp.isIntact(packet)) {
            socket.layer.tcp.broken(packet, on);
        } else {
            int length = packet.length();
            PacketRuns runs = socket.layer.summed;
            runs.of(packet);
            packet.setChecksumVerified();
            socket.direct.sumWhileCopying(true);
            c.process(segment, on);
            if (socket.direct.sumWhileCopying(false)) {
                on.spend(Symbol.CSUM_PARTIAL, SocketCosts.of(length, socket.layer.costs.checksumPerKilobyte()));
                runs.scan(Symbol.CSUM_PARTIAL, on);
            }
        }
    }

    void hashInto(StateHash hash) {
        backlog.hashInto(hash);
        prequeue.hashInto(hash);
    }
}
