package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** A connection: its state, what was negotiated, and the two directions. Its user calls it; segments and timers reach it through TCP. */
public final class TcpConnection extends Endpoint {
    static final int EPIPE = 32;
    static final int ECONNRESET = 104;
    static final int ECONNREFUSED = 111;

    static final int PLAIN_HEADER = 20;

    final TcpLayer tcp;
    TcpUser user;
    TcpState state = TcpState.CLOSE;
    private int error;
    boolean receiveShut;
    boolean sendShut;
    private boolean orphan;

    boolean timestamps;
    boolean selectiveAcks;
    boolean scaling;
    int sendScale;
    int receiveScale;
    int recentTimestamp;
    long recentPs;

    /** The longest segment that this end has offered to take. */
    int ownSegment;

    /** The longest segment that the other end takes. */
    int peerSegment = Handshake.DEFAULT_SEGMENT;

    /** Length of a header with the options that every segment carries. */
    int headerLength = PLAIN_HEADER;

    final Receiver receiver;
    final AckSchedule acks;
    final Sender sender;
    private final Input input;
    boolean fastPath;
    int lowWater = 1;
    long retransmitted;
    private boolean resetOnClose;
    private boolean noFinWait;

    @Nullable
    TcpListener listener;

    @Nullable
    TcpConnection nextWaiting;

    TcpConnection(TcpLayer tcp, TcpUser user) {
        this.tcp = tcp;
        this.user = user;
        receiver = new Receiver(this);
        acks = AckSchedule.of(this);
        sender = new Sender(this);
        input = new Input(this);
    }

    /** Where it stands. */
    public TcpState state() {
        return state;
    }

    /** Why it ended, a kernel's errno, or 0. Reading clears it, as SO_ERROR does. */
    public int takeError() {
        int found = error;
        error = 0;
        return found;
    }

    /** Why it ended, a kernel's errno, or 0. */
    public int error() {
        return error;
    }

    /** Whether nothing more will come: the other end has closed, or reading was shut down. */
    public boolean isReceiveShut() {
        return receiveShut;
    }

    /** Whether nothing more may be written. */
    public boolean isSendShut() {
        return sendShut;
    }

    /** Who uses it. */
    public TcpUser user() {
        return user;
    }

    /** The congestion window, segments. */
    public int congestionWindow() {
        return sender.recovery.window();
    }

    /** The first segment with bytes to be read, or null. */
    public @Nullable Segment firstReadable() {
        return receiver.first();
    }

    /** In-order bytes that nobody has read. */
    public int readable() {
        return receiver.readable();
    }

    /** Bytes that can be read before the urgent mark; all of them if there is none ahead. */
    public int readableBeforeMark() {
        Urgent urgent = receiver.urgent;
        int ahead = urgent.isPending() ? urgent.sequence() - receiver.copied : 0;
        boolean within = ahead > 0 || (ahead == 0 && urgent.isPending() && !receiver.urgentInline);
        return within ? Math.min(ahead, receiver.readable()) : receiver.readable();
    }

    /** Whether the next byte is the urgent one. */
    public boolean isAtMark() {
        return receiver.urgent.isPending() && receiver.urgent.sequence() == receiver.copied;
    }

    /** Goes over the urgent byte if that is the next one; to be called before reading. */
    public void passMark(Work on) {
        Urgent urgent = receiver.urgent;
        if (urgent.isPending() && urgent.sequence() == receiver.copied && receiver.readable() > 0) {
            if (!receiver.urgentInline) {
                receiver.skipUrgent(on);
            }
        }
    }

    /** Whether an urgent byte has come and wasn't read. */
    public boolean hasUrgentByte() {
        return receiver.urgent.hasByte();
    }

    /** Whether urgent data were announced and not read. */
    public boolean isUrgentAnnounced() {
        return receiver.urgent.isAnnounced();
    }

    /** The urgent byte (MSG_OOB). */
    public int urgentByte(boolean look) {
        return receiver.urgent.read(look);
    }

    /** SO_OOBINLINE. */
    public void setUrgentInline(boolean on) {
        receiver.urgentInline = on;
    }

    /** The user has read {@code bytes} of {@link #firstReadable()}, at most what that segment still has. */
    public void consume(int bytes, Work on) {
        receiver.consume(bytes, on);
    }

    /** A read is over: acknowledges what is due now ({@code tcp_cleanup_rbuf}). */
    public void afterRead(int bytes, Work on) {
        if (bytes > 0) {
            receiver.windows.tuning().adjust(on);
        }
        if (state != TcpState.CLOSE && state != TcpState.SYN_SENT) {
            acks.afterRead(bytes, on);
        }
        checkFastPath();
    }

