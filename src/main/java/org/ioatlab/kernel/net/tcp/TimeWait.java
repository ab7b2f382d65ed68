package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/**
 * What is remembered of a connection after both ends have closed it, or after this end's user has gone while the other end hasn't closed
 * ({@code struct tcp_tw_bucket}).
 */
public final class TimeWait extends Endpoint {
    final TcpLayer tcp;
    private TcpState substate;
    private int receiveNext;
    final int sendNext;
    final int window;
    final int receiveScale;
    final boolean timestamps;
    int recentTimestamp;
    private long recentPs;
    private final Timer timer = new Timer();

    /** Forgets the connection. */
    private final class Timer extends KernelTimer {
        Timer() {
            super(true);
        }

        @Override
        protected void expire(Work on) {
            forget();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("timewait");
            hash.put((long) localPort << Integer.SIZE | remotePort);
        }
    }

    TimeWait(TcpConnection connection, TcpState substate) {
        tcp = connection.tcp;
        this.substate = substate;
        setEnds(connection);
        receiveNext = connection.receiver.next;
        sendNext = connection.sender.next;
        window = connection.receiver.window;
        receiveScale = connection.receiveScale;
        timestamps = connection.timestamps;
        recentTimestamp = connection.recentTimestamp;
        recentPs = connection.recentPs;
    }

    /** FIN_WAIT2 or TIME_WAIT. */
    public TcpState state() {
        return substate;
    }

    int receiveNext() {
        return receiveNext;
    }

    void begin(long lastsPs, Work on) {
        tcp.endpoints.add(this);
        tcp.timeWaits++;
        tcp.counters.increment(TcpCounter.TW);
        arm(lastsPs, on);
    }

    void arrived(Segment segment, Work on) {
        boolean old = timestamps
                && segment.hasTimestamps
                && TimestampClock.isOld(segment, recentTimestamp, recentPs, on.nowPs());
        if (substate == TcpState.FIN_WAIT2) {
            finWait2(segment, old, on);
        } else if (tcp.persona.has(Persona.Habit.IGNORES_RESET_IN_TIME_WAIT)) {
            timeWaitWithoutReset(segment, on);
        } else {
            timeWait(segment, old, on);
        }
    }

    /** Heeds no RST (RFC 1337), and answers whatever isn't a plain repeated acknowledgment. */
    private void timeWaitWithoutReset(Segment segment, Work on) {
        boolean newer = segment.has(Tcp.SYN) && SequenceNumber.after(segment.sequence, receiveNext);
        if (segment.has(Tcp.RST)) {
            tcp.host.free(segment, on);
        } else if (newer && !segment.has(Tcp.ACK)) {
            forget();
            tcp.deliverToListener(segment, on);
        } else {
            if (segment.has(Tcp.ACK)) {
                answerUnlessPlain(segment, on);
            }
            tcp.host.free(segment, on);
        }
    }

    private void answerUnlessPlain(Segment segment, Work on) {
        if (segment.has(Tcp.FIN) && segment.end == receiveNext) {
            arm(tcp.settings.timeWaitPs, on);
        }
        boolean plain = segment.flags == Tcp.ACK
                && segment.payloadLength == 0
                && segment.sequence == receiveNext
                && segment.acknowledgment == sendNext;
        if (!plain) {
            tcp.output.acknowledge(this, on);
        }
    }

    private void finWait2(Segment segment, boolean old, Work on) {
        int right = receiveNext + window;
        if (old || !isInWindow(segment, receiveNext, right)) {
            outOfWindow(segment, old, on);
        } else if (segment.has(Tcp.RST)) {
            forget();
            tcp.host.free(segment, on);
        } else if (segment.has(Tcp.SYN) && SequenceNumber.afterOrEqual(segment.sequence, receiveNext)) {
            kill(segment, on);
        } else if (SequenceNumber.beforeOrEqual(segment.end, receiveNext) || segment.end == segment.sequence) {
            tcp.host.free(segment, on);
        } else if (!segment.has(Tcp.FIN) || segment.end != receiveNext + 1) {
            kill(segment, on);
        } else {
            substate = TcpState.TIME_WAIT;
            receiveNext = segment.end;
            remember(segment, on);
            arm(tcp.settings.timeWaitPs, on);
            tcp.output.acknowledge(this, on);
            tcp.host.free(segment, on);
        }
    }

    /** Data for a user who has gone, or a SYN: the connection is reset. */
    private void kill(Segment segment, Work on) {
        forget();
        tcp.output.reset(segment, on);
        tcp.host.free(segment, on);
    }

    private void timeWait(Segment segment, boolean old, Work on) {
        boolean empty = segment.sequence == segment.end || segment.has(Tcp.RST);
        if (!old && segment.sequence == receiveNext && empty) {
            exact(segment, on);
        } else if (isNewConnection(segment, old)) {
            forget();
            tcp.deliverToListener(segment, on);
        } else {
            outOfWindow(segment, old, on);
        }
    }

    private void exact(Segment segment, Work on) {
        if (segment.has(Tcp.RST)) {
            // RFC 1337 isn't followed by default: a RST ends TIME-WAIT
            forget();
        } else {
            arm(tcp.settings.timeWaitPs, on);
            remember(segment, on);
        }
        tcp.host.free(segment, on);
    }

    /** RFC 9293, 3.10.7.4 and RFC 6191: a SYN beyond what was seen makes a new connection. */
    private boolean isNewConnection(Segment segment, boolean old) {
        boolean syn = segment.has(Tcp.SYN) && !segment.has(Tcp.RST) && !segment.has(Tcp.ACK);
        return syn
                && !old
                && (SequenceNumber.after(segment.sequence, receiveNext)
                        || (timestamps
                                && segment.hasTimestamps
                                && SequenceNumber.after(segment.timestampValue, recentTimestamp)));
    }

    private void outOfWindow(Segment segment, boolean old, Work on) {
        if (old) {
            tcp.counters.increment(TcpCounter.PAWS_ESTAB);
        }
        if (!segment.has(Tcp.RST)) {
            if (substate == TcpState.TIME_WAIT && (old || segment.has(Tcp.ACK))) {
                arm(tcp.settings.timeWaitPs, on);
            }
            tcp.output.acknowledge(this, on);
        }
        tcp.host.free(segment, on);
    }

    private void remember(Segment segment, Work on) {
        if (segment.hasTimestamps) {
            recentTimestamp = segment.timestampValue;
            recentPs = on.nowPs();
        }
    }

    private static boolean isInWindow(Segment segment, int left, int right) {
        if (segment.sequence == left) {
            return true;
        }
        if (SequenceNumber.after(segment.end, left) && SequenceNumber.before(segment.sequence, right)) {
            return true;
        }
        return segment.sequence == right && segment.sequence == segment.end;
    }

    private void arm(long lastsPs, Work on) {
        tcp.host.timers().arm(timer, on.nowPs() + lastsPs, on);
    }

    private void forget() {
        tcp.host.timers().cancel(timer);
        tcp.endpoints.remove(this);
        tcp.timeWaits--;
    }

    @Override
    void hashInto(StateHash hash) {
        hash.put("timewait");
        hashEndsInto(hash);
        hash.put(substate.ordinal());
        hash.put((long) receiveNext << Integer.SIZE | Integer.toUnsignedLong(sendNext));
        hash.put(recentTimestamp);
    }
}
