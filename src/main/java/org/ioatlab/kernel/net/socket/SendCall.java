package org.ioatlab.kernel.net.socket;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Writing to a TCP socket: copies from the user into pages of the send buffer ({@code tcp_sendmsg}), or has the send buffer refer to pages of a file
 * ({@code sendfile()}, {@code do_tcp_sendpages}). Full segments leave while the call goes on, the rest at its end.
 */
public final class SendCall extends TcpCall {
    private enum Stage {
        LOCK,
        WRITE,
        RELEASE_TO_WAIT,
        WAIT,
        RELOCK,
        RELEASE
    }

    private final IoVector from = new IoVector();
    private Stage stage = Stage.LOCK;
    private @Nullable PageCacheFile file;
    private long fileOffset;
    private int flags;
    private int left;
    private int accepted;
    private int unsent;
    private int error;
    private boolean mayWait;

    /** A call object to be used again and again. */
    public SendCall(SocketLayer layer) {
        super(layer);
    }

    /** Where the data lie: to be filled with parts before {@link #begin}. */
    public IoVector from() {
        return from;
    }

    /** Begins {@code sendmsg()} with flags of {@link MessageFlags}. */
    public SendCall begin(TcpSocket socket, int messageFlags, Processor on) {
        file = null;
        start(socket, messageFlags, from.total(), on);
        return this;
    }

    /** Begins {@code sendfile()} of {@code length} bytes; what lies behind the file's end isn't sent. */
    public SendCall beginFile(TcpSocket socket, PageCacheFile source, long offset, int length, Processor on) {
        file = source;
        fileOffset = offset;
        start(socket, 0, Math.clamp(source.length() - offset, 0, length), on);
        return this;
    }

    private void start(TcpSocket socket, int messageFlags, int length, Processor on) {
        prepareOn(socket);
        flags = messageFlags;
        left = length;
        accepted = 0;
        unsent = 0;
        error = 0;
        stage = Stage.LOCK;
        mayWait = !socket.nonBlocking && (flags & MessageFlags.MSG_DONTWAIT) == 0;
        if (socket.options.sendTimeoutPs > 0) {
            setDeadline(on.nowPs() + socket.options.sendTimeoutPs);
        }
    }

    @Override
    Step step(Task task, Processor on) {
        return switch (stage) {
            case LOCK -> begin(task, on);
            case WRITE -> write(on);
            case RELEASE_TO_WAIT -> releaseToWait(on);
            case WAIT -> await(task, on);
            case RELOCK -> relock(task, on);
            case RELEASE -> release(on) ? returns(accepted > 0 ? accepted : error) : Step.MORE;
        };
    }

    private Step begin(Task task, Processor on) {
        if (!lock(task, on)) {
            return Step.SLEEP;
        }
        on.spend(file == null ? Symbol.TCP_SENDMSG : Symbol.DO_TCP_SENDPAGES, layer.costs.send());
        stage = Stage.WRITE;
        return socket().connection == null ? stop(Errors.EPIPE) : write(on);
    }

    private Step write(Processor on) {
        TcpConnection connection = connection();
        TcpState state = connection.state();
        boolean opening = state == TcpState.SYN_SENT || state == TcpState.SYN_RECV;
        if (connection.error() != 0 && accepted == 0) {
            error = -connection.takeError();
            return finish(on);
        }
        if (connection.isSendShut() || (!opening && connection.error() != 0)) {
            error = Errors.EPIPE.returned();
            return finish(on);
        }
        if (left == 0) {
            return finish(on);
        }
        if (opening || !hasRoom()) {
            return waitForRoom(on);
        }
        return file == null ? copy(on) : share(file, on);
    }

    private boolean hasRoom() {
        return socket().sendRoom() > 0;
    }

    /** At most a page's worth from the user. */
    private Step copy(Processor on) {
        SendBuffer buffer = socket().sendBuffer;
        on.spend(Symbol.TCP_SENDMSG, layer.costs.send());
        if (buffer.tailRoom() == 0 && !buffer.addPage(on)) {
            error = Errors.ENOMEM.returned();
            return finish(on);
        }
        int piece = Math.min(left, Math.min(buffer.tailRoom(), Math.max(socket().sendRoom(), 1)));
        layer.copy.fromUser(from, buffer.tailAddress(), piece, on);
        buffer.grow(piece);
        return took(piece, on);
    }

    /** At most one page of the file, which isn't copied. */
    private Step share(PageCacheFile source, Processor on) {
        on.spend(Symbol.DO_TCP_SENDPAGES, layer.costs.send());
        int within = (int) (fileOffset & PhysicalMemory.PAGE_SIZE - 1);
        int piece = Math.min(left, PhysicalMemory.PAGE_SIZE - within);
        socket().sendBuffer.addShared(source.pageAt(fileOffset), within, piece);
        fileOffset += piece;
        return took(piece, on);
    }

    private Step took(int piece, Processor on) {
        left -= piece;
        accepted += piece;
        unsent += piece;
        if (left == 0) {
            return finish(on);
        }
        int segment = connection().segmentBytes();
        hand(unsent - unsent % segment, false, on);
        return Step.MORE;
    }

    /** Tells TCP of bytes that it may send. */
    private void hand(int bytes, boolean push, Processor on) {
        if (bytes > 0) {
            unsent -= bytes;
            boolean urgent = (flags & MessageFlags.MSG_OOB) != 0 && left == 0 && unsent == 0;
            connection().written(bytes, urgent, push, on);
        }
    }

    private Step waitForRoom(Processor on) {
        hand(unsent, true, on);
        if (!mayWait || isOverdue(on)) {
            if (mayWait) {
                noteTimeout();
            }
            error = Errors.EAGAIN.returned();
            return finish(on);
        }
        socket().awaitRoom();
        stage = Stage.RELEASE_TO_WAIT;
        return Step.MORE;
    }

    private Step releaseToWait(Processor on) {
        if (release(on)) {
            stage = Stage.WAIT;
        }
        return Step.MORE;
    }

    private Step await(Task task, Processor on) {
        TcpConnection connection = connection();
        TcpState state = connection.state();
        boolean opening = state == TcpState.SYN_SENT || state == TcpState.SYN_RECV;
        boolean room = !opening && socket().isWritable() && hasRoom();
        socket().waiters.remove(task);
        if (room || connection.error() != 0 || connection.isSendShut() || isOverdue(on)) {
            stage = Stage.RELOCK;
            return Step.MORE;
        }
        socket().awaitRoom();
        socket().waiters.add(task);
        return sleep(task);
    }

    private Step relock(Task task, Processor on) {
        if (!lock(task, on)) {
            return Step.SLEEP;
        }
        stage = Stage.WRITE;
        return Step.MORE;
    }

    private Step stop(Errors reason) {
        error = reason.returned();
        stage = Stage.RELEASE;
        return Step.MORE;
    }

    private Step finish(Processor on) {
        boolean more = (flags & MessageFlags.MSG_MORE) != 0;
        if (more) {
            socket().corkFor(true, on);
        }
        hand(unsent, true, on);
        if (!more) {
            socket().corkFor(false, on);
        }
        stage = Stage.RELEASE;
        return Step.MORE;
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("send");
        hash.put(stage.ordinal());
        hash.put((long) flags << Integer.SIZE | left);
        hash.put((long) accepted << Integer.SIZE | unsent);
        hash.put(error);
        hash.put(mayWait);
        hash.put(fileOffset);
        from.hashInto(hash);
    }
}