    /** A segment waits for its reader, who was woken: limits how long its acknowledgment may take ({@code tcp_prequeue}). */
    public void deferToReader(Work on) {
        acks.deferToReader(on);
    }

    /** Bytes that have been written and not acknowledged. */
    public long unacknowledged() {
        return sender.written - Math.max(sender.acknowledgedOffset, 0);
    }

    /** Bytes that have been acknowledged. */
    public long acknowledgedBytes() {
        return Math.clamp(sender.acknowledgedOffset, 0, sender.written);
    }

    /** Segments sent again. */
    public long retransmittedSegments() {
        return retransmitted;
    }

    /** Whether everything written and the FIN have been acknowledged. */
    public boolean isAllAcknowledged() {
        return sender.isAllAcknowledged();
    }

    /** The longest payload that a segment carries at present. */
    public int segmentBytes() {
        return sender.segmentBytes;
    }

    /** A whole write: {@link #written(long, boolean, boolean, Work)} with a push. */
    public void written(long bytes, boolean urgent, Work on) {
        written(bytes, urgent, true, on);
    }

    /**
     * The user has appended {@code bytes} to the stream, which its send buffer holds from now on; sends what may be sent.
     *
     * @param urgent whether the last of them is urgent
     * @param push whether no more come at once, so that the receiver shouldn't wait for more
     */
    public void written(long bytes, boolean urgent, boolean push, Work on) {
        sender.written += bytes;
        if (push) {
            sender.pushedEnd = sender.written;
        }
        if (urgent) {
            sender.urgent();
        }
        if (state.sendsData() || state == TcpState.FIN_WAIT1 || state == TcpState.LAST_ACK) {
            sender.push(on);
        }
    }

    /** TCP_NODELAY. */
    public void setNoDelay(boolean on, Work by) {
        sender.noDelay = on;
        if (on && state.sendsData()) {
            sender.push(by);
        }
    }

    /** TCP_CORK. */
    public void setCorked(boolean on, Work by) {
        sender.corked = on;
        if (!on && state.sendsData()) {
            sender.push(by);
        }
    }

    /** TCP_QUICKACK. */
    public void setQuickAck(boolean on, Work by) {
        acks.setInteractive(!on);
        if (on && acks.isScheduled() && state.receivesData()) {
            acks.send(by);
        }
    }

    /** Whether acknowledgments don't wait for data (TCP_QUICKACK). */
    public boolean isQuickAck() {
        return !acks.isInteractive();
    }

    /** SO_KEEPALIVE. */
    public void setKeepAlive(boolean on, Work by) {
        sender.timers.setKeepAlive(on, by);
    }

    /** TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT; negative values leave one as it is. */
    public void setKeepAliveTimes(long idlePs, long intervalPs, int probes, Work by) {
        sender.timers.setKeepAliveTimes(idlePs, intervalPs, probes, by);
    }

    /** SO_RCVLOWAT. */
    public void setLowWater(int bytes) {
        lowWater = Math.max(bytes, 1);
    }

    /** SO_RCVBUF, bytes as the kernel keeps them; no auto-tuning from now on. */
    public void setReceiveBuffer(int bytes) {
        receiver.windows.setBuffer(bytes, true);
    }

    /** The receive buffer's size, bytes. */
    public int receiveBuffer() {
        return receiver.windows.buffer();
    }

    /** Truesizes that the receive buffer is charged with, bytes. */
    public int charged() {
        return receiver.charged;
    }

    /** Segments beyond holes. */
    public int outOfOrder() {
        return receiver.outOfOrder.size();
    }

    /** TCP_WINDOW_CLAMP. */
    public void setWindowClamp(int bytes) {
        receiver.windows.clamp = Math.max(bytes, 2048);
        receiver.windows.threshold = Math.min(receiver.windows.threshold, receiver.windows.clamp);
    }

    /** SO_LINGER with a time of 0: a close resets. */
    public void setResetOnClose(boolean on) {
        resetOnClose = on;
    }

    /** TCP_LINGER2 below 0: FIN-WAIT-2 isn't waited out after a close. */
    public void setNoFinWait(boolean on) {
        noFinWait = on;
    }

    /** Takes a segment: in softirq, or in process context for one that was kept until then ({@code tcp_v4_do_rcv}). */
    public void process(Segment segment, Work on) {
        input.process(segment, on);
    }

