package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be seen of a network port. */
public interface NicViews {
    /** A port and its settings. */
    record Nic(
            String id,
            String mac,
            String ipv4,
            String ipv6,
            String pciAddress,
            int linkMbps,
            int mtu,
            int receiveQueues,
            int ringSize,
            boolean splitHeaders,
            boolean checksumOffload,
            boolean tso,
            int interruptsPerSecond,
            boolean promiscuous,
            boolean linkUp,
            long framesOnWire) {}

    /** A receive queue: its ring's registers, a window of descriptors, and counters. */
    record Queue(
            int queue,
            int cpu,
            int ringSize,
            int head,
            int tail,
            long packets,
            long bytes,
            boolean polling,
            List<Descriptor> descriptors) {}

    /** A receive descriptor as it lies in memory. */
    record Descriptor(int index, String address, String hex, Map<String, Object> decoded) {}

    /** How queues are chosen. */
    record Rss(String key, List<Integer> indirectionTable, List<String> hashFields, int queues) {}

    /** Where a flow goes. */
    record RssHash(String hash, int entry, int queue) {}

    /** What became of injected frames; a rejected one has a reason and never reaches the wire. */
    record Injected(int accepted, List<Rejected> rejected) {}

    /** A frame that can't be put on a wire. */
    record Rejected(int index, String reason) {}

    /** The capture's settings and what it holds. */
    record Capture(
            boolean enabled,
            int snapLength,
            @Nullable String filter,
            String direction,
            long packets,
            long bytes,
            long dropped,
            long limitBytes) {}

    /** The packet tap. */
    record Tap(int hold, int held, long received, long dropped) {}

    /**
     * A received packet that the tap holds, as the stack sees it.
     *
     * @param header where the linear part lies
     * @param fragments page parts, in order
     * @param segment what belongs to its TCP stream, or null
     */
    record Packet(
            long sequence,
            long atNs,
            int queue,
            int cpu,
            String hash,
            String hashType,
            boolean split,
            String checksum,
            int length,
            Header header,
            List<Fragment> fragments,
            @Nullable Segment segment) {}

    /** The linear part: a buffer that copies can name, the offset of its first byte and its length. */
    record Header(String buffer, String address, int offset, int length) {}

    /** A page part. */
    record Fragment(String page, int offset, int length) {}

    /** A packet's part of a TCP stream; the payload's offset counts from the frame's first byte. */
    record Segment(String flow, long sequence, long acknowledgment, int flags, int payloadOffset, int payloadLength) {}
}
