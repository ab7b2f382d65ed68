package org.ioatlab.machine;

import java.util.Objects;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.PageCacheFile;
import org.ioatlab.kernel.net.socket.SendCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.socket.UdpSendCall;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.jspecify.annotations.Nullable;

/** {@code sendmsg()} or {@code sendfile()} of bytes that are there for this one call. */
final class SendTask extends SocketTask<SocketViews.Sent> {
    private final SocketCommand.Send command;

    SendTask(SocketFace face, SocketCommand.Send command, Socket socket, Processor processor) {
        super(face, command.file() ? "sendfile" : "send", processor, command.timeoutPs());
        this.command = command;
        if (socket instanceof TcpSocket tcp && tcp.connection() == null) {
            throw Refusal.conflict("not-connected", command.socket() + " has no connection to write to.")
                    .with("state", socket.stateName());
        }
    }

    @Override
    int bufferBytes() {
        return command.length();
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        int flags = SocketFlags.of(command.flags());
        Socket socket = face.find(command.socket());
        if (memory != null) {
            memory.write(kernel().bytes(), 0, face.bytes(command.content(), command.length()), 0, command.length());
        }
        if (socket instanceof UdpSocket udp) {
            UdpSendCall call = new UdpSendCall(face.layer);
            if (memory != null) {
                call.from().add(memory, 0, command.length());
            }
            return call.begin(
                    udp, SocketFace.address("address", command.address()), command.port() == null ? 0 : command.port());
        }
        SendCall call = new SendCall(face.layer);
        if (command.file() && memory != null) {
            return call.beginFile(
                    (TcpSocket) socket, new PageCacheFile(face.layer, memory), 0, command.length(), processor());
        }
        if (memory != null) {
            call.from().add(Objects.requireNonNull(memory), 0, command.length());
        }
        return call.begin((TcpSocket) socket, flags, processor());
    }

    @Override
    SocketViews.Sent result(SystemCall returned, @Nullable UserBuffer memory) {
        return new SocketViews.Sent(Math.max(returned.result(), 0), returned.timedOut(), returned.cycles(), 0);
    }

    @Override
    protected SocketViews.Sent finish(SocketViews.Sent r) {
        return new SocketViews.Sent(r.sent(), r.timedOut(), r.cycles(), face.nowNs());
    }
}
