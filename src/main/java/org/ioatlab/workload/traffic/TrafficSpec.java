package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.workload.wire.Impairments;

/**
 * What traffic is to be.
 *
 * @param type what is sent
 * @param streams flows at a time, 1 to {@link Traffic#MOST_STREAMS}; without meaning for TCP_LISTEN
 * @param bytes payload of each flow, or {@link #UNLIMITED}
 * @param durationPs how long flows send, or {@link #UNLIMITED}
 * @param payloadBytes payload of a datagram
 * @param rateMbps payload of all flows together, 10^6 bits a second; 0 for as fast as can be; for TCP_LISTEN how fast the host reads
 * @param port of the machine; of the host for TCP_LISTEN
 * @param ipv6 whether it goes over IPv6
 * @param window the most bytes of a flow that may be unacknowledged; for TCP_LISTEN also the largest window that the host offers
 * @param writeBytes how much a program writes at a time, or reads at a rate
 * @param requestBytes length of a request
 * @param responseBytes length of a response
 * @param connections how many are opened, one after another in each of {@code streams} places; for TCP_LISTEN how many are taken
 * @param impairments what happens to packets towards the machine
 * @param seed every stream's bytes and all impairments follow from it
 * @param persona whose TCP the remote hosts speak
 * @param verification how streams are checked
 */
public record TrafficSpec(
        TrafficType type,
        int streams,
        long bytes,
        long durationPs,
        int payloadBytes,
        int rateMbps,
        int port,
        boolean ipv6,
        long window,
        int writeBytes,
        int requestBytes,
        int responseBytes,
        int connections,
        Impairments impairments,
        long seed,
        Persona persona,
        Verification verification) {
    /** Without an end of its own. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** What a replay of a conversation is to be. */
    public static TrafficSpec replay(Conversation conversation, int port, Impairments impairments, long seed) {
        return new TrafficSpec(
                TrafficType.TCP_REPLAY,
                1,
                conversation.streamBytes(),
                UNLIMITED,
                1,
                0,
                port,
                conversation.isIpv6(),
                UNLIMITED,
                1,
                1,
                1,
                1,
                impairments,
                seed,
                Persona.LINUX_MODERN,
                Verification.SHA256);
    }

    /** The most flows that there can be at a time. */
    public int mostFlows() {
        return type == TrafficType.TCP_LISTEN ? connections : streams;
    }

    /** What all flows have in common. */
    FlowPlan plan() {
        return new FlowPlan(port, ipv6, writeBytes, window, persona, verification);
    }

    /** The seed of a flow's bytes. */
    long flowSeed(int flow) {
        return seed * 1_000_003 + flow;
    }
}
