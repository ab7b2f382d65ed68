package org.ioatlab.workload.scenario;

import java.util.Objects;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.MessageFlags;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.host.RemoteHost;
import org.jspecify.annotations.Nullable;

/**
 * A read with MSG_WAITALL of far more than the receive buffer holds, begun when that is full. Packets that the engine copied count against the
 * buffer until the read is over, and the read isn't over before there is room for more (Linux commit 15c04175 ended that).
 */
public final class ZeroWindowDeadlock extends ScenarioProgram {
    /** No progress for so long is no mere slowness: the longest that a probe of Linux's may take to find a window open again, and more. */
    public static final long STALL_PS = 5 * Picoseconds.PER_SECOND;

    private static final int RECEIVE_BUFFER = 16_384;
    private static final int BYTES = 256 << 10;
    private static final int PAGES = 64;
    private static final long FILLS_PS = 500 * Picoseconds.PER_MILLISECOND;

    private final UserBuffer buffer = buffer(BYTES, PAGES);
    private final Look look = new Look();
    private boolean slept;
    private int queuedBytes;
    private long endedPs;
    private long lastAcknowledgedPs;
    private int window;
    private int chargedBytes;
    private int bufferBytes;
    private int probes;

    /** A look at both ends just before the time is over. */
    private final class Look extends Event {
        @Override
        protected void fire() {
            look();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("look");
        }
    }

    /** A program that doesn't run yet. */
    public ZeroWindowDeadlock(ScenarioPlace place, long timeoutPs, Processor on, Listener listener) {
        super("zero-window", place, timeoutPs, on, listener);
    }

    /** Bytes that the read asks for. */
    public int askedBytes() {
        return BYTES;
    }

    /** Bytes that were queued when it began. */
    public int queuedBytes() {
        return queuedBytes;
    }

    /** How long the sender had got no further when the read ended. */
    public long stalledPs() {
        return receivedBytes() == BYTES ? 0 : endedPs - lastAcknowledgedPs;
    }

    /** The window that the machine offered at last, in bytes. */
    public int window() {
        return window;
    }

    /** Memory that counted against the receive buffer then. */
    public int chargedBytes() {
        return chargedBytes;
    }

    /** The receive buffer. */
    public int bufferBytes() {
        return bufferBytes;
    }

    /** How often the sender had probed a closed window. */
    public int probes() {
        return probes;
    }

    @Override
    int receiveBuffer() {
        return RECEIVE_BUFFER;
    }

    @Override
    int bytesToSend() {
        return BYTES;
    }

    @Override
    Next prepare() {
        if (!slept) {
            slept = true;
            wakeAt(processor().nowPs() + FILLS_PS);
            return Next.SLEEP;
        }
        queuedBytes = connected().readableBytes();
        EventLoop loop = processor().loop();
        loop.schedule(look, Math.max(deadlinePs() - Picoseconds.PER_MICROSECOND, loop.nowPs()));
        return read();
    }

    @Override
    int aim() {
        receive.into().add(buffer, 0, BYTES);
        return MessageFlags.MSG_WAITALL;
    }

    @Override
    Next readReturned(long result) {
        if (look.isPending()) {
            processor().loop().cancel(look);
            look();
        }
        return leave();
    }

    private void look() {
        endedPs = processor().loop().nowPs();
        lastAcknowledgedPs = flow().lastAcknowledgedPs();
        TcpConnection connection = connected().connection();
        TcpConnection other = otherEnd();
        if (connection != null) {
            window = (int) connection.info(endedPs).rcvWnd();
            chargedBytes = connection.charged();
            bufferBytes = connection.receiveBuffer();
        }
        probes = other == null ? 0 : (int) other.windowProbes();
    }

    private @Nullable TcpConnection otherEnd() {
        IpAddress machine = Objects.requireNonNull(connected().localAddress());
        IpAddress remote = Objects.requireNonNull(connected().remoteAddress());
        for (RemoteHost host : place.hosts().hosts()) {
            if (host.likeFamilyOf(remote).equals(remote)) {
                return host.tcp()
                        .connection(
                                remote,
                                connected().remotePort(),
                                machine,
                                connected().localPort());
            }
        }
        return null;
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(slept);
        hash.put(queuedBytes);
    }
}
