package org.ioatlab.kernel.net.tcp;

/**
 * What a socket asks for before its handshake.
 *
 * @param receiveBuffer SO_RCVBUF in bytes as the kernel keeps it, 0 for the default
 * @param sendBuffer SO_SNDBUF likewise
 * @param segmentBytes TCP_MAXSEG, 0 for what the path takes
 * @param windowClamp TCP_WINDOW_CLAMP, 0 for none
 * @param deferAccept whether a listener waits for data (TCP_DEFER_ACCEPT)
 */
public record TcpOptionsWanted(
        int receiveBuffer, int sendBuffer, int segmentBytes, int windowClamp, boolean deferAccept) {
    /** Nothing special. */
    public static final TcpOptionsWanted DEFAULT = new TcpOptionsWanted(0, 0, 0, 0, false);
}
