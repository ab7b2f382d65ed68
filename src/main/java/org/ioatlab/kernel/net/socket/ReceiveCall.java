package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCounter;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * Reading from a TCP socket ({@code tcp_recvmsg} of Linux 2.6.12): what is queued first, then what comes, which is worked off here in the
 * reader's context and copied without being queued, until enough has come.
 */
public final class ReceiveCall extends TcpCall {
    private enum Stage {
        LOCK,
        READ,
        /** Working off the prequeue. */
        PREQUEUE,
        /** Letting the socket go, and with it what came meanwhile. */
        RELEASE_TO_WAIT,
        WAIT,
        RELOCK,
        LAST_PREQUEUE,
        RELEASE
    }

    private final IoVector into = new IoVector();
    private Stage stage = Stage.LOCK;
    private int flags;
    private int wanted;
    private int left;
    private int copied;
    private int peeked;
    private int target;
    private int takenBefore;
    private int directBytes;
    private boolean mayWait;

    /** A call object to be used again and again. */
    public ReceiveCall(SocketLayer layer) {
        super(layer);
    }

    /** Where the data go: to be filled with parts before {@link #begin}. */
    public IoVector into() {
        return into;
    }

    /** Begins {@code recvmsg()} with flags of {@link MessageFlags}. */
    public ReceiveCall begin(TcpSocket socket, int messageFlags, Processor on) {
        prepareOn(socket);
        flags = messageFlags;
        wanted = into.total();
        left = wanted;
        copied = 0;
        peeked = 0;
        directBytes = 0;
        stage = Stage.LOCK;
        mayWait = !socket.nonBlocking && !has(MessageFlags.MSG_DONTWAIT);
        int lowWater = has(MessageFlags.MSG_WAITALL) ? left : socket.options.receiveLowWater;
        target = Math.max(Math.min(lowWater, left), 1);
        if (socket.options.receiveTimeoutPs > 0) {
            setDeadline(on.nowPs() + socket.options.receiveTimeoutPs);
        }
        return this;
    }

