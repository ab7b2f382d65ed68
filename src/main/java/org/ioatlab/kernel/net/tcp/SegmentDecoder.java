package org.ioatlab.kernel.net.tcp;

import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;

/** Reads a TCP header and its options into a segment (RFC 9293, 3.1; RFC 7323; RFC 2018). */
final class SegmentDecoder {
    /** An option that isn't there. */
    static final int ABSENT = -1;

    private static final int ALIGNED_TIMESTAMPS = 0x0101080a;
    private static final int ALIGNED_TIMESTAMPS_LENGTH = 12;
    private static final int LARGEST_WINDOW_SCALE = 14;

    private SegmentDecoder() {}

    static boolean decode(Segment segment, byte[] bytes, int offset, int length, int linear) {
        if (linear < Tcp.MIN_HEADER_LENGTH) {
            return false;
        }
        int headerLength = Tcp.headerLength(bytes, offset);
        if (headerLength < Tcp.MIN_HEADER_LENGTH || headerLength > linear || headerLength > length) {
            return false;
        }
        segment.sourcePort = Tcp.sourcePort(bytes, offset);
        segment.destinationPort = Tcp.destinationPort(bytes, offset);
        segment.sequence = Tcp.sequence(bytes, offset);
        segment.acknowledgment = Tcp.acknowledgment(bytes, offset);
        segment.flags = Tcp.flags(bytes, offset);
        segment.window = Tcp.window(bytes, offset);
        segment.urgentPointer = Tcp.urgentPointer(bytes, offset);
        segment.headerLength = headerLength;
        segment.payloadLength = length - headerLength;
        segment.first = segment.sequence;
        segment.copiedEarly = false;
        segment.charged = false;
        segment.end = segment.sequence
                + segment.payloadLength
                + (segment.has(Tcp.SYN) ? 1 : 0)
                + (segment.has(Tcp.FIN) ? 1 : 0);
        decodeOptions(segment, bytes, offset + Tcp.MIN_HEADER_LENGTH, offset + headerLength);
        return true;
    }

    private static void decodeOptions(Segment segment, byte[] bytes, int start, int end) {
        segment.hasTimestamps = false;
        segment.alignedTimestampsOnly = false;
        segment.maximumSegmentSize = ABSENT;
        segment.windowScale = ABSENT;
        segment.sackPermitted = false;
        segment.sackBlocks = 0;
        if (end - start == ALIGNED_TIMESTAMPS_LENGTH && BigEndian.i32(bytes, start) == ALIGNED_TIMESTAMPS) {
            timestamps(segment, bytes, start + 2);
            segment.alignedTimestampsOnly = true;
            return;
        }
        int at = start;
        while (at < end && bytes[at] != TcpOptions.END) {
            if (bytes[at] == TcpOptions.NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < end ? BigEndian.u8(bytes, at + 1) : 0;
            if (length < 2 || length > end - at) {
                return;
            }
            option(segment, bytes, at, length);
            at += length;
        }
    }

    private static void option(Segment segment, byte[] bytes, int at, int length) {
        switch (bytes[at]) {
            case TcpOptions.MAXIMUM_SEGMENT_SIZE -> {
                if (length == 4 && segment.has(Tcp.SYN)) {
                    segment.maximumSegmentSize = BigEndian.u16(bytes, at + 2);
                }
            }
            case TcpOptions.WINDOW_SCALE -> {
                if (length == 3 && segment.has(Tcp.SYN)) {
                    segment.windowScale = Math.min(BigEndian.u8(bytes, at + 2), LARGEST_WINDOW_SCALE);
                }
            }
            case TcpOptions.SACK_PERMITTED -> segment.sackPermitted |= length == 2 && segment.has(Tcp.SYN);
            case TcpOptions.SACK -> sack(segment, bytes, at, length);
            case TcpOptions.TIMESTAMPS -> {
                if (length == 10) {
                    timestamps(segment, bytes, at);
                }
            }
            default -> {
                // options that nobody here knows are skipped
            }
        }
    }

    private static void timestamps(Segment segment, byte[] bytes, int at) {
        segment.hasTimestamps = true;
        segment.timestampValue = BigEndian.i32(bytes, at + 2);
        segment.timestampEcho = BigEndian.i32(bytes, at + 6);
    }

    private static void sack(Segment segment, byte[] bytes, int at, int length) {
        if (length < 10 || (length - 2) % 8 != 0) {
            return;
        }
        int blocks = Math.min((length - 2) / 8, Segment.LARGEST_SACK_BLOCKS);
        for (int i = 0; i < 2 * blocks; i++) {
            segment.sackEdges[i] = BigEndian.i32(bytes, at + 2 + 4 * i);
        }
        segment.sackBlocks = blocks;
    }
}