    /**
     * Lets the user take an expected segment's payload before the segment is worked off; it has to be handed to {@link #process} all the same.
     *
     * @return false if nothing was done: it wasn't expected, or the user didn't take all of it
     */
    public boolean takeEarly(Segment segment, Work on) {
        return input.takeEarly(segment, on);
    }

    /** The receive buffer isn't charged any more with a segment that its user kept; see {@link TcpUser#keeps}. */
    public void discharge(Segment segment) {
        receiver.discharge(segment);
    }

    /** Whether no further full segment can come before memory of the receive buffer is given back. */
    public boolean isWindowClosed() {
        return receiver.windowLeft() < acks.peerSegment() || receiver.isFull();
    }

    /** No more will be written; a FIN goes behind what is ({@code shutdown(SHUT_WR)}). */
    public void shutdownSend(Work on) {
        if (sendShut) {
            return;
        }
        sendShut = true;
        if (state == TcpState.ESTABLISHED || state == TcpState.SYN_RECV) {
            state = TcpState.FIN_WAIT1;
            sendFin(on);
        } else if (state == TcpState.CLOSE_WAIT) {
            state = TcpState.LAST_ACK;
            sendFin(on);
        }
    }

    /** No more will be read ({@code shutdown(SHUT_RD)}). */
    public void shutdownReceive() {
        receiveShut = true;
    }

    /** The user goes ({@code tcp_close}); the connection ends by itself, at once by a RST if data were left unread. */
    public void close(Work on) {
        TcpState before = state;
        boolean unread = receiver.readable() > 0 && tcp.persona.has(Persona.Habit.RESETS_UNREAD);
        orphan = true;
        user = user.closing(this);
        receiveShut = true;
        receiver.clear(on);
        if (unread && before != TcpState.CLOSE) {
            tcp.counters.increment(TcpCounter.ABORT_ON_CLOSE);
            tcp.output.activeReset(this, on);
            done(on);
        } else if (resetOnClose) {
            tcp.counters.increment(TcpCounter.ABORT_ON_DATA);
            abort(on);
        } else if (before == TcpState.SYN_SENT) {
            done(on);
        } else {
            shutdownSend(on);
            closed(on);
        }
    }

    private void closed(Work on) {
        if (state == TcpState.FIN_WAIT2) {
            finWait2(on);
        }
    }

    /** Nobody is there to hear more, and the other end hasn't closed. */
    void finWait2(Work on) {
        if (noFinWait) {
            tcp.counters.increment(TcpCounter.ABORT_ON_LINGER);
            tcp.output.activeReset(this, on);
            done(on);
        } else {
            timeWait(TcpState.FIN_WAIT2, tcp.settings.finTimeoutPs, on);
        }
    }

    /** Ends the connection by a RST. */
    public void abort(Work on) {
        boolean tells = state != TcpState.CLOSE && state != TcpState.SYN_SENT && state != TcpState.TIME_WAIT;
        if (tells) {
            tcp.output.activeReset(this, on);
        }
        error = ECONNRESET;
        done(on);
    }

    /** How often it has probed a closed window. */
    public long windowProbes() {
        return sender.timers.probesInAll();
    }

    /** The connection at a glance. */
    public TcpInfo info(long nowPs) {
        return TcpInfo.of(this, nowPs);
    }

    /** Timers that are pending, as {@code /proc/net/tcp} numbers them: 0 none, 1 retransmission, 2 keep-alive, 4 window probe. */
    public int pendingTimer() {
        if (sender.timers.isRetransmitPending()) {
            return 1;
        }
        return sender.timers.isProbePending() ? 4 : sender.timers.isKeepAlivePending() ? 2 : 0;
    }

    /** When the retransmission or probe timer is due. */
    public long timerDuePs() {
        return sender.timers.deadlinePs();
    }

    boolean isOrphan() {
        return orphan;
    }

    /** The payload of a full segment from the other end. */
    int ownPayload() {
        return ownSegment - (headerLength - PLAIN_HEADER);
    }

    /** The handshake is complete. */
    void established(Segment segment, int peerWindow, Work on) {
        state = TcpState.ESTABLISHED;
        sender.established(segment, peerWindow);
        sender.lastHeardPs = on.nowPs();
        tcp.counters.increment(TcpCounter.CURR_ESTAB);
        acks.established(Math.min(ownPayload(), sender.segmentBytes));
        receiver.windows.established(on);
        sender.timers.established(on);
        checkFastPath();
    }

