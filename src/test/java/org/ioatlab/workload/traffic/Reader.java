package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Event;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.host.RemoteHost;
import org.ioatlab.workload.host.RemoteUser;
import org.ioatlab.workload.wire.Path;
import org.jspecify.annotations.Nullable;

/** Reads a connection at the server, at once or slowly, compares what it reads, may send it back, and closes at the end. */
final class Reader implements RemoteUser {
    private final BackToBack world;
    final TcpConnection connection;
    private final Path path = Path.clear();
    private final Tick tick = new Tick();
    private final StreamDigest digest = new StreamDigest();
    private boolean asked;
    private boolean closed;
    private int taken;
    long received;
    long echoed;
    boolean wrong;

    @Nullable
    StreamPattern expects;

    private final class Tick extends Event {
        @Override
        protected void fire() {
            int left = world.readBytes;
            int total = 0;
            for (Segment s = connection.firstReadable(); s != null && left > 0; s = connection.firstReadable()) {
                int length = Math.min(left, s.payloadLength() - s.skipped());
                check(s, s.skipped(), length);
                connection.consume(length, world.server);
                left -= length;
                total += length;
            }
            if (total > 0) {
                connection.afterRead(total, world.server);
            }
            finish();
            if (!closed) {
                world.loop.scheduleAfter(this, world.readEveryPs);
            }
        }

        @Override
        protected void hashInto(StateHash hash) {}
    }

    Reader(BackToBack world, TcpConnection connection) {
        this.world = world;
        this.connection = connection;
        if (world.readBytes > 0) {
            world.loop.scheduleAfter(tick, world.readEveryPs);
        }
    }

    /** Streams are told apart by their client's first port. */
    private StreamPattern pattern() {
        StreamPattern known = expects;
        if (known == null) {
            known = new StreamPattern(world.seedOf(connection.remotePort()));
            expects = known;
        }
        return known;
    }

    /** Of what was read. */
    String sha256() {
        return digest.hex();
    }

    private void check(Segment segment, int index, int length) {
        byte[] bytes = RemoteHost.payloadBytes(segment);
        int at = RemoteHost.payloadOffset(segment) + index;
        wrong |= !pattern().matches(received, bytes, at, length);
        digest.add(bytes, at, length);
        received += length;
    }

    @Override
    public int take(Segment segment, int index, int length, Work on) {
        if (world.readBytes > 0) {
            return 0;
        }
        check(segment, index, length);
        taken += length;
        ask();
        return length;
    }

    @Override
    public void readable(TcpConnection from, Work on) {
        ask();
    }

    @Override
    public void changed(TcpConnection from, Work on) {
        if (from.state() == TcpState.CLOSE) {
            closed = true;
        } else {
            ask();
        }
    }

    @Override
    public void acknowledged(TcpConnection from, long offset, Work on) {}

    @Override
    public void calledBack() {
        asked = false;
        if (world.readBytes > 0) {
            return;
        }
        int total = taken;
        taken = 0;
        for (Segment s = connection.firstReadable(); s != null; s = connection.firstReadable()) {
            int length = s.payloadLength() - s.skipped();
            check(s, s.skipped(), length);
            connection.consume(length, world.server);
            total += length;
        }
        if (total > 0) {
            connection.afterRead(total, world.server);
        }
        if (world.echoes && received > echoed) {
            connection.written(received - echoed, false, world.server);
            echoed = received;
        }
        finish();
    }

    private void finish() {
        if (connection.isReceiveShut() && connection.readable() == 0 && !closed) {
            closed = true;
            connection.shutdownSend(world.server);
        }
    }

    private void ask() {
        if (!asked) {
            asked = true;
            world.server.callBack(this);
        }
    }

    @Override
    public StreamPattern sends() {
        return pattern();
    }

    @Override
    public Path path() {
        return path;
    }
}
