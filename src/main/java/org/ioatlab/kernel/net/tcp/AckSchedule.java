package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Tcp;

/**
 * When received data are acknowledged: at once, with the next data, or after a delay (RFC 1122, 4.2.3.2; RFC 5681, 4.2). Which of these is
 * decided by kernels in their own way.
 */
abstract class AckSchedule {
    /** The least that is taken for the other end's segment size. */
    static final int LEAST_SEGMENT = 88;

    private static final int USUAL_SEGMENT = 536;

    /** Payload that lets the window open further. */
    private static final int LEAST_GROWING = 128;

    /** The longest delay of one who isn't in a conversation. */
    private static final long LONGEST_QUIET_DELAY_PS = Picoseconds.PER_SECOND / 2;

    final TcpConnection connection;
    private final Timer timer = new Timer();
    private boolean scheduled;
    boolean pushed;
    boolean now;
    boolean blocked;
    boolean interactive;
    long delayPs;
    private long deadlinePs;
    long lastReceivedPs;
    int segment = USUAL_SEGMENT;
    private int lastSize;

    /** Ends the delay. */
    private final class Timer extends KernelTimer {
        @Override
        protected void expire(Work on) {
            timedOut(on);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("delack");
            hash.put((long) connection.localPort << Integer.SIZE | connection.remotePort);
        }
    }

    /** As the connection's persona does it. */
    static AckSchedule of(TcpConnection connection) {
        return switch (connection.tcp.persona.windows()) {
            case LINUX -> new QuickAcks(connection);
            case BSD -> new EverySecondAck(connection);
        };
    }

    AckSchedule(TcpConnection connection) {
        this.connection = connection;
    }

    final Persona persona() {
        return connection.tcp.persona;
    }

    /** What the other end's full segments are estimated to carry ({@code rcv_mss}). */
    int peerSegment() {
        return segment;
    }

    boolean isScheduled() {
        return scheduled;
    }

    long lastReceivedPs() {
        return lastReceivedPs;
    }

    long delayPs() {
        return delayPs;
    }

    void established(int hint) {
        int least = Math.min(Math.min(hint, connection.receiver.window / 2), USUAL_SEGMENT);
        segment = Math.max(least, LEAST_SEGMENT);
    }

    void schedule() {
        scheduled = true;
    }

    /** The next check sends an acknowledgment whatever else holds. */
    void scheduleNow() {
        scheduled = true;
        now = true;
    }

    /** Something was wrong with what has come: the other end should hear at once. */
    abstract void beQuick();

    /** The first hole is filled. */
    abstract void holeFilled();

    /** The other end's FIN has come in order. */
    abstract void finArrived();

    /**
     * In-order payload has come.
     *
     * @param second whether earlier payload waits for its acknowledgment
     */
    abstract void paced(Segment data, boolean second, long nowPs);

    /** Sends or delays what is scheduled. */
    abstract void checkScheduled(boolean holesCount, Work on);

    /** The same where the reader has taken the fast path's payload at once. */
    abstract void checkTaken(Work on);

    /** Whether what is scheduled should wait no longer, now that the user has read {@code bytes}. */
    abstract boolean isDueAfterRead(int bytes);

    /** An acknowledgment goes out. */
    abstract void acknowledged();

    /** The window opens: one acknowledgment more should go out at once. */
    void oneMoreQuick() {}

    /** The buffer fills: acknowledgments shouldn't hurry. */
    void notQuick() {}

    /** TCP_QUICKACK. */
    void setInteractive(boolean on) {
        interactive = on;
    }

    boolean isInteractive() {
        return interactive;
    }

    /** In-order payload has come: estimates segment size and pace ({@code tcp_event_data_recv}). */
    void dataArrived(Segment data, Work on) {
        on.spend(connection.tcp.costs.event());
        boolean second = scheduled;
        scheduled = true;
        measureSegment(data);
        if (!connection.timestamps) {
            connection.receiver.windows.tuning().measure(on);
        }
        long nowPs = on.nowPs();
        paced(data, second, nowPs);
        lastReceivedPs = nowPs;
        if (data.payloadLength >= LEAST_GROWING) {
            connection.receiver.windows.grow(data);
        }
    }

