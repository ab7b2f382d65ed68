package org.ioatlab.workload.traffic;

import org.ioatlab.time.EventLoop;
import org.ioatlab.workload.host.RemoteHosts;

/** Makes traffic of all types. */
public final class Traffics {
    private Traffics() {}

    /** Whether a host of the network has the port still free, for {@link TrafficType#TCP_LISTEN}. */
    public static boolean isPortFree(TrafficSpec spec, RemoteHosts hosts) {
        return Listening.freeHost(spec, hosts) != null;
    }

    /** Traffic that hasn't begun. */
    public static Traffic create(TrafficSpec spec, EventLoop loop, RemoteHosts hosts) {
        return switch (spec.type()) {
            case TCP_STREAM -> new TcpStreams(spec, loop, hosts);
            case UDP_STREAM -> new Datagrams(spec, loop, hosts);
            case TCP_REQUEST_RESPONSE -> new Exchanges(spec, loop, hosts);
            case TCP_CONNECTIONS -> new Connections(spec, loop, hosts);
            case TCP_LISTEN -> new Listening(spec, loop, hosts);
            case TCP_REPLAY -> throw new IllegalArgumentException("a replay needs a capture");
        };
    }
}
