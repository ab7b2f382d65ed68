package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** A system call that locks a TCP socket; whoever lets the socket go works off what has come meanwhile ({@code release_sock}). */
abstract class TcpCall extends SystemCall {
    private @Nullable TcpSocket socket;

    TcpCall(SocketLayer layer) {
        super(layer);
    }

    final void prepareOn(TcpSocket subject) {
        prepare(subject);
        socket = subject;
    }

    final TcpSocket socket() {
        return Objects.requireNonNull(socket);
    }

    final TcpConnection connection() {
        return Objects.requireNonNull(socket().connection);
    }

    /** Whether the socket is locked now; if not, the task is woken when it is free. */
    final boolean lock(Task task, Processor on) {
        if (!socket().lock.tryLock(task)) {
            return false;
        }
        on.spend(layer.costs.lockSocket());
        return true;
    }

    /**
     * Works one segment of the backlog off, or lets the socket go if there is none.
     *
     * @return whether the socket is free
     */
    final boolean release(Processor on) {
        TcpSocket held = socket();
        if (!held.intake.backlog.isEmpty()) {
            on.spend(Symbol.RELEASE_SOCK, layer.costs.prequeue());
            held.intake.process(held.intake.backlog.take(), on);
            return false;
        }
        on.spend(layer.costs.releaseSocket());
        held.lock.unlock(on);
        return true;
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(socket == null ? 0 : socket.number());
    }
}
