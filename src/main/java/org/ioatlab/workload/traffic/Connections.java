package org.ioatlab.workload.traffic;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.host.RemoteHosts;

/** {@link TrafficType#TCP_CONNECTIONS}: so many at a time; where one has ended, the next begins. */
final class Connections extends TcpTraffic<StreamFlow> {
    private final Next next = new Next();
    private int due;
    private boolean stopped;

    /** Connections begin when the segment that ended others has been worked off. */
    private final class Next extends Event {
        @Override
        protected void fire() {
            for (; due > 0; due--) {
                open();
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("next connections");
        }
    }

    Connections(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec, loop, hosts);
    }

    @Override
    public void start() {
        due = Math.min(spec().streams(), spec().connections());
        loop.schedule(next, loop.nowPs());
        startClock();
    }

    @Override
    public void abort() {
        stopped = true;
        loop.cancel(next);
        super.abort();
    }

    @Override
    public boolean isDone() {
        return stopped ? over() == flows.size() : over() == spec().connections();
    }

    @Override
    public void over(TcpFlow flow) {
        super.over(flow);
        if (!stopped && flows.size() + due < spec().connections()) {
            due++;
            if (!next.isPending()) {
                loop.schedule(next, loop.nowPs());
            }
        }
    }

    @Override
    void timeOver() {
        stopped = true;
        loop.cancel(next);
        due = 0;
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(due);
        hash.put(stopped);
    }

    private void open() {
        StreamFlow flow = new StreamFlow(this, spec().plan(), spec().flowSeed(flows.size()), spec().bytes(), false);
        flows.add(flow);
        connect(flow);
    }
}
