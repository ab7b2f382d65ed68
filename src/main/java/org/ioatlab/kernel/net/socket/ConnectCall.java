package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** {@code connect()} of a TCP socket: opens the connection and waits for the handshake. */
public final class ConnectCall extends TcpCall {
    private @Nullable IpAddress address;
    private int port;
    private boolean opened;
    private boolean begun;

    /** A call object to be used again and again. */
    public ConnectCall(SocketLayer layer) {
        super(layer);
    }

    /**
     * Begins {@code connect()}.
     *
     * @param remote null dissolves the connection that there is (AF_UNSPEC)
     */
    public ConnectCall begin(TcpSocket socket, @Nullable IpAddress remote, int remotePort, Processor on) {
        prepareOn(socket);
        address = remote;
        port = remotePort;
        opened = false;
        begun = false;
        if (socket.options.sendTimeoutPs > 0) {
            setDeadline(on.nowPs() + socket.options.sendTimeoutPs);
        }
        return this;
    }

    @Override
    Step step(Task task, Processor on) {
        socket().waiters.remove(task);
        if (!begun) {
            begun = true;
            return first(task, on);
        }
        return await(task, on);
    }

    private Step first(Task task, Processor on) {
        TcpSocket socket = socket();
        IpAddress remote = address;
        if (remote == null) {
            return returns(socket.disconnect(on));
        }
        TcpConnection connection = socket.connection;
        if (connection != null) {
            return again(connection, task, on);
        }
        int error = socket.isListening() ? Errors.EISCONN.returned() : socket.open(remote, port, on);
        if (error != 0) {
            return returns(error);
        }
        opened = true;
        return await(task, on);
    }

    /** A second call tells how the first, which didn't wait, has ended. */
    private Step again(TcpConnection connection, Task task, Processor on) {
        if (connection.state() == TcpState.SYN_SENT || connection.state() == TcpState.SYN_RECV) {
            return socket().nonBlocking ? fails(Errors.EALREADY) : await(task, on);
        }
        int error = connection.takeError();
        if (error != 0) {
            return returns(-error);
        }
        return socket().takeConnected() ? returns(0) : fails(Errors.EISCONN);
    }

    private Step await(Task task, Processor on) {
        TcpSocket socket = socket();
        TcpConnection connection = connection();
        TcpState state = connection.state();
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECV) {
            if (socket.nonBlocking) {
                return fails(opened ? Errors.EINPROGRESS : Errors.EALREADY);
            }
            if (isOverdue(on)) {
                noteTimeout();
                return fails(Errors.EINPROGRESS);
            }
            socket.waiters.add(task);
            return sleep(task);
        }
        on.spend(Symbol.TCP_V4_CONNECT, layer.costs.lock());
        int error = connection.takeError();
        if (error != 0) {
            socket.connection = null;
            return returns(-error);
        }
        socket.takeConnected();
        return state == TcpState.CLOSE ? fails(Errors.ECONNABORTED) : returns(0);
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("connect");
        hash.put(port);
        hash.put(begun);
        hash.put(opened);
    }
}
