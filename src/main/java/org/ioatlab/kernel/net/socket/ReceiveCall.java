package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.mm.LockedList;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCounter;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/**
 * Reading from a TCP socket ({@code tcp_recvmsg} of Linux 2.6.12): what is queued first, then what comes, which is worked off here in the
 * reader's context and copied without being queued, until enough has come.
 */
public final class ReceiveCall extends TcpCall {
    private enum Stage {
        LOCK,
        /** MSG_OOB. */
        URGENT,
        /** Pinning the buffer, so that the engine may write to it. */
        PIN,
        READ,
        /** Working off the prequeue. */
        PREQUEUE,
        /** Letting the socket go, and with it what came meanwhile. */
        RELEASE_TO_WAIT,
        WAIT,
        RELOCK,
        LAST_PREQUEUE,
        /** Letting the engine finish. */
        COMPLETE,
        RELEASE
    }

    private final IoVector into = new IoVector();
    private final ReadOffload offload;
    private final ReadCompletion completion;
    private final PageFault fault;
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
        offload = new ReadOffload(layer);
        completion = new ReadCompletion(offload);
        fault = new PageFault(layer, layer.platform);
    }

    /** Where the data go: to be filled with parts before {@link #begin}. */
    public IoVector into() {
        return into;
    }

    /** Begins {@code recvmsg()} with flags of {@link MessageFlags}. */
    public ReceiveCall begin(TcpSocket socket, int messageFlags, Processor on) {
        prepareOn(socket);
        offload.begin();
        fault.reset();
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

    /** Who copied what, and why. */
    public OffloadCounters copies() {
        return offload.counters();
    }

    /** Pages of the user's buffer that it had brought in. */
    public int pagesIn() {
        return fault.pagesIn();
    }

    ReadOffload offload() {
        return offload;
    }

    /** Bytes that stand in the user's buffer. */
    public int copiedBytes() {
        return has(MessageFlags.MSG_TRUNC) ? directBytes : copied;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    CostList entering() {
        return layer.costs.enterReceive();
    }

    @Override
    Step step(Task task, Processor on) {
        if (fault.isPending()) {
            Step step = fault.goOn(task, on);
            return step == Step.DONE ? noSuchPage(on) : step;
        }
        return switch (stage) {
            case LOCK -> begin(task, on);
            case URGENT -> urgent(task, on);
            case PIN -> pin(task, on);
            case READ -> read(task, on);
            case PREQUEUE -> prequeue(on);
            case RELEASE_TO_WAIT -> releaseToWait(on);
            case WAIT -> await(task, on);
            case RELOCK -> relock(task, on);
            case LAST_PREQUEUE -> lastPrequeue(on);
            case COMPLETE -> complete(task, on);
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
            stage = Stage.URGENT;
            return urgent(task, on);
        }
        if (offload.accepts(into, flags, target, socket, connection(), on)) {
            stage = Stage.PIN;
            return pin(task, on);
        }
        stage = Stage.READ;
        return read(task, on);
    }

    /** {@code dma_pin_iovec_pages}, some pages a slice (OLS 2005 paper, section 4.3, step 1). */
    private Step pin(Task task, Processor on) {
        return switch (offload.pinSome(on)) {
            case MORE -> Step.MORE;
            case DONE -> {
                stage = Stage.READ;
                yield Step.MORE;
            }
            case PAGE_MISSING -> {
                LockedList locked = offload.locked();
                Step step = fault.take(locked.nextBuffer(), locked.missingOffset(), task, on);
                yield step == Step.DONE ? unpinnable() : step;
            }
            case BAD_ADDRESS, NO_MEMORY -> unpinnable();
        };
    }

    /** The buffer can't be pinned: what was pinned of it goes, and a processor copies, where the kernel gets that right. */
    private Step unpinnable() {
        if (offload.rules().leaksPins()) {
            offload.locked().leakUnfinishedPart();
        }
        if (offload.rules().failsUnpinnable()) {
            copied = Errors.EFAULT.returned();
            left = 0;
        }
        completion.begin(false);
        stage = Stage.COMPLETE;
        return Step.MORE;
    }

    /** The user's buffer ends before the data does. */
    private Step noSuchPage(Processor on) {
        if (stage == Stage.PIN) {
            return unpinnable();
        }
        if (stage == Stage.URGENT) {
            connection().urgentByte(has(MessageFlags.MSG_PEEK));
            copied = Errors.EFAULT.returned();
            return leave();
        }
        copied = copied > 0 ? copied : Errors.EFAULT.returned();
        return finish(on);
    }

    private Step read(Task task, Processor on) {
        TcpConnection connection = connection();
        if (left == 0 || (copied > 0 && connection.isAtMark())) {
            return finish(on);
        }
        if (!has(MessageFlags.MSG_PEEK)) {
            connection.passMark(on);
        }
        if (connection.readableBeforeMark() - peeked > 0) {
            return copyQueued(connection, task, on);
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
    private Step copyQueued(TcpConnection connection, Task task, Processor on) {
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
            used = copy((SocketBuffer) segment, from, used, on);
            if (used == 0) {
                Step step = fault.take(into.currentBuffer(), into.bufferOffset(), task, on);
                return step == Step.DONE ? noSuchPage(on) : step;
            }
        }
        copied += used;
        left -= used;
        if (has(MessageFlags.MSG_PEEK)) {
            peeked += used;
        } else {
            connection.consume(used, on);
        }
        return left == 0 ? finish(on) : Step.MORE;
    }

    /** Copies by engine, or by processor as far as the user's pages can be written; answers how many bytes. */
    private int copy(SocketBuffer packet, int from, int length, Processor on) {
        OffloadRefusal why = offload.queuedRefusal(packet, on);
        if (why == null && offload.copy(packet, from, length, into, false, on)) {
            offload.issueAfterCopy(on);
            return length;
        }
        int writable = into.writable(length);
        if (writable > 0) {
            layer.copy.toUser(packet, from, writable, into, false, on);
            offload.counters().cpu(why == null ? OffloadRefusal.CHANNEL_UNUSABLE : why, writable);
        }
        return writable;
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
        if (mustDrain(connection)) {
            completion.begin(true);
            stage = Stage.COMPLETE;
            return Step.MORE;
        }
        boolean free =
                !socket.tcp().settings().lowLatency && (!socket.direct.hasReader() || socket.direct.isReader(this));
        if (free && (flags & (MessageFlags.MSG_PEEK | MessageFlags.MSG_TRUNC)) == 0) {
            socket.direct.install(this);
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

    /** A closed window can't open before packets are freed that only this read frees (Linux 3.12). */
    private boolean mustDrain(TcpConnection connection) {
        return offload.isPinned()
                && offload.rules().drainsClosedWindow()
                && offload.keepsPackets()
                && connection.isWindowClosed();
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
        on.spend(layer.costs.waitForData());
        return sleep(task);
    }

    private Step relock(Task task, Processor on) {
        socket().waiters.remove(task);
        if (!lock(task, on)) {
            return Step.SLEEP;
        }
        if (isReader()) {
            offload.readerRuns();
            offload.freeWhileReading(connection(), on);
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
        if (!offload.isPinned()) {
            connection().afterRead(Math.max(copied, 0), on);
            offload.end(socket());
            return leave();
        }
        offload.issuePending(on);
        if (!offload.rules().acknowledgesEarly()) {
            connection().afterRead(Math.max(copied, 0), on);
        }
        completion.begin(false);
        stage = Stage.COMPLETE;
        return Step.MORE;
    }

    private Step complete(Task task, Processor on) {
        Step step = completion.step(this, task, on);
        if (step != Step.DONE) {
            return step;
        }
        if (completion.isDraining()) {
            connection().afterRead(Math.max(copied, 0), on);
            stage = Stage.READ;
            return Step.MORE;
        }
        if (!offload.isPinned() && left > 0) {
            stage = Stage.READ;
            return Step.MORE;
        }
        if (offload.rules().acknowledgesEarly()) {
            connection().afterRead(Math.max(copied, 0), on);
        }
        offload.end(socket());
        return leave();
    }

    private Step leave() {
        stage = Stage.RELEASE;
        return Step.MORE;
    }

    /** MSG_OOB ({@code tcp_recv_urg}); a byte that can't be written to the user is lost. */
    private Step urgent(Task task, Processor on) {
        if (hasUrgentByte() && !has(MessageFlags.MSG_TRUNC) && !into.isWritable()) {
            Step step = fault.take(into.currentBuffer(), into.bufferOffset(), task, on);
            return step == Step.DONE ? noSuchPage(on) : step;
        }
        copied = readUrgent(on);
        return leave();
    }

    private boolean hasUrgentByte() {
        return !socket().options.urgentInline && connection().hasUrgentByte() && wanted > 0;
    }

    private int readUrgent(Processor on) {
        TcpConnection connection = connection();
        if (socket().options.urgentInline || !connection.isUrgentAnnounced()) {
            return Errors.EINVAL.returned();
        }
        if (hasUrgentByte()) {
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
        offload.hashInto(hash);
        completion.hashInto(hash);
        fault.hashInto(hash);
    }
}
