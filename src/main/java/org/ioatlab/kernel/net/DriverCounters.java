package org.ioatlab.kernel.net;

import java.util.Map;
import org.ioatlab.hardware.nic.ReceiveDescriptor;

/** What the driver counts of its own. Kept for observation only. */
final class DriverCounters {
    private long headerSplits;
    private long goodChecksums;
    private long badChecksums;
    private long failedRefills;
    private long droppedAtReset;

    void refillFailed() {
        failedRefills++;
    }

    void droppedAtReset(int frames) {
        droppedAtReset += frames;
    }

    /** Notes on the packet what its descriptor tells of checksum and split, and counts it. */
    void judge(SocketBuffer packet, int status, boolean split) {
        packet.headerSplit = split;
        packet.checksum = SocketBuffer.Checksum.NONE;
        packet.checksumError = (status & (ReceiveDescriptor.TRANSPORT_ERROR | ReceiveDescriptor.IP_ERROR)) != 0;
        headerSplits += split ? 1 : 0;
        if (packet.checksumError) {
            badChecksums++;
        } else if ((status & (ReceiveDescriptor.TCP_CHECKSUM | ReceiveDescriptor.UDP_CHECKSUM)) != 0) {
            packet.checksum = SocketBuffer.Checksum.UNNECESSARY;
            goodChecksums++;
        }
    }

    /** Adds the counters, under the names of {@code ethtool -S}. */
    void addTo(Map<String, Long> counters) {
        counters.put("rx_hdr_split", headerSplits);
        counters.put("rx_csum_offload_good", goodChecksums);
        counters.put("rx_csum_offload_errors", badChecksums);
        counters.put("rx_alloc_buff_failed", failedRefills);
        counters.put("rx_dropped", droppedAtReset);
    }
}
