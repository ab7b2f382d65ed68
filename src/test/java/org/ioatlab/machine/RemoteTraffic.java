package org.ioatlab.machine;

import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;

/** Traffic as tests ask for it: what isn't told is as usual. */
final class RemoteTraffic {
    private final TrafficType type;
    private final int port;
    int streams = 1;
    long bytes;
    int rateMbps;
    boolean ipv6;
    long window = 4 << 20;
    int writeBytes = 65_536;
    int requestBytes = 1;
    int connections = 10;
    Verification verify = Verification.SHA256;

    private RemoteTraffic(TrafficType type, int port) {
        this.type = type;
        this.port = port;
    }

    static RemoteTraffic of(TrafficType type, int port) {
        return new RemoteTraffic(type, port);
    }

    TrafficViews.Traffic start(TestMachine machine) {
        return machine.run(command());
    }

    TrafficCommand.Start command() {
        return new TrafficCommand.Start(
                "eth0",
                type,
                streams,
                bytes,
                Long.MAX_VALUE,
                1472,
                rateMbps,
                port,
                ipv6,
                window,
                writeBytes,
                requestBytes,
                requestBytes,
                connections,
                0,
                0,
                0,
                0,
                0,
                0,
                7,
                KernelSpec.TcpPersona.LINUX_MODERN,
                verify);
    }
}
