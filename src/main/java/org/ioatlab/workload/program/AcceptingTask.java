package org.ioatlab.workload.program;

import org.ioatlab.kernel.net.socket.AcceptCall;
import org.ioatlab.kernel.net.socket.CloseCall;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;

/** A server's parent: accepts connections and forks a task for each, as netserver does. */
final class AcceptingTask extends ProgramTask {
    private final TcpSocket listening;
    private final AcceptCall accept;
    private final CloseCall close;
    private boolean closing;
    private boolean full;

    AcceptingTask(ProgramProcess process, TcpSocket listening, Processor on) {
        super(process.name(), process, on);
        this.listening = listening;
        accept = new AcceptCall(process.sockets());
        close = new CloseCall(process.sockets());
    }

    @Override
    protected Next run() {
        if (isKilled()) {
            closing = true;
            return begin(close.begin(listening));
        }
        full = process.isFull();
        return full ? Next.SLEEP : begin(accept.begin(listening, processor()));
    }

    @Override
    protected Next returned(SystemCall finished) {
        if (closing) {
            return Next.EXIT;
        }
        TcpSocket socket = accept.accepted();
        if (socket != null) {
            process.fork(socket, processor());
        }
        return Next.CONTINUE;
    }

    /** A connection has ended: there may be room for another one. */
    void roomAgain(Processor on) {
        if (full) {
            full = false;
            wake(on);
        }
    }

    @Override
    protected void exited() {
        process.ended(this);
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(closing);
        hash.put(full);
    }
}
