package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;

/** What {@code poll()} finds at a connection ({@code tcp_poll}). */
final class TcpReadiness {
    private TcpReadiness() {}

    static int of(TcpSocket socket, TcpConnection connection) {
        TcpState state = connection.state();
        boolean old = socket.layer.isOld();
        boolean bothShut = connection.isReceiveShut() && connection.isSendShut();
        int events = connection.error() != 0 ? PollEvents.POLLERR : 0;
        if (bothShut || state == TcpState.CLOSE) {
            events |= PollEvents.POLLHUP;
        }
        if (connection.isReceiveShut()) {
            events |= PollEvents.READABLE | (old ? 0 : PollEvents.POLLRDHUP);
        }
        if (state != TcpState.SYN_SENT && state != TcpState.SYN_RECV) {
            events |= dataEvents(socket, connection, old);
        }
        return events;
    }

    private static int dataEvents(TcpSocket socket, TcpConnection connection, boolean old) {
        int least = old ? 1 : socket.options.receiveLowWater;
        boolean onlyUrgent = connection.isAtMark() && connection.readable() == 1 && !socket.options.urgentInline;
        int events = connection.readable() >= least && !onlyUrgent ? PollEvents.READABLE : 0;
        if (connection.hasUrgentByte()) {
            events |= PollEvents.POLLPRI;
        }
        if (connection.isSendShut()) {
            return events | (old ? 0 : PollEvents.WRITABLE);
        }
        if (socket.isWritable()) {
            return events | PollEvents.WRITABLE;
        }
        socket.awaitRoom();
        return events;
    }
}
