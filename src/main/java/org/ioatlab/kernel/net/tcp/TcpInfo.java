package org.ioatlab.kernel.net.tcp;

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
        long rcvWnd) {}
