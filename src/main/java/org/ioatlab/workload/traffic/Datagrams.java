package org.ioatlab.workload.traffic;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Udp;
import org.ioatlab.workload.host.RemoteHosts;

/** {@link TrafficType#UDP_STREAM}: datagrams of all flows in turn, at a rate or as densely as the link carries them. */
final class Datagrams extends Traffic implements Pacer.Paced {
    /** Frames that may wait for the link before a sender waits too. */
    private static final int LARGEST_BACKLOG = 64;

    private final EventLoop loop;
    private final RemoteHosts hosts;
    private final List<DatagramFlow> flows = new ArrayList<>();
    private final IpAddress machine;
    private final End end = new End();
    private final Pacer pacer;
    private int next;

    /** The time is over. */
    private final class End extends Event {
        @Override
        protected void fire() {
            for (DatagramFlow flow : flows) {
                flow.stop();
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("end of traffic");
        }
    }

    Datagrams(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        super(spec);
        this.loop = loop;
        this.hosts = hosts;
        machine = spec.ipv6()
                ? hosts.wire().machine().ipv6()
                : hosts.wire().machine().ipv4();
        pacer = spec.rateMbps() > 0
                ? Pacer.atRate(loop, this, spec.payloadBytes(), spec.rateMbps())
                : new Pacer(loop, this, hosts.wire().carryPs(frameLength(spec)), 1);
    }

    private static int frameLength(TrafficSpec spec) {
        int ip = spec.ipv6() ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        int length = Ethernet.HEADER_LENGTH + ip + Udp.HEADER_LENGTH + spec.payloadBytes();
        return Math.max(length, Ethernet.MIN_FRAME_LENGTH);
    }

    @Override
    public void start() {
        for (int i = 0; i < spec().streams(); i++) {
            flows.add(new DatagramFlow(this, spec(), i));
            flows.get(i).open(hosts);
        }
        pacer.start();
        if (spec().durationPs() != TrafficSpec.UNLIMITED) {
            loop.scheduleAfter(end, spec().durationPs());
        }
    }

    @Override
    public void abort() {
        pacer.stop();
        loop.cancel(end);
        for (DatagramFlow flow : flows) {
            flow.stop();
        }
    }

    @Override
    public boolean isDone() {
        for (int i = 0; i < flows.size(); i++) {
            if (!flows.get(i).isOver()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean tick() {
        if (hosts.wire().queued() > LARGEST_BACKLOG) {
            return true;
        }
        for (int i = 0; i < flows.size(); i++) {
            DatagramFlow flow = flows.get(next);
            next = next + 1 == flows.size() ? 0 : next + 1;
            if (!flow.isOver()) {
                flow.send(machine, loop.nowPs());
                return true;
            }
        }
        loop.cancel(end);
        return false;
    }

    @Override
    public int flows() {
        return flows.size();
    }

    @Override
    public FlowFigures flow(int index) {
        return flows.get(index).figures();
    }

    @Override
    public FlowDigests digests(int index) {
        return flows.get(index).digests();
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(next);
        for (DatagramFlow flow : flows) {
            flow.hashInto(hash);
        }
    }
}
