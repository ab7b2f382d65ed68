package org.ioatlab.machine;

import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Verification;

/**
 * What remote hosts can be asked to do to a machine. It costs the machine no time but that of answering.
 *
 * @param <R> what it answers
 */
public sealed interface TrafficCommand<R> extends Command<R> {
    /**
     * Begins traffic.
     *
     * @param nic the port
     * @param type what is sent
     * @param streams flows at a time
     * @param bytes payload of each flow; {@link Long#MAX_VALUE} for no limit
     * @param durationPs how long flows send; {@link Long#MAX_VALUE} for no limit
     * @param payloadBytes of a datagram
     * @param rateMbps payload of all flows together; 0 for as fast as can be; for TCP_LISTEN how fast the host reads
     * @param port of the machine; of the remote host for TCP_LISTEN
     * @param ipv6 whether over IPv6
     * @param window the most bytes of a flow that may be unacknowledged
     * @param writeBytes how much a program writes at a time
     * @param requestBytes length of a request
     * @param responseBytes length of a response
     * @param connections how many are opened in all, or taken
     * @param lossPpb packets towards the machine that vanish, per billion
     * @param duplicatePpb that come twice
     * @param reorderPpb that are overtaken
     * @param corruptPpb of which a bit flips
     * @param delayPs what each takes longer
     * @param jitterPs the most by which that varies
     * @param seed of bytes and impairments
     * @param persona whose TCP the remote hosts speak
     * @param verify how streams are checked
     */
    record Start(
            String nic,
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
            int lossPpb,
            int duplicatePpb,
            int reorderPpb,
            int corruptPpb,
            long delayPs,
            long jitterPs,
            long seed,
            KernelSpec.TcpPersona persona,
            Verification verify)
            implements TrafficCommand<TrafficViews.Traffic> {}

    /**
     * Lets the client of a captured conversation talk to the machine.
     *
     * @param nic the port
     * @param capture a capture file
     * @param port of the machine
     * @param captured whether segments keep their distances, or follow each other as the machine lets them
     * @param lossPpb packets towards the machine that vanish, per billion
     * @param reorderPpb that are overtaken
     * @param seed of the impairments
     */
    record Replay(String nic, byte[] capture, int port, boolean captured, int lossPpb, int reorderPpb, long seed)
            implements TrafficCommand<TrafficViews.Traffic> {}

    /** Ends traffic: its connections are reset, and it is forgotten. */
    record Stop(String traffic) implements TrafficCommand<Done> {}
}
