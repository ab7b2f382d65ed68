package org.ioatlab.kernel.net.socket;

/** How a send buffer's size follows from segments (Linux 2.6.12). */
final class SendLimits {
    /** What a segment takes beside its payload: the longest header, its room and the socket buffer's structure. */
    static final int SEGMENT_OVERHEAD = 128 + 16 + 176;

    /** Room is kept for as many segments at least: one more than may be reordered. */
    static final int LEAST_SEGMENTS = 4;

    /** The least that SO_SNDBUF sets, bytes ({@code SOCK_MIN_SNDBUF}). */
    static final int LEAST_SEND_BUFFER = 2048;

    /** The least that SO_RCVBUF sets, bytes ({@code SOCK_MIN_RCVBUF}). */
    static final int LEAST_RECEIVE_BUFFER = 256;

    private SendLimits() {}
}
