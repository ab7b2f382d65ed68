package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** A connection being made: a SYN was answered and its acknowledgment is awaited ({@code struct open_request}). */
public final class SynRequest extends Endpoint {
    private static final long LONGEST_TIMEOUT_PS = 120 * Picoseconds.PER_SECOND;

    final TcpListener listener;
    final TcpLayer tcp;
    final int peerSequence;
    final int ownSequence;
    final int peerSegment;
    final int ownSegment;
    final boolean timestamps;
    final boolean sack;
    final boolean scaling;
    final int sendScale;
    final int receiveScale;
    final int window;
    final int clamp;
    int recentTimestamp;
    long recentPs;
    boolean acknowledged;
    int retries;
    long sentPs;
    private final Timer timer = new Timer();

    /** Repeats the SYN-ACK. */
    private final class Timer extends KernelTimer {
        @Override
        protected void expire(Work on) {
            timedOut(on);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("synack");
            hash.put((long) localPort << Integer.SIZE | remotePort);
        }
    }

    SynRequest(TcpListener listener, Segment syn, Work on) {
        this.listener = listener;
        tcp = listener.tcp;
        setEnds(syn);
        TcpSettings settings = tcp.settings;
        peerSequence = syn.sequence;
        ownSequence = tcp.host.randomBits();
        ownSegment = ownSegment(tcp, this, listener.wanted);
        peerSegment = Handshake.segmentOf(syn);
        timestamps = settings.timestamps && syn.hasTimestamps;
        sack = settings.sack && syn.sackPermitted;
        scaling = settings.windowScaling && syn.windowScale >= 0;
        sendScale = scaling ? syn.windowScale : 0;
        int buffer = buffer(tcp, listener.wanted);
        receiveScale = scaling ? InitialWindow.scale(tcp, buffer) : 0;
        int payload = ownSegment - (timestamps ? OptionWriter.TIMESTAMPS_LENGTH : 0);
        clamp = listener.wanted.windowClamp() > 0 ? listener.wanted.windowClamp() : Integer.MAX_VALUE;
        window = InitialWindow.window(tcp, buffer, clamp, payload, receiveScale);
        recentTimestamp = syn.timestampValue;
        recentPs = on.nowPs();
    }

    static int ownSegment(TcpLayer tcp, Endpoint endpoint, TcpOptionsWanted wanted) {
        int path = endpoint.segmentBytes(tcp.host.mtu(endpoint));
        return wanted.segmentBytes() > 0 ? Math.min(wanted.segmentBytes(), path) : path;
    }

    static int buffer(TcpLayer tcp, TcpOptionsWanted wanted) {
        return wanted.receiveBuffer() > 0 ? wanted.receiveBuffer() : tcp.settings.receiveBuffer;
    }

    void begin(Work on) {
        tcp.endpoints.add(this);
        listener.halfOpen++;
        send(on);
        arm(on);
    }

    void drop() {
        tcp.host.timers().cancel(timer);
        tcp.endpoints.remove(this);
        listener.halfOpen--;
    }

