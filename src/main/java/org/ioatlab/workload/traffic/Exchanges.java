package org.ioatlab.workload.traffic;

import org.ioatlab.time.EventLoop;
import org.ioatlab.workload.host.RemoteHosts;

/** {@link TrafficType#TCP_REQUEST_RESPONSE}. */
final class Exchanges extends TcpTraffic<ExchangeFlow> {
    Exchanges(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec, loop, hosts);
    }

    @Override
    public void start() {
        long exchanges = spec().bytes() == TrafficSpec.UNLIMITED
                ? TrafficSpec.UNLIMITED
                : Math.max(spec().bytes() / spec().requestBytes(), 1);
        for (int i = 0; i < spec().streams(); i++) {
            flows.add(new ExchangeFlow(
                    this, spec().plan(), spec().flowSeed(i), spec().requestBytes(), spec().responseBytes(), exchanges));
        }
        for (ExchangeFlow flow : flows) {
            connect(flow);
        }
        startClock();
    }

    @Override
    void timeOver() {
        for (ExchangeFlow flow : flows) {
            flow.stop();
        }
    }

    @Override
    long exchanges(ExchangeFlow flow) {
        return flow.exchanges();
    }
}
