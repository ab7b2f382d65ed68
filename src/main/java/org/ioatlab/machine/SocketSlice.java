package org.ioatlab.machine;

import java.util.Map;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.ReadyCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketOption;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.EventLoop;
import org.jspecify.annotations.Nullable;

/** System calls on a socket that never wait: {@code shutdown()} and {@code setsockopt()}. */
final class SocketSlice extends SocketTask<SocketViews.Socket> {
    private final SocketCommand<?> command;
    private final String id;

    SocketSlice(SocketFace face, SocketCommand<?> command, String id, Processor processor) {
        super(
                face,
                command instanceof SocketCommand.Shutdown ? "shutdown" : "setsockopt",
                processor,
                EventLoop.HORIZON_PS);
        this.command = command;
        this.id = id;
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        Socket socket = face.find(id);
        return new ReadyCall(face.layer).begin(socket, run(socket));
    }

    private int run(Socket socket) {
        if (command instanceof SocketCommand.Shutdown c) {
            return socket.shutdown(c.how() != SocketCommand.How.WRITE, c.how() != SocketCommand.How.READ, processor());
        }
        if (command instanceof SocketCommand.SetOptions c) {
            for (Map.Entry<SocketOption, Long> each :
                    SocketFace.options(c.options()).entrySet()) {
                int error = socket.setOption(each.getKey(), each.getValue(), processor());
                if (error != 0) {
                    return error;
                }
            }
        }
        return 0;
    }

    @Override
    SocketViews.Socket result(SystemCall returned, @Nullable UserBuffer memory) {
        return face.view(face.find(id));
    }

    @Override
    protected SocketViews.Socket finish(SocketViews.Socket result) {
        return face.view(face.find(id));
    }
}
