package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/** The timers of the sending direction: retransmission and window probes, of which one runs at a time, and keep-alive. */
final class SendTimers {
    private static final long BUSY_PS = Picoseconds.PER_SECOND / 20;
    private static final long LONGEST_SILENCE_PS = 120 * Picoseconds.PER_SECOND;

    /** The same for a kernel whose probes carry data: FreeBSD's {@code tcp_maxpersistidle}. */
    private static final long LONGEST_PERSISTENCE_PS = 7_200 * Picoseconds.PER_SECOND;

    private static final int ETIMEDOUT = 110;

    private final Sender sender;
    private final Retransmission retransmission = new Retransmission();
    private final KeepAlive keepAlive = new KeepAlive();
    private boolean probing;
    private int retries;
    private int probes;

    /** How often the time between two probes has doubled since the window closed. */
    private int probeBackoff;

    private long probesInAll;
    private long deadlinePs;
    private boolean keepsAlive;
    private long keepAliveIdlePs;
    private long keepAliveIntervalPs;
    private int keepAliveProbes;
    private int keepAliveSent;

    /** Retransmits or probes. */
    private final class Retransmission extends KernelTimer {
        @Override
        protected void expire(Work on) {
            timedOut(on);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("retransmit");
            hash.put((long) connection().localPort << Integer.SIZE | connection().remotePort);
        }
    }

    /** Asks a silent other end whether it is still there. */
    private final class KeepAlive extends KernelTimer {
        KeepAlive() {
            super(true);
        }

        @Override
        protected void expire(Work on) {
            keepAliveOver(on);
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("keepalive");
            hash.put((long) connection().localPort << Integer.SIZE | connection().remotePort);
        }
    }

    SendTimers(Sender sender) {
        this.sender = sender;
        TcpSettings settings = sender.connection.tcp.settings;
        keepAliveIdlePs = settings.keepAliveIdlePs;
        keepAliveIntervalPs = settings.keepAliveIntervalPs;
        keepAliveProbes = settings.keepAliveProbes;
    }

    int retries() {
        return retries;
    }

    int probes() {
        return probes;
    }

    long probesInAll() {
        return probesInAll;
    }

    boolean isRetransmitPending() {
        return retransmission.isPending() && !probing;
    }

    boolean isProbePending() {
        return retransmission.isPending() && probing;
    }

    boolean isKeepAlivePending() {
        return keepAlive.isPending();
    }

    /** When the pending one of retransmission and probe is due. */
    long deadlinePs() {
        return deadlinePs;
    }

    /** Something new is out. */
    void ensureRetransmit(Work on) {
        if (probing || !retransmission.isPending()) {
            armRetransmit(on);
        }
    }

    /** Something was acknowledged: the timer starts anew, or stops when nothing is out. */
    void restartRetransmit(Work on) {
        retries = 0;
        probeBackoff = 0;
        sender.roundTrip.compute();
        if (sender.sent.isEmpty()) {
            stopRetransmit();
        } else {
            armRetransmit(on);
        }
    }

    /** The other end has been heard of. */
    void heard() {
        probes = 0;
        keepAliveSent = 0;
    }

    /** The window has been told anew while nothing is out: probes begin, or end. */
    void checkProbe(Work on) {
        boolean fits = sender.window >= Math.min(sender.unsent(), sender.segmentBytes);
        if (fits) {
            retries = 0;
            probeBackoff = 0;
            stopRetransmit();
        } else if (!retransmission.isPending() || !probing) {
            armProbe(on);
        }
    }

    /** Data wait for a window. */
    void armProbe(Work on) {
        if (!retransmission.isPending()) {
            probing = true;
            arm(on.nowPs() + sender.roundTrip.backedOffPs(probeBackoff), on);
        }
    }

