package org.ioatlab.workload.packetdrill.live;

import java.util.List;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.AcceptCall;
import org.ioatlab.kernel.net.socket.CloseCall;
import org.ioatlab.kernel.net.socket.ConnectCall;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.IoVector;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.PollCall;
import org.ioatlab.kernel.net.socket.ReceiveCall;
import org.ioatlab.kernel.net.socket.SendCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.socket.UdpReceiveCall;
import org.ioatlab.kernel.net.socket.UdpSendCall;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.jspecify.annotations.Nullable;

/** Begins the kernel's system calls for a script's. */
final class LiveCalls {
    private static final int NON_BLOCKING = 0x800;
    private static final int READ_WRITE = 2;

    private final SocketLayer layer;
    private final LiveOptions options = new LiveOptions();
    private final EpollSets epolls = new EpollSets();

    LiveCalls(SocketLayer layer) {
        this.layer = layer;
    }

    /** Begins the call: gives {@code task} one to run, or answers what a call returns that is over at once. */
    long begin(LiveCall task, Processor on) {
        return switch (task.asked()) {
            case SocketCall.Open open -> open(open, on);
            case SocketCall.EpollCreate _ -> epolls.create();
            case SocketCall.EpollControl control -> epolls.control(control, layer.find(control.fd()));
            case SocketCall.EpollWait wait -> wait(task, wait, on);
            case SocketCall.Poll poll -> poll(task, poll, on);
            case SocketCall.Close close -> close(task, close);
            case SocketCall.Bind bind -> onSocket(task, bind.fd(), on);
            case SocketCall.Listen listen -> onSocket(task, listen.fd(), on);
            case SocketCall.Accept accept -> onSocket(task, accept.fd(), on);
            case SocketCall.Connect connect -> onSocket(task, connect.fd(), on);
            case SocketCall.Receive receive -> onSocket(task, receive.fd(), on);
            case SocketCall.Send send -> onSocket(task, send.fd(), on);
            case SocketCall.Shutdown shutdown -> onSocket(task, shutdown.fd(), on);
            case SocketCall.SetOption option -> onSocket(task, option.fd(), on);
            case SocketCall.GetOption option -> onSocket(task, option.fd(), on);
            case SocketCall.Control control -> onSocket(task, control.fd(), on);
            case SocketCall.DeviceControl control -> onSocket(task, control.fd(), on);
        };
    }

    private long open(SocketCall.Open open, Processor on) {
        Socket socket = switch (open.kind()) {
            case STREAM -> layer.openTcp(open.ipv6(), on);
            case DATAGRAM -> layer.openUdp(open.ipv6(), on);
            case PING -> null;
        };
        if (socket == null) {
            return Errors.EACCES.returned();
        }
        socket.setNonBlocking(open.nonBlocking());
        return socket.number();
    }

    private long close(LiveCall task, SocketCall.Close close) {
        if (epolls.isOne(close.fd())) {
            epolls.close(close.fd());
            return 0;
        }
        OpenFile file = layer.find(close.fd());
        if (file == null) {
            return Errors.EBADF.returned();
        }
        task.runs(new CloseCall(layer).begin(file));
        return 0;
    }

    private long onSocket(LiveCall task, int fd, Processor on) {
        if (!(layer.find(fd) instanceof Socket socket)) {
            return epolls.isOne(fd) ? Errors.EINVAL.returned() : Errors.EBADF.returned();
        }
        return switch (task.asked()) {
            case SocketCall.Bind bind -> socket.bind(bind.address(), bind.port(), on);
            case SocketCall.Listen listen -> socket.listen(listen.backlog(), on);
            case SocketCall.Shutdown shutdown -> shutdown(socket, shutdown.how(), on);
            case SocketCall.SetOption option -> options.set(socket, option, on);
            case SocketCall.GetOption option -> options.get(socket, option.name(), task.values);
            case SocketCall.Control control -> control(socket, control);
            case SocketCall.DeviceControl control -> deviceControl(socket, control, task.values);
            case SocketCall.Receive receive -> receive(task, socket, receive, on);
            case SocketCall.Send send -> send(task, socket, send, on);
            case SocketCall.Connect connect -> connect(task, socket, connect, on);
            case SocketCall.Accept _ -> accept(task, socket, on);
            default -> Errors.EINVAL.returned();
        };
    }

    private static long shutdown(Socket socket, int how, Processor on) {
        return how < 0 || how > 2 ? Errors.EINVAL.returned() : socket.shutdown(how != 1, how != 0, on);
    }

    private static long control(Socket socket, SocketCall.Control control) {
        switch (control.command()) {
            case "F_GETFL" -> {
                return READ_WRITE | (socket.isNonBlocking() ? NON_BLOCKING : 0);
            }
            case "F_SETFL" -> socket.setNonBlocking((control.argument() & NON_BLOCKING) != 0);
            case "F_GETFD", "F_SETFD" -> {}
            default -> {
                return Errors.EINVAL.returned();
            }
        }
        return 0;
    }