    private void measureSegment(Segment data) {
        int before = lastSize;
        lastSize = 0;
        int length = data.payloadLength;
        if (length >= segment) {
            segment = Math.min(length, Math.max(connection.ownSegment, LEAST_SEGMENT));
            lastSize = 0;
            return;
        }
        int whole = length + data.headerLength;
        boolean plain = !data.has(Tcp.FIN | Tcp.URG | Tcp.SYN | Tcp.PSH);
        if (whole >= USUAL_SEGMENT + Tcp.MIN_HEADER_LENGTH
                || (whole >= LEAST_SEGMENT + Tcp.MIN_HEADER_LENGTH && plain)) {
            int size = whole - connection.headerLength;
            lastSize = size;
            if (size == before) {
                segment = Math.max(size, 1);
                return;
            }
        }
        pushed = true;
    }

    /** Sends what has become due after a segment was worked off ({@code tcp_ack_snd_check}). */
    void check(boolean holesCount, Work on) {
        if (scheduled) {
            checkScheduled(holesCount, on);
        }
    }

    /** The user has read: acknowledges what waited for that, or tells a window that has opened ({@code tcp_cleanup_rbuf}). */
    void afterRead(int bytes, Work on) {
        on.spend(connection.tcp.costs.afterRead());
        Receiver receiver = connection.receiver;
        boolean due = scheduled && isDueAfterRead(bytes);
        if (bytes > 0 && !due && !connection.receiveShut) {
            due = receiver.windows.hasOpened(on);
        }
        if (due) {
            send(on);
        }
    }

    /** A segment waits for its reader: an acknowledgment is made by then at the latest. */
    void deferToReader(Work on) {
        if (!scheduled) {
            arm(on.nowPs() + 3 * connection.tcp.persona.leastTimeoutPs() / 4, on);
        }
    }

    /** An acknowledgment has gone out with some segment. */
    void sent() {
        acknowledged();
        scheduled = false;
        pushed = false;
        now = false;
        blocked = false;
        cancel();
    }

    /** Data have been sent soon after some came: a conversation, in which acknowledgments can wait for data. */
    void dataSent(Work on) {
        if (on.nowPs() - lastReceivedPs < delayPs) {
            interactive = true;
        }
    }

    void cancel() {
        connection.tcp.host.timers().cancel(timer);
    }

    void send(Work on) {
        if (connection.state != TcpState.CLOSE) {
            connection.tcp.output.acknowledge(connection, on);
        }
    }

    final void delay(Work on) {
        long nowPs = on.nowPs();
        long delay = delayPs == 0 ? persona().delayedAckLeastPs() : cappedDelay();
        long at = nowPs + delay;
        if (timer.isPending()) {
            if (blocked || deadlinePs <= nowPs + (delay >> 2)) {
                send(on);
                return;
            }
            at = Math.min(at, deadlinePs);
        }
        scheduled = true;
        on.spend(connection.tcp.costs.acknowledgeLater());
        arm(at, on);
    }

    private long cappedDelay() {
        long least = persona().delayedAckLeastPs();
        if (delayPs <= least) {
            return delayPs;
        }
        long most = interactive || pushed ? persona().delayedAckMostPs() : LONGEST_QUIET_DELAY_PS;
        long roundTrip = connection.sender.roundTrip.smoothedPs();
        if (roundTrip > 0) {
            most = Math.min(most, Math.max(roundTrip, least));
        }
        return Math.min(delayPs, most);
    }

    private void arm(long atPs, Work on) {
        deadlinePs = atPs;
        connection.tcp.host.timers().arm(timer, atPs, on);
    }

    private void timedOut(Work on) {
        on.spend(Symbol.TCP_DELACK_TIMER, connection.tcp.costs.timer());
        if (connection.user.isBusy()) {
            blocked = true;
            connection.tcp.counters.increment(TcpCounter.DELAYED_ACK_LOCKED);
            arm(on.nowPs() + persona().delayedAckLeastPs(), on);
            return;
        }
        connection.user.delayOver(connection, on);
        if (scheduled && connection.state != TcpState.CLOSE) {
            if (interactive) {
                interactive = false;
                delayPs = persona().delayedAckLeastPs();
            } else {
                delayPs = Math.min(delayPs << 1, connection.sender.roundTrip.timeoutPs());
            }
            connection.tcp.counters.increment(TcpCounter.DELAYED_ACKS);
            send(on);
        }
    }

    void hashInto(StateHash hash) {
        hash.put(scheduled);
        hash.put(pushed);
        hash.put(now);
        hash.put(blocked);
        hash.put(interactive);
        hash.put(segment);
        hash.put(delayPs);
        hash.put(deadlinePs);
        hash.put(lastReceivedPs);
        hash.put(lastSize);
    }
}
