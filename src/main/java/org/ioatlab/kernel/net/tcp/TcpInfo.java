package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;

/**
 * A connection at a glance ({@code struct tcp_info}, with times in microseconds).
 *
 * @param state as {@link TcpState#number()}
 * @param congestionState 0 open, 1 disorder, 2 reduced, 3 recovery, 4 loss
 */
public record TcpInfo(
        int state,
        int congestionState,
        int retransmits,
        int probes,
        int backoff,
        boolean timestamps,
        boolean sack,
        boolean windowScale,
        int sendScale,
        int receiveScale,
        long rtoUs,
        long atoUs,
        int sndMss,
        int rcvMss,
        int unacked,
        int sacked,
        int lost,
        int retrans,
        long lastDataSentMs,
        long lastDataReceivedMs,
        int pathMtu,
        int rcvSsthresh,
        long rttUs,
        long rttvarUs,
        int sndSsthresh,
        int sndCwnd,
        int advmss,
        int reordering,
        int rcvSpace,
        long totalRetrans,
        long sndWnd,
        long rcvWnd) {
    /** Segments that may be overtaken before one counts as lost. */
    private static final int REORDERING = 3;

    /** What there is to tell of {@code connection} at {@code nowPs}. */
    static TcpInfo of(TcpConnection connection, long nowPs) {
        Sender sender = connection.sender;
        Receiver receiver = connection.receiver;
        AckSchedule acks = connection.acks;
        Recovery recovery = sender.recovery;
        RoundTrip roundTrip = sender.roundTrip;
        return new TcpInfo(
                connection.state.number(),
                recovery.state().ordinal(),
                sender.timers.retries(),
                sender.timers.probes(),
                sender.timers.retries(),
                connection.timestamps,
                connection.selectiveAcks,
                connection.scaling,
                connection.sendScale,
                connection.receiveScale,
                roundTrip.timeoutPs() / Picoseconds.PER_MICROSECOND,
                acks.delayPs() / Picoseconds.PER_MICROSECOND,
                sender.segmentBytes,
                acks.peerSegment(),
                sender.sent.size(),
                connection.selectiveAcks ? sender.sent.sacked() : recovery.duplicates(),
                sender.sent.lost(),
                sender.sent.again(),
                (nowPs - sender.lastSentPs) / Picoseconds.PER_MILLISECOND,
                (nowPs - acks.lastReceivedPs()) / Picoseconds.PER_MILLISECOND,
                connection.tcp.host.mtu(connection),
                receiver.windows.threshold,
                roundTrip.smoothedPs() / Picoseconds.PER_MICROSECOND,
                roundTrip.deviationPs() / Picoseconds.PER_MICROSECOND,
                recovery.threshold(),
                recovery.window(),
                connection.ownPayload(),
                REORDERING,
                receiver.windows.buffer(),
                connection.retransmitted,
                sender.window,
                receiver.window);
    }
}
