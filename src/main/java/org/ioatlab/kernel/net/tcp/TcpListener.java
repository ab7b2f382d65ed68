package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Tcp;
import org.jspecify.annotations.Nullable;

/** Waits for connections on a port. Half-open ones and those that nobody accepts are limited. */
public final class TcpListener extends Endpoint {
    final TcpLayer tcp;
    final ListenerUser user;
    private int backlog;
    TcpOptionsWanted wanted = TcpOptionsWanted.DEFAULT;
    int halfOpen;
    private int waiting;
    private @Nullable TcpConnection firstWaiting;
    private @Nullable TcpConnection lastWaiting;

    TcpListener(TcpLayer tcp, int port, int backlog, ListenerUser user) {
        this.tcp = tcp;
        this.user = user;
        localPort = port;
        setBacklog(backlog);
    }

    /** Sets how many connections may wait to be accepted ({@code listen} again). */
    public void setBacklog(int connections) {
        backlog = Math.clamp(connections, 0, tcp.settings.listenBacklog);
    }

    /** What sockets of new connections ask for. */
    public void setWanted(TcpOptionsWanted options) {
        wanted = options;
    }

    /** The connections that may wait to be accepted. */
    public int backlog() {
        return backlog;
    }

    /** Connections being made. */
    public int halfOpen() {
        return halfOpen;
    }

    /** Connections that wait to be accepted. */
    public int waiting() {
        return waiting;
    }

    /** Takes the connection that has waited longest, or null. */
    public @Nullable TcpConnection accept() {
        TcpConnection connection = firstWaiting;
        if (connection != null) {
            firstWaiting = connection.nextWaiting;
            if (firstWaiting == null) {
                lastWaiting = null;
            }
            connection.nextWaiting = null;
            connection.listener = null;
            waiting--;
        }
        return connection;
    }

    /** Ends listening: what is half open is forgotten, what waits is reset. */
    public void close(Work on) {
        tcp.remove(this);
        for (SynRequest request : tcp.endpoints.all(SynRequest.class)) {
            if (request.listener == this) {
                request.drop();
            }
        }
        for (TcpConnection connection = accept(); connection != null; connection = accept()) {
            connection.abort(on);
        }
    }

    void arrived(Segment segment, Work on) {
        if (segment.has(Tcp.RST)) {
            tcp.host.free(segment, on);
        } else if (segment.has(Tcp.ACK)) {
            tcp.output.reset(segment, on);
            tcp.host.free(segment, on);
        } else {
            if (segment.has(Tcp.SYN)
                    && !(segment.has(Tcp.FIN) && tcp.persona.has(Persona.Habit.IGNORES_SYN_WITH_FIN))) {
                request(segment, on);
            }
            tcp.host.free(segment, on);
        }
    }

    boolean isFull() {
        return waiting > backlog;
    }

    void enqueue(TcpConnection connection) {
        connection.listener = this;
        if (lastWaiting == null) {
            firstWaiting = connection;
        } else {
            lastWaiting.nextWaiting = connection;
        }
        lastWaiting = connection;
        waiting++;
    }

    /** A connection that waits has gone. */
    void dequeue(TcpConnection gone) {
        TcpConnection before = null;
        for (TcpConnection c = firstWaiting; c != null; c = c.nextWaiting) {
            if (c == gone) {
                if (before == null) {
                    firstWaiting = c.nextWaiting;
                } else {
                    before.nextWaiting = c.nextWaiting;
                }
                if (lastWaiting == c) {
                    lastWaiting = before;
                }
                c.nextWaiting = null;
                c.listener = null;
                waiting--;
                return;
            }
            before = c;
        }
    }

    private void request(Segment segment, Work on) {
        boolean overflow = isFull() && halfOpen > 1;
        if (halfOpen >= tcp.settings.synBacklog || overflow) {
            tcp.counters.increment(overflow ? TcpCounter.LISTEN_OVERFLOWS : TcpCounter.LISTEN_DROPS);
            return;
        }
        new SynRequest(this, segment, on).begin(on);
    }

    @Override
    void hashInto(StateHash hash) {
        hash.put("listener");
        hash.put(localPort);
        hash.put((long) backlog << Integer.SIZE | halfOpen);
        hash.put(waiting);
        for (TcpConnection c = firstWaiting; c != null; c = c.nextWaiting) {
            hash.put((long) c.remotePort << Integer.SIZE | c.localPort);
        }
    }
}