    /** A segment for this half-open connection ({@code tcp_check_req}; RFC 9293, 3.10.7.4). */
    void arrived(Segment segment, Work on) {
        boolean old = timestamps
                && segment.hasTimestamps
                && TimestampClock.isOld(segment, recentTimestamp, recentPs, on.nowPs());
        int control = segment.flags & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN);
        boolean same = segment.sequence == peerSequence || tcp.persona.has(Persona.Habit.REPEATS_SYN_ACK_FOR_ANY_SYN);
        if (same && control == Tcp.SYN && !old) {
            send(on);
            tcp.host.free(segment, on);
        } else if (guards() && segment.has(Tcp.RST) && segment.has(Tcp.ACK)) {
            // A RST that answers a SYN-ACK carries no ACK (RFC 9293, 3.10.7.1).
            tcp.host.free(segment, on);
        } else if (segment.has(Tcp.ACK) && segment.acknowledgment != ownSequence + 1) {
            wrongAcknowledgment(segment, on);
        } else if (old || !isInWindow(segment)) {
            outOfWindow(segment, old, on);
        } else {
            inWindow(segment, on);
        }
    }

    private boolean guards() {
        return tcp.persona.has(Persona.Habit.GUARDS_HALF_OPEN);
    }

    private void wrongAcknowledgment(Segment segment, Work on) {
        if (!segment.has(Tcp.RST)) {
            tcp.output.reset(segment, on);
        }
        tcp.host.free(segment, on);
    }

    private void outOfWindow(Segment segment, boolean old, Work on) {
        if (!segment.has(Tcp.RST)) {
            tcp.output.acknowledge(this, on);
        }
        if (old) {
            tcp.counters.increment(TcpCounter.PAWS_ESTAB);
        }
        tcp.host.free(segment, on);
    }

    private void inWindow(Segment segment, Work on) {
        if (segment.hasTimestamps && SequenceNumber.beforeOrEqual(segment.sequence, peerSequence + 1)) {
            recentTimestamp = segment.timestampValue;
            recentPs = on.nowPs();
        }
        boolean syn = segment.has(Tcp.SYN) && segment.sequence != peerSequence;
        if (segment.has(Tcp.RST) || syn) {
            refuse(segment, on);
        } else if (!segment.has(Tcp.ACK)) {
            tcp.host.free(segment, on);
        } else if (listener.wanted.deferAccept() && segment.end == peerSequence + 1) {
            acknowledged = true;
            tcp.host.free(segment, on);
        } else {
            complete(segment, on);
        }
    }

    /** A RST or a second SYN ends the attempt, unless the persona asks back after a RST that isn't exact. */
    private void refuse(Segment segment, Work on) {
        boolean exact = segment.sequence == peerSequence + 1;
        if (guards() && segment.has(Tcp.RST) && !exact) {
            tcp.counters.increment(TcpCounter.CHALLENGE_ACK);
            tcp.output.acknowledge(this, on);
        } else {
            tcp.counters.increment(TcpCounter.EMBRYONIC_RSTS);
            if (!segment.has(Tcp.RST)) {
                tcp.output.reset(segment, on);
            }
            tcp.counters.increment(TcpCounter.ATTEMPT_FAILS);
            drop();
        }
        tcp.host.free(segment, on);
    }

    private void complete(Segment segment, Work on) {
        if (listener.isFull()) {
            tcp.counters.increment(TcpCounter.LISTEN_OVERFLOWS);
            if (tcp.settings.abortOnOverflow) {
                tcp.output.reset(segment, on);
                drop();
            } else {
                acknowledged = true;
            }
            tcp.host.free(segment, on);
            return;
        }
        drop();
        TcpConnection connection = new TcpConnection(tcp, NoUser.NOBODY);
        Handshake.openedBy(connection, this, segment);
        tcp.counters.increment(TcpCounter.PASSIVE_OPENS);
        tcp.endpoints.add(connection);
        listener.enqueue(connection);
        connection.user = listener.user.opened(connection, on);
        connection.user.arrived(connection, segment, on);
        if (connection.listener != null) {
            listener.user.acceptable(listener, on);
        }
    }

    private boolean isInWindow(Segment segment) {
        int left = peerSequence + 1;
        int right = left + window;
        if (segment.sequence == left) {
            return true;
        }
        if (SequenceNumber.after(segment.end, left) && SequenceNumber.before(segment.sequence, right)) {
            return true;
        }
        return segment.sequence == right && segment.sequence == segment.end;
    }

    private void send(Work on) {
        sentPs = on.nowPs();
        tcp.output.synAcknowledge(this, on);
    }

    private void arm(Work on) {
        long timeout = Math.min(tcp.persona.initialTimeoutPs() << retries, LONGEST_TIMEOUT_PS);
        tcp.host.timers().arm(timer, on.nowPs() + timeout, on);
    }

    private void timedOut(Work on) {
        if (retries >= tcp.persona.synAckRetries()) {
            tcp.counters.increment(TcpCounter.ATTEMPT_FAILS);
            drop();
            return;
        }
        retries++;
        if (!acknowledged) {
            tcp.counters.increment(TcpCounter.RETRANS_SEGS);
            send(on);
        }
        arm(on);
    }

    @Override
    void hashInto(StateHash hash) {
        hash.put("request");
        hashEndsInto(hash);
        hash.put((long) peerSequence << Integer.SIZE | Integer.toUnsignedLong(ownSequence));
        hash.put((long) retries << Integer.SIZE | recentTimestamp);
        hash.put(acknowledged);
    }
}
