package org.ioatlab.machine;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteHosts;
import org.ioatlab.workload.host.RemoteUser;
import org.ioatlab.workload.program.ExpectedStreams;
import org.jspecify.annotations.Nullable;

/** Asks the remote host itself what its end of a connection sends, or its traffic if that end is no longer there. */
record TrafficStreams(WireFace wire, TrafficFace traffic) implements ExpectedStreams {
    @Override
    public @Nullable StreamPattern of(IpAddress remote, int remotePort, int localPort) {
        for (RemoteHosts network : wire.allHosts()) {
            IpAddress machine = remote.isIpv4()
                    ? network.wire().machine().ipv4()
                    : network.wire().machine().ipv6();
            for (RemoteHost host : network.hosts()) {
                TcpConnection connection = connection(host, remotePort, machine, localPort);
                if (host.likeFamilyOf(machine).equals(remote)
                        && connection != null
                        && connection.user() instanceof RemoteUser user) {
                    return user.sends();
                }
            }
        }
        return traffic.patternFrom(remote, remotePort, localPort);
    }

    /** The host's end of a connection: its local port is the machine's remote one. */
    private static @Nullable TcpConnection connection(RemoteHost host, int port, IpAddress machine, int machinePort) {
        return host.tcp().connection(host.likeFamilyOf(machine), port, machine, machinePort);
    }
}
