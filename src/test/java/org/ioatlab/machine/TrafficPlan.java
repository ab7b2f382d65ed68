package org.ioatlab.machine;

import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;

/** Traffic with the fields that a test cares for; the others say the usual. */
public final class TrafficPlan {
    private static final int PPB_PER_PERMILLE = 1_000_000;

    private final TrafficType type;
    private final int port;
    public String nic = "eth0";
    public int streams = 1;
    public int connections = 1;
    public long bytes = Long.MAX_VALUE;
    public long durationPs = Long.MAX_VALUE;
    public int payloadBytes = 1472;
    public int rateMbps;
    public boolean ipv6;
    public long window = 1 << 20;
    public int writeBytes = 65_536;
    public int exchangeBytes = 1;
    public int lossPermille;
    public int duplicatePermille;
    public int reorderPermille;
    public int corruptPermille;
    public long delayPs;
    public long jitterPs;
    public long seed = 7;
    public KernelSpec.TcpPersona persona = KernelSpec.TcpPersona.LINUX_2_6_12;
    public Verification verify = Verification.NONE;

    private TrafficPlan(TrafficType type, int port) {
        this.type = type;
        this.port = port;
    }

    public static TrafficPlan tcpStreams(int port, int streams, long bytes) {
        TrafficPlan plan = new TrafficPlan(TrafficType.TCP_STREAM, port);
        plan.streams = streams;
        plan.bytes = bytes;
        return plan;
    }

    public static TrafficPlan tcpConnections(int port, int atATime, int inAll, long bytes) {
        TrafficPlan plan = new TrafficPlan(TrafficType.TCP_CONNECTIONS, port);
        plan.streams = atATime;
        plan.connections = inAll;
        plan.bytes = bytes;
        return plan;
    }

    /** Requests of so many bytes, each answered by as many. */
    public static TrafficPlan tcpExchanges(int port, int streams, int exchanges, int size) {
        TrafficPlan plan = new TrafficPlan(TrafficType.TCP_REQUEST_RESPONSE, port);
        plan.streams = streams;
        plan.bytes = (long) exchanges * size;
        plan.exchangeBytes = size;
        return plan;
    }

    public static TrafficPlan datagrams(int port, int streams, int payloadBytes, long bytes) {
        TrafficPlan plan = new TrafficPlan(TrafficType.UDP_STREAM, port);
        plan.streams = streams;
        plan.payloadBytes = payloadBytes;
        plan.bytes = bytes;
        return plan;
    }

    public int port() {
        return port;
    }

    public boolean isTcp() {
        return type != TrafficType.UDP_STREAM;
    }

    public boolean isExchange() {
        return type == TrafficType.TCP_REQUEST_RESPONSE;
    }

    public TrafficCommand.Start command() {
        return new TrafficCommand.Start(
                nic,
                type,
                streams,
                bytes,
                durationPs,
                payloadBytes,
                rateMbps,
                port,
                ipv6,
                window,
                writeBytes,
                exchangeBytes,
                exchangeBytes,
                connections,
                lossPermille * PPB_PER_PERMILLE,
                duplicatePermille * PPB_PER_PERMILLE,
                reorderPermille * PPB_PER_PERMILLE,
                corruptPermille * PPB_PER_PERMILLE,
                delayPs,
                jitterPs,
                seed,
                persona,
                verify);
    }
}
