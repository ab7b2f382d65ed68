package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * A received TCP segment: its addresses and header fields decoded, its payload wherever its owner keeps it (the control block that TCP has
 * in a socket buffer). Queues link segments by {@link #next}. Owners use their objects again, so that a segment costs no allocation.
 */
public abstract class Segment {
    /** Pairs of edges that fit into the option space. */
    public static final int LARGEST_SACK_BLOCKS = 4;

    boolean ipv4;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int device;

    int sourcePort;
    int destinationPort;
    int sequence;
    int acknowledgment;
    int flags;
    int window;
    int urgentPointer;
    int headerLength;
    int payloadLength;

    boolean hasTimestamps;
    boolean alignedTimestampsOnly;
    int timestampValue;
    int timestampEcho;
    int maximumSegmentSize;
    int windowScale;
    boolean sackPermitted;
    int sackBlocks;
    final int[] sackEdges = new int[2 * LARGEST_SACK_BLOCKS];

    /** Sequence number behind the last byte; SYN and FIN count. */
    int end;

    /** Where the segment's bytes begin that are still wanted: {@link #sequence} unless its front is known already. */
    int first;

    @Nullable
    Segment next;

    /** Its payload is on the way to its reader, and all but that is still to be done ({@code copied_early}; OLS 2005 paper, section 4.3). */
    boolean copiedEarly;

    /** Whether the receive buffer is charged with it. */
    boolean charged;

    /** Memory that a receive buffer is charged with for it, bytes. */
    public abstract int truesize();

    /** Says where it came from and to whom it went, for IPv4 in the low 32 bits of the lower halves. */
    public final void setAddresses(boolean isIpv4, long fromHigh, long fromLow, long toHigh, long toLow) {
        ipv4 = isIpv4;
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        destinationHigh = toHigh;
        destinationLow = toLow;
    }

    /** Says by which of the host's interfaces it came; answers go out there if no other way is known. */
    public final void setDevice(int index) {
        device = index;
    }

    /**
     * Decodes the header at {@code offset}; the checksum isn't looked at.
     *
     * @param length bytes of header and payload
     * @param linear how many of them lie in {@code bytes}
     * @return false if the header's length is impossible
     */
    public final boolean decode(byte[] bytes, int offset, int length, int linear) {
        return SegmentDecoder.decode(this, bytes, offset, length, linear);
    }

    public final int sourcePort() {
        return sourcePort;
    }

    public final int destinationPort() {
        return destinationPort;
    }

    /** The sequence number in the header. */
    public final int sequence() {
        return sequence;
    }

    /** Whether its payload is on the way to its reader while its acknowledgment waits for that ({@code copied_early}). */
    public final boolean isCopiedEarly() {
        return copiedEarly;
    }

    /** Whether its sender asked for it to be delivered at once (PSH). */
    public final boolean isPushed() {
        return has(Tcp.PSH);
    }

    public final int acknowledgment() {
        return acknowledgment;
    }

    /** The flags as {@link Tcp} numbers them. */
    public final int flags() {
        return flags;
    }

    /** Length of the TCP header, bytes. */
    public final int headerLength() {
        return headerLength;
    }

    /** Length of the payload, bytes. */
    public final int payloadLength() {
        return payloadLength;
    }

    /** How many of the payload's first bytes aren't wanted any more. */
    public final int skipped() {
        return first - sequence;
    }

    /** The segment behind it in its queue. */
    public final @Nullable Segment next() {
        return next;
    }

    /** Links it to another one, for queues of its owner while TCP doesn't have it. */
    public final void setNext(@Nullable Segment behind) {
        next = behind;
    }

    /** Where it came from. Allocates. */
    public final IpAddress sourceAddress() {
        return address(sourceHigh, sourceLow);
    }

    /** To whom it went. Allocates. */
    public final IpAddress destinationAddress() {
        return address(destinationHigh, destinationLow);
    }

    /** Leaves only the first {@code length} bytes of the payload, without FIN. */
    final void cut(int length) {
        end = payloadEnd() - payloadLength + length;
        payloadLength = length;
        flags &= ~(Tcp.FIN | Tcp.PSH);
    }

    final boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Bytes that are still wanted. */
    final int wantedBytes() {
        return payloadLength - (first - sequence);
    }

    /** Behind the last payload byte; a FIN doesn't count. */
    final int payloadEnd() {
        return sequence + (flags & Tcp.SYN) / Tcp.SYN + payloadLength;
    }

    /** Feeds what TCP knows of it. */
    public final void hashSegmentInto(StateHash hash) {
        hash.put((long) sequence << Integer.SIZE | Integer.toUnsignedLong(end));
        hash.put((long) first << Integer.SIZE | flags);
        hash.put(copiedEarly);
        hash.put(charged);
    }

    /** Turns a segment that this end has sent into one by which its endpoint is found. */
    final void swapEnds() {
        long high = sourceHigh;
        long low = sourceLow;
        int port = sourcePort;
        sourceHigh = destinationHigh;
        sourceLow = destinationLow;
        sourcePort = destinationPort;
        destinationHigh = high;
        destinationLow = low;
        destinationPort = port;
    }

    private IpAddress address(long high, long low) {
        return ipv4 ? IpAddress.ipv4((int) low) : IpAddress.ipv6(high, low);
    }
}
