package org.ioatlab.machine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.socket.IoVector;
import org.ioatlab.kernel.net.socket.ReceiveCall;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.socket.UdpReceiveCall;
import org.ioatlab.kernel.net.socket.UdpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** {@code recvmsg()} into buffers that are there for this one call; each begins on a page of its own. */
final class ReceiveTask extends SocketTask<SocketViews.Received> {
    private static final int PAGE_SIZE = 4096;

    private final SocketCommand.Receive command;

    ReceiveTask(SocketFace face, SocketCommand.Receive command, Socket socket, Processor processor) {
        super(face, "recv", processor, command.timeoutPs());
        this.command = command;
        if (socket instanceof TcpSocket tcp && tcp.connection() == null) {
            throw Refusal.conflict("not-connected", command.socket() + " has no connection to read from.")
                    .with("state", socket.stateName());
        }
        if (isPagedOut() && !(socket instanceof TcpSocket)) {
            throw Refusal.meaningless("not-a-tcp-socket", "Only TCP's reads bring pages in.");
        }
    }

    @Override
    int bufferBytes() {
        int bytes = 0;
        for (int length : command.iov()) {
            bytes += pages(length);
        }
        return bytes;
    }

    @Override
    boolean isPagedOut() {
        return Boolean.TRUE.equals(command.pagedOut());
    }

    private static int pages(int length) {
        return (length + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
    }

    @Override
    SystemCall begin(@Nullable UserBuffer memory) {
        int flags = SocketFlags.of(command.flags());
        Socket socket = face.find(command.socket());
        if (socket instanceof UdpSocket udp) {
            UdpReceiveCall call = new UdpReceiveCall(face.layer);
            fill(call.into(), memory);
            return call.begin(udp, flags, processor());
        }
        ReceiveCall call = new ReceiveCall(face.layer);
        fill(call.into(), memory);
        return call.begin((TcpSocket) socket, flags, processor());
    }

    private void fill(IoVector into, @Nullable UserBuffer memory) {
        int at = 0;
        for (int length : command.iov()) {
            if (length > 0) {
                into.add(Objects.requireNonNull(memory), at, length);
                at += pages(length);
            }
        }
    }

    @Override
    SocketViews.Received result(SystemCall returned, @Nullable UserBuffer memory) {
        int copied = returned instanceof UdpReceiveCall udp
                ? udp.copiedBytes()
                : Math.max(((ReceiveCall) returned).copiedBytes(), 0);
        byte[] bytes = bytes(memory, copied);
        OffloadCounters copies =
                returned instanceof UdpReceiveCall udp ? udp.copies() : ((ReceiveCall) returned).copies();
        IpAddress sender = returned instanceof UdpReceiveCall udp ? udp.sender() : null;
        return new SocketViews.Received(
                Math.max(returned.result(), 0),
                sha256(bytes),
                copied <= SocketFace.MOST_SHOWN_BYTES ? bytes : null,
                SocketViews.Offload.of(copies),
                sender == null ? null : sender.toString(),
                sender == null ? null : ((UdpReceiveCall) returned).senderPort(),
                returned.timedOut(),
                returned instanceof ReceiveCall tcp ? tcp.pagesIn() : 0,
                returned.cycles(),
                0);
    }

    private byte[] bytes(@Nullable UserBuffer memory, int copied) {
        byte[] bytes = new byte[copied];
        int done = 0;
        int at = 0;
        for (int length : command.iov()) {
            int piece = Math.min(length, copied - done);
            if (piece > 0) {
                Objects.requireNonNull(memory).read(kernel().bytes(), at, bytes, done, piece);
            }
            done += piece;
            at += pages(length);
        }
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    protected SocketViews.Received finish(SocketViews.Received r) {
        return new SocketViews.Received(
                r.received(),
                r.sha256(),
                r.base64(),
                r.offload(),
                r.remoteAddress(),
                r.remotePort(),
                r.timedOut(),
                r.pagesIn(),
                r.cycles(),
                face.nowNs());
    }
}
