package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** {@code close()}: works off what waits for the socket, then lets the connection end by itself; waits for that with SO_LINGER. */
public final class CloseCall extends SystemCall {
    private @Nullable OpenFile file;
    private boolean closed;

    /** A call object to be used again and again. */
    public CloseCall(SocketLayer layer) {
        super(layer);
    }

    /** Begins {@code close()}; nobody else may be using the file. */
    public CloseCall begin(OpenFile subject) {
        prepare(subject);
        file = subject;
        closed = false;
        return this;
    }

    @Override
    Step step(Task task, Processor on) {
        OpenFile subject = Objects.requireNonNull(file);
        subject.waiters.remove(task);
        if (subject instanceof TcpSocket socket) {
            return close(socket, task, on);
        }
        on.spend(Symbol.TCP_CLOSE, layer.costs.lock());
        subject.close(on);
        return returns(0);
    }

    private Step close(TcpSocket socket, Task task, Processor on) {
        if (!closed) {
            if (!socket.intake.backlog.isEmpty()) {
                socket.intake.process(socket.intake.backlog.take(), on);
                return Step.MORE;
            }
            closed = true;
            on.spend(Symbol.TCP_CLOSE, layer.costs.send());
            socket.close(on);
            if (socket.options.lingers && socket.options.lingerSeconds > 0) {
                setDeadline(on.nowPs() + socket.options.lingerSeconds * Picoseconds.PER_SECOND);
            } else {
                return returns(0);
            }
        }
        return linger(socket, task, on);
    }

    private Step linger(TcpSocket socket, Task task, Processor on) {
        TcpConnection connection = socket.connection;
        boolean ended = connection == null
                || connection.state() == TcpState.CLOSE
                || connection.state() == TcpState.FIN_WAIT2
                || connection.isAllAcknowledged();
        if (ended || isOverdue(on)) {
            return returns(0);
        }
        socket.waiters.add(task);
        return sleep(task);
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("close");
        hash.put(closed);
    }
}
