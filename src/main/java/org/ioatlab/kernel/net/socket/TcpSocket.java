package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.ip.IpFlow;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.net.offload.OffloadRules;
import org.ioatlab.kernel.net.tcp.ListenerUser;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.net.tcp.TcpCounter;
import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.ioatlab.kernel.net.tcp.TcpLayer;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.net.tcp.TcpOptionsWanted;
import org.ioatlab.kernel.net.tcp.TcpState;
import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket: one end of a connection, or a listener. Segments that come while a system call works on it wait in a backlog; those that come
 * while a reader sleeps wait in a prequeue for the reader's own context (OLS 2005 paper, section 4.3, reason 3).
 */
public final class TcpSocket extends Socket implements TcpUser, ListenerUser {
    final SocketLock lock = new SocketLock();
    final DirectCopy direct;
    final SegmentIntake intake = new SegmentIntake(this);
    final SendBuffer sendBuffer;
    private final TcpOptions tcpOptions = new TcpOptions(this);
    private int boundPort;
    private @Nullable IpAddress boundAddress;
    private boolean writersWait;
    private boolean accepted;
    final SocketStruct struct;
    private boolean connectTold;
    private boolean corkedByCall;
    int sendLimit;

    /** The read that uses the copy engine, if there is one. */
    @Nullable
    ReadOffload offload;

    @Nullable
    TcpConnection connection;

    @Nullable
    TcpListener listener;

    /** A new socket without port or connection. */
    TcpSocket(SocketLayer layer, boolean ipv6) {
        super(layer, ipv6);
        direct = new DirectCopy(layer);
        sendBuffer = new SendBuffer(layer.memory);
        sendLimit = tcp().settings().sendBuffer;
        struct = new SocketStruct(layer.structs);
    }

    TcpLayer tcp() {
        return layer.tcp.layer();
    }

    /** Whether it listens. */
    public boolean isListening() {
        return listener != null;
    }

    /** The listener, or null. */
    public @Nullable TcpListener listener() {
        return listener;
    }

    /** The connection, or null. */
    public @Nullable TcpConnection connection() {
        return connection;
    }

    /** Whether it is a connection that waits to be accepted, so that no program knows of it yet. */
    public boolean isUnaccepted() {
        return connection != null && !accepted;
    }

    /** Whether this is the first to hear that {@code connect()} has succeeded. */
    boolean takeConnected() {
        boolean first = !connectTold;
        connectTold = true;
        return first;
    }

    /** MSG_MORE: full segments only until a call comes without it. */
    void corkFor(boolean more, Processor on) {
        TcpConnection c = connection;
        if (more != corkedByCall && !options.corked && c != null) {
            corkedByCall = more;
            c.setCorked(more, on);
        }
    }

    void markAccepted() {
        accepted = true;
        install();
    }

    @Override
    public int bind(IpAddress address, int port, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        if (boundPort != 0 || connection != null || listener != null) {
            return Errors.EINVAL.returned();
        }
        int chosen = port == 0 ? layer.freePort(this) : port;
        if (chosen == 0 || layer.isPortTaken(this, chosen)) {
            return Errors.EADDRINUSE.returned();
        }
        if ((address.high() | address.low()) != 0 && !layer.isOwn(address)) {
            return Errors.EADDRNOTAVAIL.returned();
        }
        boundPort = chosen;
        boundAddress = address;
        return 0;
    }

    @Override
    public int listen(int backlogLength, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        if (connection != null) {
            return Errors.EINVAL.returned();
        }
        TcpListener old = listener;
        if (old != null) {
            old.setBacklog(backlogLength);
            return 0;
        }
        if (boundPort == 0) {
            boundPort = layer.freePort(this);
        }
        listener = tcp().listen(boundPort, backlogLength, this);
        if (listener == null) {
            return Errors.EADDRINUSE.returned();
        }
        listener.setWanted(wanted());
        return 0;
    }

    /** Sends a SYN: 0 or a negative error number. */
    int open(IpAddress remote, int port, Processor on) {
        on.spend(Symbol.TCP_V4_CONNECT, layer.costs.send());
        IpFlow flow = layer.tcp.route(!remote.isIpv4(), remote.high(), remote.low());
        if (layer.isOwn(remote)) {
            return Errors.ENETUNREACH.returned();
        }
        IpAddress local = boundAddress != null && (boundAddress.high() | boundAddress.low()) != 0
                ? boundAddress
                : remote.isIpv4()
                        ? IpAddress.ipv4((int) flow.localLow())
                        : IpAddress.ipv6(flow.localHigh(), flow.localLow());
        connection = tcp().connect(local, boundPort, remote, port, wanted(), this, on);
        if (connection == null) {
            return Errors.EADDRNOTAVAIL.returned();
        }
        accepted = true;
        tcpOptions.applyTo(connection, on);
        return 0;
    }

