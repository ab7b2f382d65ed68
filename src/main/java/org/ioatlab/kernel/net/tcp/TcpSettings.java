package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/** What an administrator can set for a host's TCP, by the names of {@link TcpVariable}; begins as the persona has it. */
public final class TcpSettings {
    /** Offer timestamps ({@code tcp_timestamps}). */
    public boolean timestamps = true;

    /** Offer selective acknowledgments ({@code tcp_sack}). */
    public boolean sack = true;

    /** Send duplicate selective acknowledgments ({@code tcp_dsack}). */
    public boolean dsack = true;

    /** Offer window scaling ({@code tcp_window_scaling}). */
    public boolean windowScaling = true;

    /** Let receive buffers grow ({@code tcp_moderate_rcvbuf}). */
    public boolean autoTuning;

    /** Reset instead of dropping when the accept queue is full ({@code tcp_abort_on_overflow}). */
    public boolean abortOnOverflow;

    /** The urgent pointer names the byte itself (RFC 1122), not the one behind ({@code tcp_stdurg}). */
    public boolean standardUrgent;

    /** Connections half open at a time ({@code tcp_max_syn_backlog}), 1 to 65 536. */
    public int synBacklog = 256;

    /** The most that a {@code listen()} can ask for ({@code somaxconn}). */
    public int listenBacklog = 128;

    /** The receive buffer left to a connection when memory is short, bytes ({@code tcp_rmem[0]}); kept, but memory pressure isn't modelled. */
    public int leastReceiveBuffer = 4096;

    /** Default receive buffer, bytes ({@code tcp_rmem[1]}). */
    public int receiveBuffer;

    /** The largest receive buffer, bytes ({@code tcp_rmem[2]}). */
    public int largestReceiveBuffer;

    /** The send buffer left to a connection when memory is short, bytes ({@code tcp_wmem[0]}); kept likewise. */
    public int leastSendBuffer = 4096;

    /** Default send buffer, bytes ({@code tcp_wmem[1]}). */
    public int sendBuffer;

    /** The largest send buffer, bytes ({@code tcp_wmem[2]}). */
    public int largestSendBuffer = 131_072;

    /** How long a closed connection is remembered (TIME-WAIT). */
    public long timeWaitPs = 60 * Picoseconds.PER_SECOND;

    /** How long FIN-WAIT-2 lasts after a close ({@code tcp_fin_timeout}). */
    public long finTimeoutPs = 60 * Picoseconds.PER_SECOND;

    /** Idle time before the first keep-alive probe ({@code tcp_keepalive_time}). */
    public long keepAliveIdlePs = 7200 * Picoseconds.PER_SECOND;

    /** Time between keep-alive probes ({@code tcp_keepalive_intvl}). */
    public long keepAliveIntervalPs = 75 * Picoseconds.PER_SECOND;

    /** Keep-alive probes without an answer before the end ({@code tcp_keepalive_probes}). */
    public int keepAliveProbes = 9;

    /** Connections in TIME-WAIT at a time ({@code tcp_max_tw_buckets}). */
    public int largestTimeWaits = 180_000;

    /** Segments are worked off as they come instead of waiting for their reader ({@code tcp_low_latency}). */
    public boolean lowLatency;

    /** Reads of at most this many bytes are copied by a processor ({@code tcp_dma_copybreak}). */
    public int dmaCopybreak;

    TcpSettings(Persona persona) {
        autoTuning = persona.has(Persona.Habit.TUNES_BUFFERS);
        receiveBuffer = persona.receiveBuffer();
        largestReceiveBuffer = persona.largestReceiveBuffer();
        sendBuffer = persona.sendBuffer();
    }

    void hashInto(StateHash hash) {
        hash.put(timestamps);
        hash.put(sack);
        hash.put(dsack);
        hash.put(windowScaling);
        hash.put(autoTuning);
        hash.put(abortOnOverflow);
        hash.put(standardUrgent);
        hash.put((long) synBacklog << Integer.SIZE | listenBacklog);
        hash.put((long) leastReceiveBuffer << Integer.SIZE | leastSendBuffer);
        hash.put((long) receiveBuffer << Integer.SIZE | largestReceiveBuffer);
        hash.put((long) sendBuffer << Integer.SIZE | largestSendBuffer);
        hash.put(lowLatency);
        hash.put(dmaCopybreak);
        hash.put(timeWaitPs);
        hash.put(finTimeoutPs);
        hash.put(keepAliveIdlePs);
        hash.put(keepAliveIntervalPs);
        hash.put((long) keepAliveProbes << Integer.SIZE | largestTimeWaits);
    }
}