    /** SO_KEEPALIVE. */
    void setKeepAlive(boolean wanted, Work on) {
        keepsAlive = wanted;
        connection().tcp.host.timers().cancel(keepAlive);
        if (wanted) {
            armKeepAlive(keepAliveIdlePs, on);
        }
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    /** TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT; negative values leave one as it is. */
    void setKeepAliveTimes(long idlePs, long intervalPs, int count, Work on) {
        keepAliveIdlePs = idlePs >= 0 ? idlePs : keepAliveIdlePs;
        keepAliveIntervalPs = intervalPs >= 0 ? intervalPs : keepAliveIntervalPs;
        keepAliveProbes = count >= 0 ? count : keepAliveProbes;
        if (keepsAlive) {
            setKeepAlive(true, on);
        }
    }

    /** Connected: keep-alive begins if it is wanted. */
    void established(Work on) {
        if (keepsAlive) {
            armKeepAlive(keepAliveIdlePs, on);
        }
    }

    void cancel() {
        stopRetransmit();
        connection().tcp.host.timers().cancel(keepAlive);
    }

    private TcpConnection connection() {
        return sender.connection;
    }

    private void stopRetransmit() {
        probing = false;
        connection().tcp.host.timers().cancel(retransmission);
    }

    private void armRetransmit(Work on) {
        long atPs = on.nowPs() + sender.roundTrip.timeoutPs();
        // Moving a pending timer costs more than letting it expire early once in a timeout.
        if (!probing && retransmission.isPending() && atPs >= deadlinePs) {
            deadlinePs = atPs;
            return;
        }
        probing = false;
        arm(atPs, on);
    }

    private void arm(long atPs, Work on) {
        deadlinePs = atPs;
        connection().tcp.host.timers().arm(retransmission, atPs, on);
    }

    private void timedOut(Work on) {
        long nowPs = on.nowPs();
        if (nowPs < deadlinePs) {
            arm(deadlinePs, on);
            return;
        }
        on.spend(Symbol.TCP_WRITE_TIMER, connection().tcp.costs.timer());
        if (connection().user.isBusy()) {
            arm(nowPs + BUSY_PS, on);
        } else if (probing) {
            probe(on);
        } else {
            retransmit(on);
        }
    }

    private void retransmit(Work on) {
        TcpConnection connection = connection();
        if (sender.sent.isEmpty()) {
            return;
        }
        boolean handshake = connection.state == TcpState.SYN_SENT || connection.state == TcpState.SYN_RECV;
        boolean shut = sender.window == 0 && !handshake;
        long mostPs = connection.tcp.persona.has(Persona.Habit.PROBES_WITH_DATA)
                ? LONGEST_PERSISTENCE_PS
                : LONGEST_SILENCE_PS;
        boolean silent = on.nowPs() - sender.lastHeardPs > mostPs;
        int most = handshake ? connection.tcp.persona.synRetries() : connection.tcp.persona.retries();
        if (shut ? silent : retries >= most) {
            connection.fail(ETIMEDOUT, TcpCounter.ABORT_ON_TIMEOUT, on);
            return;
        }
        connection.tcp.counters.increment(TcpCounter.TIMEOUTS);
        sender.recovery.timedOut();
        sender.retransmit(0, on);
        retries++;
        sender.roundTrip.backOff();
        probing = false;
        arm(on.nowPs() + sender.roundTrip.timeoutPs(), on);
    }

    /** Looks whether the window is still closed (RFC 9293, 3.8.6.1; {@code tcp_send_probe0}). */
    private void probe(Work on) {
        TcpConnection connection = connection();
        probing = false;
        if (!sender.sent.isEmpty() || (sender.unsent() == 0 && !sender.isFinDue())) {
            return;
        }
        if (probes >= connection.tcp.persona.retries()) {
            connection.fail(ETIMEDOUT, TcpCounter.ABORT_ON_TIMEOUT, on);
            return;
        }
        probes++;
        probesInAll++;
        probeBackoff++;
        if (sender.window > 0 && sender.unsent() > 0) {
            sender.sendPart((int) Math.min(sender.window, Math.min(sender.unsent(), sender.segmentBytes)), on);
        } else if (connection.tcp.persona.has(Persona.Habit.PROBES_WITH_DATA) && sender.unsent() > 0) {
            sender.sendPart(1, on);
        } else if (sender.window > 0) {
            sender.sendNew(on);
        } else {
            connection.tcp.output.probe(connection, on);
        }
        if (!retransmission.isPending()) {
            armProbe(on);
        }
    }

    private void armKeepAlive(long afterPs, Work on) {
        connection().tcp.host.timers().arm(keepAlive, on.nowPs() + afterPs, on);
    }

    private void keepAliveOver(Work on) {
        TcpConnection connection = connection();
        on.spend(Symbol.TCP_KEEPALIVE_TIMER, connection.tcp.costs.timer());
        if (connection.user.isBusy()) {
            armKeepAlive(BUSY_PS, on);
            return;
        }
        if (!keepsAlive || connection.state == TcpState.CLOSE) {
            return;
        }
        long heardPs = Math.max(sender.lastHeardPs, connection.acks.lastReceivedPs());
        long silentPs = on.nowPs() - heardPs;
        if (!sender.sent.isEmpty() || sender.unsent() > 0 || silentPs < keepAliveIdlePs) {
            armKeepAlive(Math.max(keepAliveIdlePs - silentPs, Picoseconds.PER_MILLISECOND), on);
        } else if (keepAliveSent >= keepAliveProbes) {
            connection.tcp.output.activeReset(connection, on);
            connection.fail(ETIMEDOUT, TcpCounter.ABORT_ON_TIMEOUT, on);
        } else {
            keepAliveSent++;
            connection.tcp.output.probe(connection, on);
            armKeepAlive(keepAliveIntervalPs, on);
        }
    }

    void hashInto(StateHash hash) {
        hash.put(probing);
        hash.put((long) retries << Integer.SIZE | probes);
        hash.put(probeBackoff);
        hash.put(deadlinePs);
        hash.put(keepsAlive);
        hash.put(keepAliveIdlePs);
        hash.put(keepAliveIntervalPs);
        hash.put((long) keepAliveProbes << Integer.SIZE | keepAliveSent);
    }
}