    /** Bytes that were copied by the processor that ran the call. */
    public int copiedBytes() {
        return has(MessageFlags.MSG_TRUNC) ? directBytes : copied;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    Step step(Task task, Processor on) {
        return switch (stage) {
            case LOCK -> begin(task, on);
            case READ -> read(on);
            case PREQUEUE -> prequeue(on);
            case RELEASE_TO_WAIT -> releaseToWait(on);
            case WAIT -> await(task, on);
            case RELOCK -> relock(task, on);
            case LAST_PREQUEUE -> lastPrequeue(on);
            case RELEASE -> release(on) ? returns(copied) : Step.MORE;
        };
    }

    private Step begin(Task task, Processor on) {
        TcpSocket socket = socket();
        if (!lock(task, on)) {
            return Step.SLEEP;
        }
        on.spend(Symbol.TCP_RECVMSG, layer.costs.receive());
        if (socket.connection == null) {
            copied = Errors.ENOTCONN.returned();
            return leave();
        }
        if (has(MessageFlags.MSG_OOB)) {
            copied = readUrgent(on);
            return leave();
        }
        stage = Stage.READ;
        return read(on);
    }

    private Step read(Processor on) {
        TcpConnection connection = connection();
        if (left == 0 || (copied > 0 && connection.isAtMark())) {
            return finish(on);
        }
        if (!has(MessageFlags.MSG_PEEK)) {
            connection.passMark(on);
        }
        if (connection.readableBeforeMark() - peeked > 0) {
            copyQueued(connection, on);
            return left == 0 ? finish(on) : Step.MORE;
        }
        if (copied >= target && socket().intake.backlog.isEmpty()) {
            return finish(on);
        }
        if (stops(connection, on)) {
            return finish(on);
        }
        return waitForMore(connection, on);
    }

    /** One segment's bytes, from the queue to the user. */
    private void copyQueued(TcpConnection connection, Processor on) {
        on.spend(Symbol.TCP_RECVMSG, layer.costs.receive());
        Segment segment = Objects.requireNonNull(connection.firstReadable());
        int skip = peeked;
        int held = segment.payloadLength() - segment.skipped();
        while (skip >= held) {
            skip -= held;
            segment = Objects.requireNonNull(segment.next());
            held = segment.payloadLength() - segment.skipped();
        }
        int used = Math.min(Math.min(left, held - skip), connection.readableBeforeMark() - peeked);
        if (!has(MessageFlags.MSG_TRUNC)) {
            int from = segment.headerLength() + segment.skipped() + skip;
            layer.copy.toUser((SocketBuffer) segment, from, used, into, false, on);
        }
        copied += used;
        left -= used;
        if (has(MessageFlags.MSG_PEEK)) {
            peeked += used;
        } else {
            connection.consume(used, on);
        }
    }

    /** Whether there is no use in waiting: an end, an error, or no time left. */
    private boolean stops(TcpConnection connection, Processor on) {
        if (copied > 0) {
            return connection.error() != 0
                    || connection.state() == TcpState.CLOSE
                    || connection.isReceiveShut()
                    || has(MessageFlags.MSG_PEEK)
                    || outOfTime(on);
        }
        if (connection.error() != 0) {
            copied = -connection.takeError();
            return true;
        }
        if (connection.isReceiveShut() || connection.state() == TcpState.CLOSE) {
            return true;
        }
        if (outOfTime(on)) {
            copied = Errors.EAGAIN.returned();
            return true;
        }
        return false;
    }

    private boolean outOfTime(Processor on) {
        if (!mayWait) {
            return true;
        }
        if (isOverdue(on)) {
            noteTimeout();
            return true;
        }
        return false;
    }

    private Step waitForMore(TcpConnection connection, Processor on) {
        TcpSocket socket = socket();
        connection.afterRead(copied, on);
        boolean free = !layer.lowLatency && (!socket.direct.hasReader() || socket.direct.isReader(this));
        if (free && (flags & (MessageFlags.MSG_PEEK | MessageFlags.MSG_TRUNC)) == 0) {
            socket.direct.install(this, into);
        }
        if (isReader()) {
            socket.direct.setLeft(left);
            if (!socket.intake.prequeue.isEmpty()) {
                stage = Stage.PREQUEUE;
                return Step.MORE;
            }
        }
        takenBefore = left;
        stage = Stage.RELEASE_TO_WAIT;
        return Step.MORE;
    }

    private boolean isReader() {
        return socket().direct.isReader(this);
    }

    private Step releaseToWait(Processor on) {
        socket().direct.setInReadersContext(isReader());
        boolean free = release(on);
        socket().direct.setInReadersContext(false);
        if (free) {
            stage = copied >= target || hasNews() ? Stage.RELOCK : Stage.WAIT;
        }
        return Step.MORE;
    }

    /** Whether what was worked off at last makes it useless to sleep. */
    private boolean hasNews() {
        TcpConnection connection = connection();
        return connection.readable() - peeked > 0
                || (isReader() && socket().direct.left() < takenBefore)
                || !socket().intake.prequeue.isEmpty()
                || connection.error() != 0
                || connection.isReceiveShut()
                || connection.state() == TcpState.CLOSE;
    }

    private Step await(Task task, Processor on) {
        if (hasNews() || isOverdue(on)) {
            socket().waiters.remove(task);
            stage = Stage.RELOCK;
            return Step.MORE;
        }
        socket().waiters.add(task);
        return sleep(task);
    }

    private Step relock(Task task, Processor on) {
        socket().waiters.remove(task);
        if (!lock(task, on)) {
            return Step.SLEEP;
        }
        if (isReader()) {
            credit(TcpCounter.DIRECT_COPY_FROM_BACKLOG);
            if (connection().readable() == 0 && !socket().intake.prequeue.isEmpty()) {
                stage = Stage.PREQUEUE;
                return Step.MORE;
            }
        }
        stage = Stage.READ;
        return Step.MORE;
    }

    /** {@code tcp_prequeue_process}, a segment a slice. */
    private Step prequeue(Processor on) {
        if (processOne(on)) {
            return Step.MORE;
        }
        credit(TcpCounter.DIRECT_COPY_FROM_PREQUEUE);
        stage = Stage.READ;
        return Step.MORE;
    }

    private boolean processOne(Processor on) {
        TcpSocket socket = socket();
        if (socket.intake.prequeue.isEmpty()) {
            return false;
        }
        on.spend(Symbol.TCP_PREQUEUE_PROCESS, layer.costs.prequeue());
        socket.tcp().counters().increment(TcpCounter.PREQUEUED);
        socket.direct.setInReadersContext(true);
        socket.intake.process(socket.intake.prequeue.take(), on);
        socket.direct.setInReadersContext(false);
        return true;
    }

    /** Counts what was copied directly since the reader last looked. */
    private void credit(TcpCounter counter) {
        int bytes = left - socket().direct.left();
        if (bytes != 0) {
            socket().tcp().counters().add(counter, bytes);
            left -= bytes;
            copied += bytes;
            directBytes += bytes;
        }
    }

    private Step finish(Processor on) {
        TcpSocket socket = socket();
        if (!isReader()) {
            return afterRead(on);
        }
        if (!socket.intake.prequeue.isEmpty()) {
            socket.direct.setLeft(copied > 0 ? left : 0);
            takenBefore = socket.direct.left();
            stage = Stage.LAST_PREQUEUE;
            return Step.MORE;
        }
        socket.direct.remove();
        return afterRead(on);
    }

    private Step lastPrequeue(Processor on) {
        if (processOne(on)) {
            return Step.MORE;
        }
        if (copied > 0) {
            credit(TcpCounter.DIRECT_COPY_FROM_PREQUEUE);
        }
        socket().direct.remove();
        return afterRead(on);
    }

    private Step afterRead(Processor on) {
        connection().afterRead(Math.max(copied, 0), on);
        return leave();
    }

    private Step leave() {
        stage = Stage.RELEASE;
        return Step.MORE;
    }

    /** MSG_OOB ({@code tcp_recv_urg}). */
    private int readUrgent(Processor on) {
        TcpConnection connection = connection();
        if (socket().options.urgentInline || !connection.isUrgentAnnounced()) {
            return Errors.EINVAL.returned();
        }
        if (connection.hasUrgentByte() && wanted > 0) {
            int value = connection.urgentByte(has(MessageFlags.MSG_PEEK));
            if (!has(MessageFlags.MSG_TRUNC)) {
                layer.copy.putByte(into, value, on);
            }
            return 1;
        }
        if (connection.state() == TcpState.CLOSE || connection.isReceiveShut()) {
            return 0;
        }
        return Errors.EAGAIN.returned();
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("recv");
        hash.put(stage.ordinal());
        hash.put((long) flags << Integer.SIZE | wanted);
        hash.put((long) left << Integer.SIZE | copied);
        hash.put((long) peeked << Integer.SIZE | target);
        hash.put((long) takenBefore << Integer.SIZE | directBytes);
        hash.put(mayWait);
        into.hashInto(hash);
    }
}
