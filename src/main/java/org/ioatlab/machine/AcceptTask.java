package org.ioatlab.machine;

import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.AcceptCall;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** {@code accept()}. */
final class AcceptTask extends SocketTask<SocketViews.Accepted> {
    private final SocketCommand.Accept command;

    AcceptTask(SocketFace face, SocketCommand.Accept command, TcpSocket socket, Processor processor) {
        super(face, "accept", processor, command.timeoutPs());
        this.command = command;
        if (!socket.isListening()) {
            throw Refusal.conflict("not-listening", command.socket() + " doesn't listen.")
                    .with("state", socket.stateName());
        }
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        return new AcceptCall(face.layer).begin(face.tcp(command.socket()), processor());
    }

    @Override
    SocketViews.Accepted result(SystemCall returned, @Nullable UserBuffer memory) {
        TcpSocket socket = ((AcceptCall) returned).accepted();
        if (socket == null) {
            return new SocketViews.Accepted(null, null, null, true, returned.cycles(), 0);
        }
        IpAddress remote = socket.remoteAddress();
        return new SocketViews.Accepted(
                SocketFace.id(socket),
                remote == null ? null : remote.toString(),
                socket.remotePort(),
                false,
                returned.cycles(),
                0);
    }

    @Override
    protected SocketViews.Accepted finish(SocketViews.Accepted r) {
        return new SocketViews.Accepted(
                r.id(), r.remoteAddress(), r.remotePort(), r.timedOut(), r.cycles(), face.nowNs());
    }
}
