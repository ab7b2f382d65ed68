package org.ioatlab.hardware.nic;

import java.util.Map;
import org.ioatlab.wire.Ethernet;

/** What a port has counted since it was made. Kept for observation only: none of it is part of a machine's state. */
public final class PortStatistics {
    long packets;
    long bytes;
    long broadcast;
    long multicast;
    long missed;
    long noBuffer;
    long tooShort;
    long tooLong;
    long filtered;
    long disabled;
    long failedSegmentations;
    long goodSegmentations;
    long unsendable;
    private long sentPackets;
    private long sentBytes;
    private long sentBroadcast;
    private long sentMulticast;
    final long[] queuePackets = new long[NetworkPort.QUEUES];
    final long[] queueBytes = new long[NetworkPort.QUEUES];

    /** Frames stored in memory. */
    public long packets() {
        return packets;
    }

    /** Their bytes, without frame check sequences. */
    public long bytes() {
        return bytes;
    }

    /** Frames lost because the packet buffer was full. */
    public long missed() {
        return missed;
    }

    /** Frames that had to wait in the packet buffer, or were missed, because no descriptor was free; for the memory bus is not counted. */
    public long noBuffer() {
        return noBuffer;
    }

    /** Frames shorter than 64 bytes, frame check sequence included. */
    public long tooShort() {
        return tooShort;
    }

    /** Frames longer than allowed. */
    public long tooLong() {
        return tooLong;
    }

    /** Frames for other stations. */
    public long filtered() {
        return filtered;
    }

    /** Frames that arrived while the receiver was off. */
    public long disabled() {
        return disabled;
    }

    /** Frames stored by {@code queue}. */
    public long queuePackets(int queue) {
        return queuePackets[queue];
    }

    /** Frames sent. */
    public long sentPackets() {
        return sentPackets;
    }

    /** Their bytes, without frame check sequences. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Packets whose segments have all been sent. */
    public long goodSegmentations() {
        return goodSegmentations;
    }

    /** Packets that couldn't be cut into segments. */
    public long failedSegmentations() {
        return failedSegmentations;
    }

    /** Packets too long or too short to be sent. */
    public long unsendable() {
        return unsendable;
    }

    /** A frame has left. */
    void sent(byte[] frame, int length) {
        sentPackets++;
        sentBytes += length;
        if ((frame[0] & 1) != 0) {
            boolean everybody = Ethernet.destination(frame, 0) == AddressFilter.BROADCAST;
            sentBroadcast += everybody ? 1 : 0;
            sentMulticast += everybody ? 0 : 1;
        }
    }

    /** Frames that went nowhere, each counted once. */
    public long lost() {
        return missed + tooShort + tooLong + filtered + disabled;
    }

    /** Adds the port's counters, under the names of {@code ethtool -S}. */
    public void addTo(Map<String, Long> counters) {
        counters.put("rx_packets", packets);
        counters.put("rx_bytes", bytes);
        counters.put("rx_broadcast", broadcast);
        counters.put("rx_multicast", multicast);
        counters.put("rx_missed_errors", missed);
        counters.put("rx_no_buffer_count", noBuffer);
        counters.put("rx_short_length_errors", tooShort);
        counters.put("rx_long_length_errors", tooLong);
        counters.put("rx_filtered", filtered);
        counters.put("rx_receiver_off", disabled);
        counters.put("tx_packets", sentPackets);
        counters.put("tx_bytes", sentBytes);
        counters.put("tx_broadcast", sentBroadcast);
        counters.put("tx_multicast", sentMulticast);
        counters.put("tx_errors", unsendable);
        counters.put("tx_tcp_seg_good", goodSegmentations);
        counters.put("tx_tcp_seg_failed", failedSegmentations);
    }

    /** Adds one queue's counters. */
    public void addQueueTo(Map<String, Long> counters, int queue) {
        counters.put("rx_queue_" + queue + "_packets", queuePackets[queue]);
        counters.put("rx_queue_" + queue + "_bytes", queueBytes[queue]);
    }
}