    /** Dissolves what it was connected to, as {@code connect()} to no address does. */
    int disconnect(Processor on) {
        TcpConnection old = connection;
        if (old != null) {
            old.abort(on);
            sendBuffer.clear(on);
            connection = null;
        }
        return 0;
    }

    TcpOptionsWanted wanted() {
        return new TcpOptionsWanted(
                options.receiveBuffer,
                options.sendBuffer,
                options.segmentBytes,
                options.windowClamp,
                options.deferAcceptSeconds > 0);
    }

    @Override
    public int shutdown(boolean reading, boolean writing, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        TcpConnection c = connection;
        if (c == null || c.state() == TcpState.CLOSE) {
            return Errors.ENOTCONN.returned();
        }
        if (c.state() == TcpState.SYN_SENT) {
            c.abort(on);
            return 0;
        }
        if (reading) {
            c.shutdownReceive();
        }
        if (writing) {
            c.shutdownSend(on);
        }
        wakeAll(on, Symbol.SOCK_DEF_WAKEUP);
        return 0;
    }

    @Override
    public int setOption(SocketOption option, long value, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        int error = tcpOptions.set(option, value, on);
        TcpListener l = listener;
        if (error == 0 && l != null) {
            l.setWanted(wanted());
        }
        return error;
    }

    @Override
    public long option(SocketOption option) {
        return tcpOptions.get(option);
    }

    @Override
    public @Nullable IpAddress localAddress() {
        return connection == null ? boundAddress : connection.localAddress();
    }

    @Override
    public int localPort() {
        return connection == null ? boundPort : connection.localPort();
    }

    @Override
    public @Nullable IpAddress remoteAddress() {
        return connection == null ? null : connection.remoteAddress();
    }

    @Override
    public int remotePort() {
        return connection == null ? 0 : connection.remotePort();
    }

    @Override
    public int readableBytes() {
        return connection == null ? 0 : connection.readableBeforeMark();
    }

    @Override
    public long unsentBytes() {
        return connection == null ? 0 : connection.unacknowledged();
    }

    @Override
    public boolean isAtMark() {
        return connection != null && connection.isAtMark();
    }

    @Override
    public String stateName() {
        if (listener != null) {
            return TcpState.LISTEN.name();
        }
        return connection == null ? TcpState.CLOSE.name() : connection.state().name();
    }

    @Override
    public @Nullable TcpInfo info(long nowPs) {
        return connection == null ? null : connection.info(nowPs);
    }

    @Override
    public int pollEvents() {
        TcpListener l = listener;
        if (l != null) {
            return l.waiting() > 0 ? PollEvents.READABLE : 0;
        }
        TcpConnection c = connection;
        if (c == null) {
            return PollEvents.POLLHUP | PollEvents.WRITABLE;
        }
        return TcpReadiness.of(this, c);
    }

    /** Truesize of the segments that wait for their reader. */
    public int prequeuedBytes() {
        return intake.prequeue.bytes();
    }

    /** Truesize of the segments that wait until a system call lets the socket go. */
    public int backlogBytes() {
        return intake.backlog.bytes();
    }

    /** Bytes that may be written before a writer has to wait. */
    int sendRoom() {
        return sendLimit - sendBuffer.bytes();
    }

    /** Whether there is enough room to make a writer go on ({@code sk_stream_wspace}). */
    boolean isWritable() {
        return sendRoom() >= sendBuffer.bytes() / 2;
    }

    void awaitRoom() {
        writersWait = true;
    }

    @Override
    public void arrived(TcpConnection from, Segment segment, Work on) {
        struct.found(on);
        intake.arrived(from, segment, on);
    }

    @Override
    public boolean isBusy() {
        return lock.isHeld();
    }

    @Override
    public int take(Segment segment, int index, int length, Work on) {
        return takeByProcessor(segment, index, length, OffloadRefusal.NOT_FAST_PATH, on);
    }

    private int takeByProcessor(Segment segment, int index, int length, OffloadRefusal why, Work on) {
        ReadOffload active = direct.offload();
        OffloadRefusal whole = active == null || active.isPinned() ? why : active.refusal();
        int taken = direct.take((SocketBuffer) segment, segment.headerLength() + index, length, whole, on);
        if (taken > 0) {
            on.spend(layer.costs.copiedDirectly());
        }
        return taken;
    }

    @Override
    public int takeExpected(Segment segment, int index, int length, Work on) {
        SocketBuffer packet = (SocketBuffer) segment;
        ReadOffload active = direct.offload();
        if (active == null || !active.isPinned()) {
            boolean fits = length <= direct.left();
            return fits ? takeByProcessor(segment, index, length, OffloadRefusal.NO_WAITING_READER, on) : 0;
        }
        OffloadRefusal why = direct.takeByEngine(packet, segment.headerLength() + index, length, on);
        if (why == null) {
            wakeAfterCopy(active, segment, on);
            return length;
        }
        if (direct.isInReadersContext() && length <= direct.left()) {
            return takeByProcessor(segment, index, length, why, on);
        }
        if (active.rules().early() != OffloadRules.Place.PREQUEUE) {
            active.readerWoken();
        }
        return 0;
    }

