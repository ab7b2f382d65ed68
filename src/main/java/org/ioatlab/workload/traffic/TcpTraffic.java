package org.ioatlab.workload.traffic;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.RemoteHosts;
import org.jspecify.annotations.Nullable;

/** Traffic that consists of connections with a machine. */
abstract class TcpTraffic<F extends TcpFlow> extends Traffic implements FlowOwner {
    final EventLoop loop;
    final RemoteHosts hosts;
    final List<F> flows = new ArrayList<>();
    private final End end = new End();
    private int over;

    /** The time is over. */
    private final class End extends Event {
        @Override
        protected void fire() {
            timeOver();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("end of traffic");
        }
    }

    TcpTraffic(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec);
        this.loop = loop;
        this.hosts = hosts;
    }

    /** Stops flows: they end when what they have written is acknowledged. */
    abstract void timeOver();

    final void startClock() {
        if (spec().durationPs() != TrafficSpec.UNLIMITED) {
            loop.scheduleAfter(end, spec().durationPs());
        }
    }

    final void connect(TcpFlow flow) {
        flow.connect(hosts);
    }

    /** How many flows have ended. */
    final int over() {
        return over;
    }

    @Override
    public void abort() {
        loop.cancel(end);
        for (F flow : flows) {
            flow.abort();
        }
    }

    @Override
    public @Nullable StreamPattern patternFrom(IpAddress host, int port) {
        for (F flow : flows) {
            TcpConnection connection = flow.connection();
            if (connection != null
                    && connection.localPort() == port
                    && connection.localAddress().equals(host)) {
                return flow.sends();
            }
        }
        return null;
    }

    @Override
    public boolean isDone() {
        return over == flows.size();
    }

    @Override
    public void over(TcpFlow flow) {
        over++;
        if (isDone()) {
            loop.cancel(end);
        }
    }

    @Override
    public long nowPs() {
        return loop.nowPs();
    }

    @Override
    public final int flows() {
        return flows.size();
    }

    @Override
    public final FlowFigures flow(int index) {
        F flow = flows.get(index);
        TcpConnection connection = flow.connection();
        return new FlowFigures(
                flow.state(),
                connection == null ? 0 : connection.localPort(),
                connection == null ? 0 : connection.remotePort(),
                flow.sentBytes(),
                flow.acknowledgedBytes(),
                flow.goodputBytes(),
                flow.receivedBytes(),
                flow.retransmittedSegments(),
                exchanges(flow),
                flow.mismatchAt(),
                flow.error(),
                flow.goodputFromPs(),
                flow.goodputToPs());
    }

    long exchanges(F flow) {
        return 0;
    }

    @Override
    public final FlowDigests digests(int index) {
        F flow = flows.get(index);
        return new FlowDigests(flow.sentSha256(), flow.receivedSha256());
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(flows.size());
        for (F flow : flows) {
            flow.hashInto(hash);
        }
    }
}