    /** The other end's FIN is next in order ({@code tcp_fin}). */
    void finArrived(Work on) {
        acks.schedule();
        receiveShut = true;
        switch (state) {
            case SYN_RECV, ESTABLISHED -> {
                state = TcpState.CLOSE_WAIT;
                acks.finArrived();
            }
            case FIN_WAIT1 -> {
                tcp.output.acknowledge(this, on);
                state = TcpState.CLOSING;
            }
            case FIN_WAIT2 -> {
                tcp.output.acknowledge(this, on);
                timeWait(TcpState.TIME_WAIT, tcp.settings.timeWaitPs, on);
            }
            default -> {
                // a FIN that comes again changes nothing
            }
        }
        receiver.outOfOrder.clear(on);
        receiver.sacks.clear();
        user.changed(this, on);
    }

    /** Goes on as a small memory of itself; what was received stays readable. */
    void timeWait(TcpState as, long lastsPs, Work on) {
        TimeWait memory = new TimeWait(this, as);
        leave(on);
        if (tcp.timeWaits < tcp.settings.largestTimeWaits) {
            memory.begin(lastsPs, on);
        }
    }

    /** Ends with an error ({@code tcp_reset}, {@code tcp_write_err}). */
    void fail(int errno, @Nullable TcpCounter counter, Work on) {
        if (counter != null) {
            tcp.counters.increment(counter);
        }
        error = errno;
        done(on);
    }

    /** A RST has come. */
    void reset(Work on) {
        boolean wasOpen = state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT;
        tcp.counters.increment(wasOpen ? TcpCounter.ESTAB_RESETS : TcpCounter.ATTEMPT_FAILS);
        error = switch (state) {
            case SYN_SENT -> ECONNREFUSED;
            case CLOSE_WAIT -> EPIPE;
            default -> ECONNRESET;
        };
        done(on);
    }

    /** Nothing is left of it but what its user still holds. */
    void done(Work on) {
        TcpListener waitingAt = listener;
        leave(on);
        if (waitingAt != null) {
            waitingAt.dequeue(this);
            receiver.clear(on);
        }
    }

    void unreachable(int sequence, int errno, boolean fatal, Work on) {
        boolean underWay = sequence - sender.unacknowledged >= 0 && sequence - sender.next <= 0;
        if (!underWay) {
            tcp.counters.increment(TcpCounter.OUT_OF_WINDOW_ICMPS);
        } else if (fatal && (state == TcpState.SYN_SENT || state == TcpState.SYN_RECV)) {
            fail(errno, TcpCounter.ATTEMPT_FAILS, on);
        }
    }

    void checkFastPath() {
        fastPath = receiver.outOfOrder.isEmpty()
                && receiver.window > 0
                && !receiver.urgent.isPending()
                && !receiver.isFull();
    }

    void leaveFastPath() {
        fastPath = false;
    }

    private void leave(Work on) {
        if (state == TcpState.CLOSE) {
            return;
        }
        boolean wasOpen = state != TcpState.SYN_SENT && state != TcpState.SYN_RECV;
        state = TcpState.CLOSE;
        receiveShut = true;
        sendShut = true;
        acks.cancel();
        sender.stop();
        receiver.outOfOrder.clear(on);
        receiver.sacks.clear();
        tcp.endpoints.remove(this);
        if (wasOpen) {
            tcp.counters.add(TcpCounter.CURR_ESTAB, -1);
        }
        if (orphan) {
            receiver.clear(on);
        }
        user.changed(this, on);
    }

    private void sendFin(Work on) {
        sender.finWanted = true;
        sender.push(on);
    }

    @Override
    void hashInto(StateHash hash) {
        feed(hash);
    }

    /** Feeds everything. */
    public void feed(StateHash hash) {
        hash.put("connection");
        hashEndsInto(hash);
        hash.put(state.ordinal());
        hash.put(error);
        hash.put(receiveShut);
        hash.put(sendShut);
        hash.put(orphan);
        hash.put(recentTimestamp);
        hash.put(recentPs);
        hash.put((long) sendScale << Integer.SIZE | receiveScale);
        hash.put((long) ownSegment << Integer.SIZE | peerSegment);
        hash.put(timestamps);
        hash.put(selectiveAcks);
        hash.put(scaling);
        hash.put(resetOnClose);
        hash.put(noFinWait);
        hash.put(fastPath);
        hash.put(lowWater);
        receiver.hashInto(hash);
        acks.hashInto(hash);
        sender.hashInto(hash);
        input.hashInto(hash);
    }
}
