package org.ioatlab.workload.program;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.CloseCall;
import org.ioatlab.kernel.net.socket.PollCall;
import org.ioatlab.kernel.net.socket.PollEvents;
import org.ioatlab.kernel.net.socket.ReceiveCall;
import org.ioatlab.kernel.net.socket.SendCall;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/** Serves one connection, as the child that a server forks does: takes memory, reads to the end, and gives everything back. */
final class ConnectionTask extends ProgramTask {
    /** Where it stands. */
    enum Stage {
        ALLOCATING,
        WAITING,
        PAGING_OUT,
        READING,
        TOUCHING,
        WRITING,
        CLOSING,
        FREEING,
        OVER
    }

    private final SocketLayer sockets;
    private final TcpSocket socket;
    private final UserBuffer buffer;
    private final ReceiveCall receive;
    private final SendCall send;
    private final PollCall poll;
    private final CloseCall close;
    private final StreamCheck check;
    private final @Nullable IpAddress remoteAddress;
    private final int remotePort;
    private Stage stage = Stage.ALLOCATING;
    private int filled;
    private int done;
    private int error;
    private long reads;
    private long receivedBytes;
    private long sentBytes;

    ConnectionTask(ProgramProcess process, TcpSocket socket, @Nullable StreamPattern expected, Processor on) {
        super(process.name() + "-" + socket.serial(), process, on);
        this.socket = socket;
        sockets = process.sockets();
        buffer = new UserBuffer(process.spec().readBytes());
        receive = new ReceiveCall(sockets);
        send = new SendCall(sockets);
        poll = new PollCall(sockets, true);
        close = new CloseCall(sockets);
        check = new StreamCheck(process.spec().verification(), expected);
        remoteAddress = socket.remoteAddress();
        remotePort = socket.remotePort();
    }

    @Override
    protected Next run() {
        return switch (stage) {
            case ALLOCATING -> allocate();
            case PAGING_OUT -> pageOut();
            case TOUCHING -> touch();
            case FREEING -> free();
            default -> nextRead();
        };
    }

    private Next allocate() {
        if (buffer.isBacked()) {
            return nextRead();
        }
        if (!buffer.back(sockets.memory().pages(), processor())) {
            return end();
        }
        return Next.CONTINUE;
    }

    private Next nextRead() {
        if (isKilled()) {
            return end();
        }
        if (process.spec().type() == ProgramType.SELECT_SINK && stage != Stage.WAITING) {
            stage = Stage.WAITING;
            return begin(poll.clear().add(socket, PollEvents.POLLIN).begin());
        }
        done = 0;
        return process.spec().pagedOut() ? pageOut() : beginRead();
    }

    /** Somebody else needs the memory: a page a slice. */
    private Next pageOut() {
        stage = Stage.PAGING_OUT;
        if (done >= buffer.length()) {
            return beginRead();
        }
        buffer.pageOut(done, sockets.memory(), processor());
        done += PhysicalMemory.PAGE_SIZE;
        return Next.CONTINUE;
    }

    private Next beginRead() {
        stage = Stage.READING;
        receive.into().clear().add(buffer, 0, buffer.length());
        return begin(receive.begin(socket, process.spec().readFlags(), processor()));
    }

    @Override
    protected Next returned(SystemCall finished) {
        return switch (stage) {
            case WAITING -> nextRead();
            case READING -> read(finished.result());
            case WRITING -> wrote(finished.result());
            default -> {
                stage = Stage.FREEING;
                yield Next.CONTINUE;
            }
        };
    }

    private Next read(long result) {
        reads++;
        if (result <= 0) {
            error = isKilled() ? 0 : (int) -result;
            return end();
        }
        filled = (int) result;
        done = 0;
        receivedBytes += filled;
        process.received(filled, receive.copies(), receive.pagesIn());
        check.add(sockets.memory().bytes(), buffer, receive.copiedBytes());
        return switch (process.spec().type()) {
            case TOUCH -> {
                stage = Stage.TOUCHING;
                yield Next.CONTINUE;
            }
            case ECHO -> write();
            default -> nextRead();
        };
    }

    /** Reads every line of a page of what came. */
    private Next touch() {
        int piece = Math.min(filled - done, buffer.runAt(done));
        processor().scan(Symbol.APPLICATION, MemoryUse.APPLICATION, buffer.addressAt(done), piece);
        done += piece;
        return done == filled ? nextRead() : Next.CONTINUE;
    }

    private Next write() {
        stage = Stage.WRITING;
        send.from().clear().add(buffer, done, filled - done);
        return begin(send.begin(socket, 0, processor()));
    }

    private Next wrote(long result) {
        if (result < 0) {
            error = isKilled() ? 0 : (int) -result;
            return end();
        }
        sentBytes += result;
        process.sent(result);
        done += (int) result;
        return done < filled ? write() : nextRead();
    }

    private Next end() {
        stage = Stage.CLOSING;
        return begin(close.begin(socket));
    }

    private Next free() {
        if (buffer.release(sockets.memory().pages(), processor())) {
            return Next.CONTINUE;
        }
        stage = Stage.OVER;
        return Next.EXIT;
    }

    @Override
    protected void exited() {
        process.ended(this);
    }

    @Override
    protected Processor.Account account() {
        return stage == Stage.TOUCHING ? Processor.Account.USER : Processor.Account.SYSTEM;
    }

    ConnectionFigures figures() {
        return new ConnectionFigures(
                remoteAddress == null ? "" : remoteAddress.toString(),
                remotePort,
                stage.name(),
                state().name(),
                processor().cpu().id(),
                receivedBytes,
                sentBytes,
                reads,
                error,
                check.sha256(),
                check.compares(),
                check.mismatchAt(),
                cycles(),
                socket.isClosed() ? 0 : socket.serial());
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(stage.ordinal());
        hash.put((long) filled << Integer.SIZE | done);
        hash.put(receivedBytes);
        hash.put(sentBytes);
        hash.put(reads);
        buffer.hashInto(hash);
    }
}
