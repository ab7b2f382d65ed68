package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** {@code accept()}: takes the connection that has waited longest, or waits for one; returns its descriptor. */
public final class AcceptCall extends TcpCall {
    private @Nullable TcpSocket accepted;
    private boolean mayWait;

    /** A call object to be used again and again. */
    public AcceptCall(SocketLayer layer) {
        super(layer);
    }

    /** Begins {@code accept()}. */
    public AcceptCall begin(TcpSocket listening, Processor on) {
        prepareOn(listening);
        accepted = null;
        mayWait = !listening.nonBlocking;
        if (listening.options.receiveTimeoutPs > 0) {
            setDeadline(on.nowPs() + listening.options.receiveTimeoutPs);
        }
        return this;
    }

    /** The new socket, or null if the call failed. */
    public @Nullable TcpSocket accepted() {
        return accepted;
    }

    @Override
    Step step(Task task, Processor on) {
        TcpSocket socket = socket();
        socket.waiters.remove(task);
        on.spend(Symbol.TCP_ACCEPT, layer.costs.lock());
        TcpListener listener = socket.listener();
        if (listener == null) {
            return fails(Errors.EINVAL);
        }
        TcpConnection connection = listener.accept();
        if (connection != null) {
            return accept(connection, on);
        }
        if (!mayWait) {
            return fails(Errors.EAGAIN);
        }
        if (isOverdue(on)) {
            noteTimeout();
            return fails(Errors.EAGAIN);
        }
        socket.waiters.add(task);
        return sleep(task);
    }

    private Step accept(TcpConnection connection, Processor on) {
        on.spend(Symbol.TCP_ACCEPT, layer.costs.create());
        TcpSocket socket = (TcpSocket) connection.user();
        socket.markAccepted();
        accepted = socket;
        return returns(socket.number());
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("accept");
        hash.put(mayWait);
    }
}