    private static long deviceControl(Socket socket, SocketCall.DeviceControl control, List<Long> values) {
        boolean listening = socket instanceof TcpSocket tcp && tcp.isListening();
        switch (control.request()) {
            case "SIOCINQ", "FIONREAD" -> values.add((long) socket.readableBytes());
            case "SIOCOUTQ", "TIOCOUTQ", "FIONWRITE" -> values.add(socket.unsentBytes());
            case "SIOCATMARK" -> values.add(socket.isAtMark() ? 1L : 0L);
            case "FIONBIO" -> {
                socket.setNonBlocking(control.argument() != 0);
                values.add(control.argument());
            }
            default -> {
                return Errors.ENOTTY.returned();
            }
        }
        return listening && !control.request().equals("FIONBIO") ? Errors.EINVAL.returned() : 0;
    }

    private long receive(LiveCall task, Socket socket, SocketCall.Receive receive, Processor on) {
        task.values.add(0L);
        if (socket instanceof UdpSocket udp) {
            UdpReceiveCall call = new UdpReceiveCall(layer);
            fill(call.into(), receive.lengths(), task.buffer());
            task.runs(call.begin(udp, receive.flags(), on));
            return 0;
        }
        TcpSocket tcp = (TcpSocket) socket;
        if (tcp.connection() == null) {
            return Errors.ENOTCONN.returned();
        }
        ReceiveCall call = new ReceiveCall(layer);
        fill(call.into(), receive.lengths(), task.buffer());
        task.runs(call.begin(tcp, receive.flags(), on));
        return 0;
    }

    private static void fill(IoVector vector, List<Integer> lengths, UserBuffer buffer) {
        int at = 0;
        for (int length : lengths) {
            if (length > 0) {
                vector.add(buffer, at, length);
                at += length;
            }
        }
    }

    private long send(LiveCall task, Socket socket, SocketCall.Send send, Processor on) {
        byte[] bytes = new byte[send.length()];
        for (int i = 0; i < Math.min(bytes.length, send.text().length()); i++) {
            bytes[i] = (byte) send.text().charAt(i);
        }
        task.buffer().write(layer.memory().bytes(), 0, bytes, 0, bytes.length);
        if (socket instanceof UdpSocket udp) {
            UdpSendCall call = new UdpSendCall(layer);
            fill(call.from(), List.of(send.length()), task.buffer());
            task.runs(call.begin(udp, send.address(), send.port()));
            return 0;
        }
        TcpSocket tcp = (TcpSocket) socket;
        if (tcp.connection() == null) {
            return Errors.EPIPE.returned();
        }
        SendCall call = new SendCall(layer);
        fill(call.from(), List.of(send.length()), task.buffer());
        task.runs(call.begin(tcp, send.flags(), on));
        return 0;
    }

    private long connect(LiveCall task, Socket socket, SocketCall.Connect connect, Processor on) {
        if (socket instanceof UdpSocket udp) {
            return connect.address() == null ? 0 : udp.connect(connect.address(), connect.port(), on);
        }
        task.runs(new ConnectCall(layer).begin((TcpSocket) socket, connect.address(), connect.port(), on));
        return 0;
    }

    private long accept(LiveCall task, Socket socket, Processor on) {
        if (!(socket instanceof TcpSocket tcp)) {
            return Errors.EOPNOTSUPP.returned();
        }
        task.runs(new AcceptCall(layer).begin(tcp, on));
        return 0;
    }

    private long poll(LiveCall task, SocketCall.Poll poll, Processor on) {
        PollCall call = new PollCall(layer, false);
        for (SocketCall.PollEntry entry : poll.entries()) {
            OpenFile file = layer.find(entry.fd());
            if (file == null) {
                return Errors.EBADF.returned();
            }
            call.add(file, entry.events());
        }
        task.runs(call.begin());
        deadline(call, poll.timeoutMs(), on);
        return 0;
    }

    private long wait(LiveCall task, SocketCall.EpollWait wait, Processor on) {
        if (!epolls.isOne(wait.epoll())) {
            return Errors.EBADF.returned();
        }
        PollCall call = new PollCall(layer, false);
        epolls.fill(wait.epoll(), call);
        task.runs(call.begin());
        deadline(call, wait.timeoutMs(), on);
        return 0;
    }

    private static void deadline(PollCall call, int timeoutMs, Processor on) {
        if (timeoutMs >= 0) {
            call.setDeadline(on.nowPs() + timeoutMs * Picoseconds.PER_MILLISECOND);
        }
    }

    /** A call has returned: takes what it wrote. */
    void returned(LiveCall task, SystemCall returned) {
        if (task.asked() instanceof SocketCall.Poll poll && returned instanceof PollCall call) {
            for (int i = 0; i < poll.entries().size(); i++) {
                task.values.add((long) call.found(i));
            }
        } else if (task.asked() instanceof SocketCall.EpollWait wait && returned instanceof PollCall call) {
            epolls.take(wait, call, task.values);
        } else if (task.asked() instanceof SocketCall.Accept accept && returned instanceof AcceptCall call) {
            TcpSocket accepted = call.accepted();
            if (accepted != null && accept.nonBlocking()) {
                accepted.setNonBlocking(true);
            }
        }
    }

    /** The string that an option's value is, or null. */
    @Nullable
    String text(SocketCall asked) {
        if (asked instanceof SocketCall.GetOption option && layer.find(option.fd()) instanceof Socket socket) {
            return options.text(socket, option.name());
        }
        return null;
    }
}
