package org.ioatlab.kernel.net.tcp;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** A segment to be sent: everything of its header but the checksum, and which bytes of the connection's stream it carries. */
public final class OutgoingSegment {
    /** Bytes of options that a header can have. */
    public static final int LARGEST_OPTIONS = Tcp.MAX_HEADER_LENGTH - Tcp.MIN_HEADER_LENGTH;

    @Nullable
    TcpConnection connection;

    boolean ipv4;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int device;
    int sequence;
    int acknowledgment;
    int flags;
    int window;
    int urgentPointer;
    final byte[] options = new byte[LARGEST_OPTIONS];
    int optionsLength;
    long payloadOffset;
    int payloadLength;
    int segmentBytes;

    OutgoingSegment() {}

    /** The connection that it belongs to; null for an answer to a segment without one. */
    public @Nullable TcpConnection connection() {
        return connection;
    }

    public boolean isIpv4() {
        return ipv4;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    /** The lower half of the sender's address; all of an IPv4 one. */
    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    /** The lower half of the receiver's address; all of an IPv4 one. */
    public long destinationLow() {
        return destinationLow;
    }

    /** The interface that it goes out of if no other way is known. */
    public int device() {
        return device;
    }

    public int sequence() {
        return sequence;
    }

    /** The flags as {@link Tcp} numbers them. */
    public int flags() {
        return flags;
    }

    /** Length of the header with options, bytes. */
    public int headerLength() {
        return Tcp.MIN_HEADER_LENGTH + optionsLength;
    }

    /** Where the payload begins in the connection's stream of sent bytes, counted from 0. */
    public long payloadOffset() {
        return payloadOffset;
    }

    /** Length of the payload, bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Where a port that cuts segments itself has to cut, payload bytes a segment; 0 if it is a single segment. */
    public int segmentBytes() {
        return segmentBytes;
    }

    /** Writes the header at {@code offset}, with a checksum of zero. */
    public void writeHeader(byte[] bytes, int offset) {
        Tcp.setSourcePort(bytes, offset, sourcePort);
        Tcp.setDestinationPort(bytes, offset, destinationPort);
        Tcp.setSequence(bytes, offset, sequence);
        Tcp.setAcknowledgment(bytes, offset, acknowledgment);
        Tcp.setHeaderLength(bytes, offset, headerLength());
        Tcp.setFlags(bytes, offset, flags);
        Tcp.setWindow(bytes, offset, window);
        Tcp.setChecksum(bytes, offset, 0);
        Tcp.setUrgentPointer(bytes, offset, urgentPointer);
        System.arraycopy(options, 0, bytes, offset + Tcp.MIN_HEADER_LENGTH, optionsLength);
    }

    void clear() {
        connection = null;
        acknowledgment = 0;
        urgentPointer = 0;
        optionsLength = 0;
        payloadOffset = 0;
        payloadLength = 0;
        segmentBytes = 0;
    }

    void option(int value) {
        options[optionsLength++] = (byte) value;
    }

    void option16(int value) {
        BigEndian.put16(options, optionsLength, value);
        optionsLength += Short.BYTES;
    }

    void option32(int value) {
        BigEndian.put32(options, optionsLength, value);
        optionsLength += Integer.BYTES;
    }

    /** Addresses of an answer to {@code segment}. */
    void answer(Segment segment) {
        ipv4 = segment.ipv4;
        sourceHigh = segment.destinationHigh;
        sourceLow = segment.destinationLow;
        destinationHigh = segment.sourceHigh;
        destinationLow = segment.sourceLow;
        sourcePort = segment.destinationPort;
        destinationPort = segment.sourcePort;
        device = segment.device;
    }

    /** Addresses of what an endpoint sends. */
    void from(Endpoint endpoint) {
        ipv4 = endpoint.ipv4;
        sourceHigh = endpoint.localHigh;
        sourceLow = endpoint.localLow;
        destinationHigh = endpoint.remoteHigh;
        destinationLow = endpoint.remoteLow;
        sourcePort = endpoint.localPort;
        destinationPort = endpoint.remotePort;
        device = endpoint.device;
    }
}
