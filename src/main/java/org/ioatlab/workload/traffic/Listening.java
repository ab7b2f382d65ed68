package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.ListenerUser;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpOptionsWanted;
import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteHosts;
import org.jspecify.annotations.Nullable;

/** {@link TrafficType#TCP_LISTEN}: takes so many connections and reads them, all together at a rate or as fast as data come. */
final class Listening extends TcpTraffic<AcceptedFlow> implements ListenerUser, Pacer.Paced {
    private final Pacer pacer;
    private @Nullable RemoteHost host;
    private @Nullable TcpListener listener;
    private int next;

    Listening(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec, loop, hosts);
        pacer = Pacer.atRate(loop, this, spec.writeBytes(), Math.max(spec.rateMbps(), 1));
    }

    /** The first host on which the port is free, or null if there is none. */
    static @Nullable RemoteHost freeHost(TrafficSpec spec, RemoteHosts hosts) {
        int index = 0;
        RemoteHost candidate = hosts.get(spec.persona(), index);
        while (candidate != null && candidate.tcp().isListening(spec.port())) {
            candidate = hosts.get(spec.persona(), ++index);
        }
        return candidate;
    }

    @Override
    public void start() {
        RemoteHost free = freeHost(spec(), hosts);
        if (free != null) {
            host = free;
            listener = free.tcp().listen(spec().port(), spec().connections(), this);
            if (listener != null) {
                listener.setWanted(wanted(free));
            }
            startClock();
        }
    }

    @Override
    public void abort() {
        endListening();
        pacer.stop();
        super.abort();
    }

    @Override
    public boolean isDone() {
        return listener == null && super.isDone();
    }

    @Override
    public @Nullable IpAddress address() {
        return host == null ? null : spec().ipv6() ? host.ipv6() : host.ipv4();
    }

    @Override
    public TcpUser opened(TcpConnection connection, Work on) {
        RemoteHost by = host;
        if (by == null) {
            throw new IllegalStateException("nobody listens");
        }
        AcceptedFlow flow = new AcceptedFlow(this, spec().plan(), spec().flowSeed(flows.size()), spec().bytes());
        flow.accepted(connection, by);
        flows.add(flow);
        return flow;
    }

    @Override
    public void acceptable(TcpListener from, Work on) {
        TcpConnection connection = from.accept();
        if (connection != null && connection.user() instanceof AcceptedFlow flow) {
            flow.askToProceed();
        }
        if (flows.size() >= spec().connections()) {
            endListening();
        }
    }

    /** Lets the next connection with something to read have a read's bytes. */
    @Override
    public boolean tick() {
        for (int i = 0; i < flows.size(); i++) {
            AcceptedFlow flow = flows.get(next % flows.size());
            next = (next + 1) % flows.size();
            if (flow.hasWaiting()) {
                flow.read(spec().writeBytes());
                return true;
            }
        }
        return false;
    }

    /** Whether it reads at a rate. */
    boolean isPaced() {
        return spec().rateMbps() > 0;
    }

    /** Something waits to be read. */
    void waits() {
        if (!pacer.isPending()) {
            pacer.start();
        }
    }

    @Override
    void timeOver() {
        endListening();
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(listener == null ? 0 : 1);
        hash.put(next);
    }

    private void endListening() {
        if (listener != null && host != null) {
            listener.close(host);
        }
        listener = null;
    }

    /** A window smaller than the host could offer takes a buffer that holds it with the segments' own size. */
    private TcpOptionsWanted wanted(RemoteHost on) {
        long buffer = 2 * Math.min(spec().window(), Integer.MAX_VALUE);
        if (buffer >= on.tcp().settings().largestReceiveBuffer) {
            return TcpOptionsWanted.DEFAULT;
        }
        return new TcpOptionsWanted((int) buffer, 0, 0, (int) spec().window(), false);
    }
}
