package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The network ports as users of a machine see them. */
public final class NicFace {
    Call<?> apply(NicCommand<?> command) {
        throw new IllegalStateException("not wired: " + command);
    }

    /** All ports. */
    public List<NicViews.Nic> nics() {
        throw new IllegalStateException("not wired");
    }

    /** One port. */
    public NicViews.Nic nic(String id) {
        throw new IllegalStateException("not wired: " + id);
    }

    /** A queue with {@code count} descriptors of its ring from index {@code first}. */
    public NicViews.Queue queue(String nic, int queue, int first, int count) {
        throw new IllegalStateException("not wired: " + nic + queue + first + count);
    }

    /** Counters by their ethtool names, in a fixed order. */
    public Map<String, Long> statistics(String nic) {
        throw new IllegalStateException("not wired: " + nic);
    }

    /** How queues are chosen. */
    public NicViews.Rss rss(String nic) {
        throw new IllegalStateException("not wired: " + nic);
    }

    /** The hash of a flow; without ports that of the addresses. */
    public NicViews.RssHash rssHash(
            String nic,
            String source,
            String destination,
            @Nullable Integer sourcePort,
            @Nullable Integer destinationPort) {
        throw new IllegalStateException("not wired: " + nic + source + destination + sourcePort + destinationPort);
    }

    /** The capture's settings. */
    public NicViews.Capture capture(String nic) {
        throw new IllegalStateException("not wired: " + nic);
    }

    /** What was captured, as a pcapng file. */
    public byte[] captureFile(String nic) {
        throw new IllegalStateException("not wired: " + nic);
    }

    /** The packet tap. */
    public NicViews.Tap tap(String nic) {
        throw new IllegalStateException("not wired: " + nic);
    }

    /** Packets that the tap holds with sequence numbers above {@code after}, at most {@code most}; of one queue unless null. */
    public List<NicViews.Packet> packets(String nic, long after, int most, @Nullable Integer queue) {
        throw new IllegalStateException("not wired: " + nic + after + most + queue);
    }

    /** Bytes of a held packet, header and payload together. */
    public byte[] packetBytes(String nic, long sequence) {
        throw new IllegalStateException("not wired: " + nic + sequence);
    }
}
