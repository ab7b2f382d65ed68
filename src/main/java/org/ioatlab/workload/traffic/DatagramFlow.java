package org.ioatlab.workload.traffic;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.DatagramUser;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteHosts;
import org.jspecify.annotations.Nullable;

/** Datagrams from one port of a remote host; each carries the next bytes of a pattern. */
final class DatagramFlow implements DatagramUser {
    private static final int ECONNREFUSED = 111;

    private final Datagrams owner;
    private final TrafficSpec spec;
    private final StreamPattern pattern;
    private final @Nullable StreamDigest sentDigest;
    private final @Nullable StreamDigest receivedDigest;
    private @Nullable RemoteHost host;
    private int port;
    private long total;
    private long sent;
    private long received;
    private int error;
    private long firstSentPs = Traffic.NEVER;
    private long lastSentPs = Traffic.NEVER;

    DatagramFlow(Datagrams owner, TrafficSpec spec, int index) {
        this.owner = owner;
        this.spec = spec;
        pattern = new StreamPattern(spec.flowSeed(index));
        total = spec.bytes();
        boolean hashes = spec.verification() == Verification.SHA256;
        sentDigest = hashes ? new StreamDigest() : null;
        receivedDigest = hashes ? new StreamDigest() : null;
    }

    void open(RemoteHosts hosts) {
        RemoteHost candidate = hosts.get(spec.persona(), 0);
        for (int i = 1; candidate != null && port == 0; i++) {
            port = candidate.datagrams().open(this);
            host = candidate;
            candidate = hosts.get(spec.persona(), port == 0 ? i : 0);
        }
        if (port == 0) {
            error = TcpFlow.EADDRNOTAVAIL;
            total = 0;
        }
    }

    /** Sends the next datagram; a last one may be shorter. */
    void send(IpAddress machine, long nowPs) {
        RemoteHost from = host;
        int length = (int) Math.min(spec.payloadBytes(), total - sent);
        if (from != null && from.sendDatagram(port, machine, spec.port(), pattern, sent, length, owner.path())) {
            firstSentPs = firstSentPs == Traffic.NEVER ? nowPs : firstSentPs;
            lastSentPs = nowPs;
            sent += length;
            if (sentDigest != null) {
                sentDigest.addUpTo(pattern, sent, owner.scratch());
            }
        }
    }

    boolean isOver() {
        return sent == total;
    }

    /** Nothing more is sent, and the port is closed. */
    void stop() {
        total = sent;
        RemoteHost from = host;
        if (from != null && port != 0) {
            from.datagrams().close(port);
        }
    }

    FlowFigures figures() {
        FlowState state = !isOver() ? FlowState.OPEN : port == 0 ? FlowState.FAILED : FlowState.DONE;
        return new FlowFigures(
                state,
                port,
                owner.spec().port(),
                sent,
                0,
                sent,
                received,
                0,
                0,
                Traffic.NEVER,
                error,
                firstSentPs,
                lastSentPs);
    }

    FlowDigests digests() {
        return new FlowDigests(
                sentDigest == null ? null : sentDigest.hexUpTo(pattern, sent, owner.scratch()),
                receivedDigest == null ? null : receivedDigest.hex());
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        received += length;
        if (receivedDigest != null) {
            receivedDigest.add(bytes, offset, length);
        }
    }

    @Override
    public void unreachable() {
        error = ECONNREFUSED;
    }

    void hashInto(StateHash hash) {
        hash.put((long) port << Integer.SIZE | error);
        hash.put(pattern.seed());
        hash.put(total);
        hash.put(sent);
        hash.put(received);
    }
}
