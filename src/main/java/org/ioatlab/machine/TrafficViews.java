package org.ioatlab.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be seen of traffic. */
public interface TrafficViews {
    /**
     * Something that remote hosts do.
     *
     * @param address where the machine can connect to, if the remote host listens
     * @param port of the machine, or of the remote host that listens
     * @param state RUNNING until every flow has ended
     * @param sentBytes payload sent at least once
     * @param acknowledgedBytes payload acknowledged
     * @param receivedBytes payload that came from the machine
     * @param goodputMbps acknowledged payload between the first data segment's departure and the last one's acknowledgment, 10^6 bits a second;
     *     of a host that listens, payload read between the first and the last read
     * @param sha256 of what was sent, for traffic of one flow
     * @param failed flows that have failed
     * @param streams the flows; null in lists
     */
    record Traffic(
            String id,
            String type,
            String nic,
            @Nullable String address,
            int port,
            String state,
            long sentBytes,
            long acknowledgedBytes,
            long receivedBytes,
            long retransmittedSegments,
            long transactions,
            double goodputMbps,
            @Nullable String sha256,
            int failed,
            @Nullable List<Stream> streams) {}

    /**
     * A flow.
     *
     * @param stream which one, from 0 on
     * @param state WAITING, CONNECTING, OPEN, CLOSING, DONE or FAILED
     * @param sourcePort the remote host's
     * @param machinePort the machine's
     * @param mismatchAt where what came back differs first from what was sent, or null
     * @param error why it failed: the kernel's name of an error, or null
     */
    record Stream(
            int stream,
            String state,
            int sourcePort,
            int machinePort,
            long sentBytes,
            long acknowledgedBytes,
            long receivedBytes,
            long retransmittedSegments,
            long transactions,
            double goodputMbps,
            @Nullable String sha256,
            @Nullable String receivedSha256,
            @Nullable Long mismatchAt,
            @Nullable String error) {}
}
