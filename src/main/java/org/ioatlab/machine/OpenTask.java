package org.ioatlab.machine;

import java.util.Map;
import java.util.Objects;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.ConnectCall;
import org.ioatlab.kernel.net.socket.ReadyCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketOption;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** {@code socket()} with its options, {@code bind()}, and {@code listen()} or {@code connect()}; a socket that can't be had is closed again. */
final class OpenTask extends SocketTask<SocketViews.Socket> {
    private static final int USUAL_BACKLOG = 128;

    private final SocketCommand.Open command;
    private @Nullable Socket socket;

    OpenTask(SocketFace face, SocketCommand.Open command, Processor processor) {
        super(face, command.connectTo() == null ? "listen" : "connect", processor, command.timeoutPs());
        this.command = command;
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        IpAddress local = SocketFace.address("address", command.address());
        IpAddress remote = SocketFace.address("connectTo", command.connectTo());
        IpAddress either = remote == null ? local : remote;
        boolean ipv6 = either != null && !either.isIpv4();
        Socket opened = command.protocol() == SocketCommand.Protocol.TCP
                ? face.layer.openTcp(ipv6, processor())
                : face.layer.openUdp(ipv6, processor());
        socket = opened;
        int error = setUp(opened, local);
        if (error == 0 && remote != null) {
            return connect(opened, remote);
        }
        if (error == 0 && opened instanceof TcpSocket) {
            error = opened.listen(command.backlog() == null ? USUAL_BACKLOG : command.backlog(), processor());
        }
        return new ReadyCall(face.layer).begin(opened, error);
    }

    private int setUp(Socket opened, @Nullable IpAddress local) {
        for (Map.Entry<SocketOption, Long> each :
                SocketFace.options(command.options()).entrySet()) {
            int error = opened.setOption(each.getKey(), each.getValue(), processor());
            if (error != 0) {
                return error;
            }
        }
        if (local == null && command.port() == null) {
            return 0;
        }
        IpAddress any = opened.isIpv6() ? IpAddress.ipv6(0, 0) : IpAddress.ipv4(0);
        return opened.bind(local == null ? any : local, command.port() == null ? 0 : command.port(), processor());
    }

    private SystemCall connect(Socket opened, IpAddress remote) {
        int port = Objects.requireNonNull(command.connectPort());
        if (opened instanceof UdpSocket udp) {
            return new ReadyCall(face.layer).begin(udp, udp.connect(remote, port, processor()));
        }
        return new ConnectCall(face.layer).begin((TcpSocket) opened, remote, port, processor());
    }

    @Override
    void failed(SystemCall returned) {
        Socket opened = socket;
        if (opened != null) {
            opened.abandon(processor());
        }
    }

    @Override
    SocketViews.Socket result(SystemCall returned, @Nullable UserBuffer memory) {
        return face.view(Objects.requireNonNull(socket));
    }

    @Override
    protected SocketViews.Socket finish(SocketViews.Socket result) {
        Socket opened = Objects.requireNonNull(socket);
        return opened.isClosed() ? result : face.view(opened);
    }
}
