package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;

/** What {@code poll()} finds at a connection ({@code tcp_poll}). */
final class TcpReadiness {
    private TcpReadiness() {}

    static int of(TcpSocket socket, TcpConnection connection) {
        TcpState state = connection.state();
        boolean byLowWater = socket.tcp().persona().has(Persona.Habit.POLLS_BY_LOW_WATER);
        boolean bothShut = connection.isReceiveShut() && connection.isSendShut();
        int events = connection.error() != 0 ? PollEvents.POLLERR : 0;
        if (bothShut || state == TcpState.CLOSE) {
            events |= PollEvents.POLLHUP;
        }
        if (connection.isReceiveShut()) {
            events |= PollEvents.READABLE | (byLowWater ? PollEvents.POLLRDHUP : 0);
        }
        if (state != TcpState.SYN_SENT && state != TcpState.SYN_RECV) {
            events |= dataEvents(socket, connection, byLowWater);
        }
        return events;
    }

    private static int dataEvents(TcpSocket socket, TcpConnection connection, boolean byLowWater) {
        int least = byLowWater ? socket.options.receiveLowWater : 1;
        boolean onlyUrgent = connection.isAtMark() && connection.readable() == 1 && !socket.options.urgentInline;
        int events = connection.readable() >= least && !onlyUrgent ? PollEvents.READABLE : 0;
        if (connection.hasUrgentByte()) {
            events |= PollEvents.POLLPRI;
        }
        if (connection.isSendShut()) {
            return events | (byLowWater ? PollEvents.WRITABLE : 0);
        }
        if (socket.isWritable()) {
            return events | PollEvents.WRITABLE;
        }
        socket.awaitRoom();
        return events;
    }
}
