package org.ioatlab.machine;

import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.CloseCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.EventLoop;
import org.jspecify.annotations.Nullable;

/** {@code close()}. */
final class CloseTask extends SocketTask<Done> {
    private final Socket socket;

    CloseTask(SocketFace face, Socket socket, Processor processor) {
        super(face, "close", processor, EventLoop.HORIZON_PS);
        this.socket = socket;
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        if (socket.isClosed()) {
            throw Refusal.unknown("socket", SocketFace.id(socket));
        }
        SocketFace.requireUnused(socket);
        return new CloseCall(face.layer).begin(socket);
    }

    @Override
    Done result(SystemCall returned, @Nullable UserBuffer memory) {
        return new Done(0);
    }

    @Override
    protected Done finish(Done result) {
        return Machine.done(processor().loop());
    }
}