    /** A reader that isn't needed for the acknowledgment is woken when its buffer is full or the sender wants it to be. */
    private void wakeAfterCopy(ReadOffload active, Segment segment, Work on) {
        TcpConnection c = connection;
        boolean alone = active.rules().acknowledgesEarly() && !direct.isInReadersContext();
        if (alone && c != null && (direct.left() == 0 || segment.isPushed() || c.charged() > c.receiveBuffer() / 2)) {
            active.readerWoken();
            wakeAll(on, Symbol.SOCK_DEF_READABLE);
        }
    }

    @Override
    public boolean keeps(TcpConnection from, Segment segment, Work on) {
        ReadOffload active = offload;
        SocketBuffer packet = (SocketBuffer) segment;
        if (active == null || packet.cookie() == 0) {
            return false;
        }
        active.keep(packet);
        if (!active.rules().chargesWhileCopying()) {
            from.discharge(segment);
        }
        if (active.rules().acknowledgesEarly() && !lock.isHeld()) {
            // tcp_cleanup_rbuf in the softirq
            from.afterRead(segment.payloadLength(), on);
        }
        return true;
    }

    @Override
    public void readable(TcpConnection from, Work on) {
        wakeAll(on, Symbol.SOCK_DEF_READABLE);
    }

    @Override
    public void acknowledged(TcpConnection from, long offset, Work on) {
        if (isClosed() && !waiters.isEmpty()) {
            wakeAll(on, Symbol.SOCK_DEF_WAKEUP);
        }
        sendBuffer.acknowledged(offset, (Processor) on);
        growSendLimit(from);
        if (writersWait && isWritable()) {
            writersWait = false;
            wakeAll(on, Symbol.SK_STREAM_WRITE_SPACE);
        }
    }

    /** The send buffer follows the congestion window ({@code tcp_new_space}) unless a program has set it. */
    private void growSendLimit(TcpConnection c) {
        if (options.sendBuffer == 0) {
            int segment = c.segmentBytes() + SendLimits.SEGMENT_OVERHEAD;
            long wanted = 2L * segment * Math.max(c.congestionWindow(), SendLimits.LEAST_SEGMENTS);
            sendLimit = (int) Math.max(sendLimit, Math.min(wanted, tcp().settings().largestSendBuffer));
        }
    }

    @Override
    public void changed(TcpConnection from, Work on) {
        if (from.state() == TcpState.CLOSE && isClosed()) {
            sendBuffer.clear((Processor) on);
        }
        if (from.state() == TcpState.CLOSE && (isClosed() || !accepted)) {
            struct.free((Processor) on);
        }
        wakeAll(on, Symbol.SOCK_DEF_WAKEUP);
    }

    @Override
    public void delayOver(TcpConnection from, Work on) {
        intake.processPrequeue(TcpCounter.SCHEDULER_FAILED, on);
    }

    @Override
    public TcpUser closing(TcpConnection from) {
        return this;
    }

    @Override
    public TcpUser opened(TcpConnection from, Work on) {
        TcpSocket child = new TcpSocket(layer, !from.isIpv4());
        child.options.inherit(options);
        child.connection = from;
        child.boundPort = boundPort;
        child.sendLimit = sendLimit;
        child.tcpOptions.applyTo(from, on);
        child.struct.allocate((Processor) on);
        return child;
    }

    @Override
    public void acceptable(TcpListener at, Work on) {
        wakeAll(on, Symbol.SOCK_DEF_READABLE);
    }

    void wakeAll(Work on, Symbol symbol) {
        on.spend(symbol, layer.costs.wake());
        struct.woken(symbol, on);
        on.spend(layer.costs.callback());
        waiters.wakeAll(on);
    }

    @Override
    void close(Processor on) {
        markClosed();
        TcpListener l = listener;
        if (l != null) {
            l.close(on);
            listener = null;
        }
        intake.processPrequeue(TcpCounter.PREQUEUE_DROPPED, on);
        TcpConnection c = connection;
        if (c == null || c.state() == TcpState.CLOSE) {
            sendBuffer.clear(on);
            struct.free(on);
        }
        if (c != null) {
            c.setResetOnClose(options.lingers && options.lingerSeconds == 0);
            c.close(on);
        }
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put((long) boundPort << Integer.SIZE | sendLimit);
        hash.put(writersWait);
        hash.put(accepted);
        if (connection != null) {
            connection.feed(hash);
        }
        lock.hashInto(hash);
        intake.hashInto(hash);
        direct.hashInto(hash);
        sendBuffer.hashInto(hash);
        hash.put(struct.address());
    }
}
