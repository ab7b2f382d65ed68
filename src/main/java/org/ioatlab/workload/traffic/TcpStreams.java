package org.ioatlab.workload.traffic;

import org.ioatlab.time.EventLoop;
import org.ioatlab.workload.host.RemoteHosts;

/** {@link TrafficType#TCP_STREAM}. */
final class TcpStreams extends TcpTraffic<StreamFlow> implements Pacer.Paced {
    private final Pacer pacer;
    private final int chunk;
    private int next;

    TcpStreams(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec, loop, hosts);
        chunk = spec.writeBytes();
        pacer = Pacer.atRate(loop, this, chunk, Math.max(spec.rateMbps(), 1));
    }

    @Override
    public void start() {
        boolean paced = spec().rateMbps() > 0;
        for (int i = 0; i < spec().streams(); i++) {
            flows.add(new StreamFlow(this, spec().plan(), spec().flowSeed(i), spec().bytes(), paced));
        }
        for (StreamFlow flow : flows) {
            connect(flow);
        }
        if (paced) {
            pacer.start();
        }
        startClock();
    }

    @Override
    public void abort() {
        pacer.stop();
        super.abort();
    }

    /** Lets the next flow of those that still write have a write's bytes. */
    @Override
    public boolean tick() {
        for (int i = 0; i < flows.size(); i++) {
            StreamFlow flow = flows.get(next);
            next = (next + 1) % flows.size();
            if (flow.wantsMore()) {
                flow.allow(chunk);
                return true;
            }
        }
        return false;
    }

    @Override
    void timeOver() {
        pacer.stop();
        for (StreamFlow flow : flows) {
            flow.stop();
        }
    }
}
