package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.net.tcp.ListenerUser;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.SocketCall;

/** A socket of {@link TcpOnlyHost}: a call that has to wait answers null and is made again. */
final class TcpOnlySocket implements TcpUser, ListenerUser {
    private static final int PEEK = 2;
    private static final int DONT_WAIT = 0x40;

    private final TcpOnlyHost host;
    private TcpConnection connection;
    private TcpListener listener;
    private boolean nonBlocking;
    private boolean connecting;
    private int port;
    private final List<TcpOnlySocket> made = new ArrayList<>();

    TcpOnlySocket(TcpOnlyHost host, TcpConnection connection, boolean nonBlocking) {
        this.host = host;
        this.connection = connection;
        this.nonBlocking = nonBlocking;
    }

    boolean isNonBlocking() {
        return nonBlocking;
    }

    private CallOutcome ok(long result) {
        return CallOutcome.of(result, host.nowNs());
    }

    private CallOutcome fail(String errno) {
        return CallOutcome.failed(errno, host.nowNs());
    }

    CallOutcome bind(int localPort) {
        port = localPort;
        return ok(0);
    }

    CallOutcome listen(int backlog) {
        listener = host.tcp.listen(port, backlog, this);
        return listener == null ? fail("EADDRINUSE") : ok(0);
    }

    TcpOnlySocket accept() {
        TcpConnection accepted = listener.accept();
        if (accepted == null) {
            return null;
        }
        return made.stream()
                .filter(child -> child.connection == accepted)
                .findFirst()
                .orElseThrow();
    }

    CallOutcome connect(SocketCall.Connect to) {
        if (!connecting) {
            connecting = true;
            connection = host.connect(to, port, this);
            return nonBlocking ? fail("EINPROGRESS") : null;
        }
        if (connection.state() == TcpState.SYN_SENT) {
            return null;
        }
        return connection.error() == 0 ? ok(0) : fail("ECONNREFUSED");
    }

    CallOutcome receive(SocketCall.Receive call) {
        if (connection == null || listener != null) {
            return fail("ENOTCONN");
        }
        int wanted = call.lengths().stream().mapToInt(Integer::intValue).sum();
        if (connection.readable() == 0) {
            if (connection.error() != 0) {
                connection.takeError();
                return fail("ECONNRESET");
            }
            if (connection.isReceiveShut()) {
                return ok(0);
            }
            return nonBlocking || (call.flags() & DONT_WAIT) != 0 ? fail("EAGAIN") : null;
        }
        int bytes = Math.min(wanted, connection.readable());
        if ((call.flags() & PEEK) == 0) {
            take(bytes);
        }
        return new CallOutcome(bytes, null, host.nowNs(), List.of(0L), null, true);
    }

    private void take(int bytes) {
        int left = bytes;
        while (left > 0) {
            Segment first = connection.firstReadable();
            int part = Math.min(left, first.payloadLength() - first.skipped());
            connection.consume(part, host);
            left -= part;
        }
        connection.afterRead(bytes, host);
    }

    CallOutcome send(SocketCall.Send call) {
        if (connection.isSendShut() || connection.error() != 0) {
            return fail("EPIPE");
        }
        connection.written(call.length(), false, host);
        return ok(call.length());
    }

    CallOutcome close() {
        if (listener != null) {
            listener.close(host);
        } else if (connection != null) {
            connection.close(host);
        }
        return ok(0);
    }

    CallOutcome shutdown(int how) {
        if (how != 1) {
            connection.shutdownReceive();
        }
        if (how != 0) {
            connection.shutdownSend(host);
        }
        return ok(0);
    }

    CallOutcome setOption(SocketCall.SetOption option) {
        switch (option.name()) {
            case "TCP_NODELAY" -> connection.setNoDelay(option.values().getFirst() != 0, host);
            case "SO_REUSEADDR", "SO_LINGER", "SO_RCVBUF" -> {}
            default -> {
                return fail("ENOPROTOOPT");
            }
        }
        return ok(0);
    }

    CallOutcome getOption(SocketCall.GetOption option) {
        long value = switch (option.name()) {
            case "SO_ERROR" -> connection.takeError();
            case "SO_RCVBUF" -> connection.receiveBuffer();
            default -> 0;
        };
        return new CallOutcome(0, null, host.nowNs(), List.of(value), null, true);
    }

    CallOutcome control(SocketCall.Control control) {
        if (control.command().equals("F_SETFL")) {
            nonBlocking = (control.argument() & 0x800) != 0;
            return ok(0);
        }
        return ok(nonBlocking ? 0x802 : 2);
    }

    CallOutcome deviceControl(SocketCall.DeviceControl control) {
        return new CallOutcome(0, null, host.nowNs(), List.of((long) connection.readable()), null, true);
    }

    long ready() {
        if (listener != null) {
            return listener.waiting() > 0 ? 1 : 0;
        }
        long in = connection.readable() > 0 || connection.isReceiveShut() ? 1 : 0;
        return in | (connection.state() == TcpState.ESTABLISHED ? 4 : 0) | (connection.error() != 0 ? 8 : 0);
    }

    TcpInfo info() {
        return connection.info(host.nowPs());
    }

    @Override
    public TcpUser opened(TcpConnection opened, Work on) {
        made.add(new TcpOnlySocket(host, opened, false));
        return made.getLast();
    }

    @Override
    public void acceptable(TcpListener on, Work work) {}

    @Override
    public void readable(TcpConnection on, Work work) {}

    @Override
    public void acknowledged(TcpConnection on, long offset, Work work) {}

    @Override
    public void changed(TcpConnection on, Work work) {}
}
