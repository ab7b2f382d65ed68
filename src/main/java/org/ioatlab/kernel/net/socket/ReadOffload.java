package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.dmaengine.DmaChannel;
import org.ioatlab.kernel.dmaengine.DmaStatus;
import org.ioatlab.kernel.dmaengine.MemcpyKind;
import org.ioatlab.kernel.mm.LockedList;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.offload.EngineCopies;
import org.ioatlab.kernel.net.offload.NetDma;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.net.offload.OffloadRules;
import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * One read's use of the copy engine (OLS 2005 paper, section 4.3): the pinned buffer, what the engine was asked for, and the packets that
 * must not be freed before it is done. One channel serves a whole read, so that waiting for its last cookie waits for all.
 */
final class ReadOffload {
    /** Where the engine stands. */
    enum Standing {
        DONE,
        BUSY,
        FAILED
    }

    private static final int PACKETS_A_SLICE = 4;

    private final SocketLayer layer;
    private final @Nullable NetDma net;
    private final OffloadCounters counters = new OffloadCounters();
    private final EngineCopies copies = new EngineCopies();
    private final SegmentQueue asyncWaitQueue = new SegmentQueue();
    private final LockedList locked;
    private @Nullable OffloadRefusal refusal = OffloadRefusal.NO_COPY_OFFLOAD;
    private @Nullable DmaChannel channel;
    private int generation;
    private boolean failed;
    private boolean takenBack;
    private boolean readerWoken;
    private boolean waiting;
    private boolean armed;

    ReadOffload(SocketLayer layer) {
        this.layer = layer;
        net = layer.netDma;
        locked = new LockedList(layer.memory, layer.platform);
    }

    /** What this read has come to so far. */
    OffloadCounters counters() {
        return counters;
    }

    OffloadRules rules() {
        return Objects.requireNonNull(net).rules();
    }

    /** Whether the engine may copy for this read: its buffer is pinned. */
    boolean isPinned() {
        return refusal == null;
    }

    /** Why a processor copies. */
    OffloadRefusal refusal() {
        return refusal == null ? OffloadRefusal.NOT_FAST_PATH : refusal;
    }

    /** A read begins that hasn't looked at its socket yet. */
    void begin() {
        counters.reset();
        refusal = net == null ? OffloadRefusal.NO_COPY_OFFLOAD : OffloadRefusal.NO_WAITING_READER;
    }

    /**
     * Decides whether this read is worth pinning its buffer (the beginning of {@code tcp_recvmsg}).
     *
     * @param target bytes that it waits for
     * @return whether the buffer is to be pinned by {@link #pinSome}
     */
    boolean accepts(IoVector into, int flags, int target, TcpSocket socket, TcpConnection connection, Processor on) {
        NetDma dma = net;
        if (dma == null) {
            return false;
        }
        refusal = refusalOf(dma, into.remaining(), flags, target, socket, connection, on);
        if (refusal != null) {
            return false;
        }
        refusal = OffloadRefusal.PIN_FAILED;
        socket.offload = this;
        failed = false;
        takenBack = false;
        readerWoken = false;
        channel = null;
        into.lock(locked);
        return true;
    }

    private @Nullable OffloadRefusal refusalOf(
            NetDma dma, int length, int flags, int target, TcpSocket socket, TcpConnection connection, Processor on) {
        if ((flags & (MessageFlags.MSG_PEEK | MessageFlags.MSG_TRUNC)) != 0) {
            return OffloadRefusal.PEEK;
        }
        if (length <= socket.tcp().settings().dmaCopybreak) {
            return OffloadRefusal.BELOW_COPYBREAK;
        }
        if (socket.tcp().settings().lowLatency) {
            return OffloadRefusal.LOW_LATENCY;
        }
        if (dma.channelOf(on) == null) {
            return OffloadRefusal.NO_CHANNEL;
        }
        if (dma.rules().heedsQueued() && connection.readable() >= target) {
            return OffloadRefusal.DATA_QUEUED;
        }
        return socket.offload != null ? OffloadRefusal.READER_BUSY : null;
    }

    LockedList.Progress pinSome(Processor on) {
        LockedList.Progress progress = locked.pinSome(on);
        if (progress == LockedList.Progress.DONE) {
            refusal = null;
        }
        return progress;
    }

    LockedList locked() {
        return locked;
    }

    /** Whether segments go through TCP as they come instead of waiting in the prequeue. */
    boolean bypassesPrequeue(Processor on) {
        return isPinned() && rules().early() != OffloadRules.Place.PREQUEUE && channel(on) != null;
    }

    /** Why the engine can't take a whole segment before its reader runs; null if it can. */
    @Nullable
    OffloadRefusal earlyRefusal(SocketBuffer packet, int length, int left, boolean readersContext, Processor on) {
        if (!isPinned()) {
            return OffloadRefusal.NO_WAITING_READER;
        }
        if (rules().early() == OffloadRules.Place.READER && !readersContext) {
            return OffloadRefusal.NO_WAITING_READER;
        }
        if (readerWoken) {
            return OffloadRefusal.READER_WOKEN;
        }
        if (length > left) {
            return OffloadRefusal.DOES_NOT_FIT;
        }
        if (!packet.isHardwareChecked()) {
            return OffloadRefusal.NO_HARDWARE_CHECKSUM;
        }
        DmaChannel chosen = channel(on);
        if (chosen == null) {
            return OffloadRefusal.NO_CHANNEL;
        }
        return isUsable(chosen) ? null : OffloadRefusal.CHANNEL_UNUSABLE;
    }

    /** Why the engine can't copy queued data; null if it can. */
    @Nullable
    OffloadRefusal queuedRefusal(SocketBuffer packet, Processor on) {
        OffloadRefusal whole = refusal;
        if (whole != null) {
            return whole;
        }
        if (rules().onlyHardwareChecksums() && !packet.isHardwareChecked()) {
            return OffloadRefusal.NO_HARDWARE_CHECKSUM;
        }
        DmaChannel chosen = channel(on);
        if (chosen == null) {
            return OffloadRefusal.NO_CHANNEL;
        }
        return isUsable(chosen) ? null : OffloadRefusal.CHANNEL_UNUSABLE;
    }

    /**
     * Has the engine copy part of a packet to where {@code into} stands ({@code dma_skb_copy_datagram_iovec}): a descriptor for each page that
     * the bytes go to.
     *
     * @param early whether its reader doesn't run yet
     * @return false if the channel takes nothing; the packet's bytes are then where they were
     */
    boolean copy(SocketBuffer packet, int offset, int length, IoVector into, boolean early, Processor on) {
        DmaChannel chosen = Objects.requireNonNull(channel);
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, Math.min(packet.runAt(offset + done), into.run()));
            long target = locked.addressAt(into.part(), into.bufferOffset());
            long source = packet.addressAt(offset + done);
            MemcpyKind kind = packet.isLinear(offset + done) ? MemcpyKind.BUF_TO_PG : MemcpyKind.PG_TO_PG;
            int cookie = chosen.memcpy(kind, target, source, piece, on);
            if (cookie > 0) {
                copies.add(target, source, piece, cookie, early);
                counters.engine(piece, early);
            } else if (done == 0) {
                return false;
            } else {
                // part of the packet is on its way already: the rest must not wait for it
                layer.copy.toPinned(target, source, piece, on);
                counters.cpu(OffloadRefusal.CHANNEL_UNUSABLE, piece);
            }
            into.advance(piece);
            done += piece;
        }
        packet.setCookie(copies.lastCookie());
        return true;
    }

    /** After a copy of queued data: some kernels tell the engine at once. */
    void issueAfterCopy(Processor on) {
        if (rules().issuesAfterCopy() && channel != null) {
            channel.issuePending(on);
        }
    }

    /** The reader has been woken: segments that come now are queued. */
    void readerWoken() {
        readerWoken = true;
    }

    boolean isReaderWoken() {
        return readerWoken;
    }

    /** The reader runs. */
    void readerRuns() {
        readerWoken = false;
    }

    /** A packet whose bytes the engine still reads ({@code sk_async_wait_queue}). */
    void keep(SocketBuffer packet) {
        asyncWaitQueue.add(packet);
    }

    boolean keepsPackets() {
        return !asyncWaitQueue.isEmpty();
    }

    /** Tells the engine of what is left to tell. */
    void issuePending(Processor on) {
        if (rules().issuesPending() && channel != null && !copies.isEmpty()) {
            channel.issuePending(on);
        }
    }

    /** Where the engine stands with all of it. */
    Standing standing(Processor on) {
        DmaChannel used = channel;
        if (copies.isEmpty() || used == null) {
            return Standing.DONE;
        }
        if (!failed) {
            failed = !isUsable(used) || used.complete(copies.lastCookie(), on) == DmaStatus.DMA_ERROR;
        }
        if (failed) {
            return Standing.FAILED;
        }
        if (used.complete(copies.lastCookie(), on) == DmaStatus.DMA_SUCCESS) {
            copies.clear();
            return Standing.DONE;
        }
        return Standing.BUSY;
    }

    /** Whether the engine does nothing until its channel is resumed. */
    boolean isSuspended() {
        return channel != null && channel.isSuspended();
    }

    /** Gives up waiting: what the engine hasn't done is taken back. */
    void giveUp() {
        failed = true;
    }

    /** Has {@code task} woken when the engine has done something; asks for an interrupt if the task is going to sleep. */
    void await(Task task, Processor on) {
        DmaChannel used = Objects.requireNonNull(channel);
        if (!waiting) {
            waiting = true;
            used.addWaiter(task);
        }
        if (sleeps() && !armed) {
            armed = true;
            used.armInterrupt(on);
        }
    }

    /** Whether waiting sleeps; it spins otherwise. */
    boolean sleeps() {
        return Objects.requireNonNull(net).sleeps();
    }

    /** The waiting is over. */
    void stopWaiting(Task task) {
        if (waiting && channel != null) {
            channel.removeWaiter(task);
        }
        waiting = false;
        armed = false;
    }

    /**
     * Copies one piece that the engine didn't do; the channel begins anew first, so that it can't do it any more.
     *
     * @return whether there is none left
     */
    boolean redoOne(Processor on) {
        if (!takenBack) {
            takeBack(Objects.requireNonNull(channel), on);
            return copies.isEmpty();
        }
        if (!copies.isEmpty()) {
            layer.copy.toPinned(copies.firstTarget(), copies.firstSource(), copies.firstLength(), on);
            counters.redone(copies.firstLength(), copies.isFirstEarly());
            copies.removeFirst();
        }
        return copies.isEmpty();
    }

    private void takeBack(DmaChannel used, Processor on) {
        takenBack = true;
        if (used.generation() != generation) {
            return;
        }
        while (!copies.isEmpty() && used.complete(copies.firstCookie(), on) == DmaStatus.DMA_SUCCESS) {
            copies.removeFirst();
        }
        used.restart(on);
    }

    /** Frees the oldest kept packet if the engine has done with it; false if there is none. */
    boolean freeFinished(TcpConnection connection, Processor on) {
        if (asyncWaitQueue.isEmpty()) {
            return false;
        }
        SocketBuffer oldest = (SocketBuffer) asyncWaitQueue.first();
        DmaChannel used = channel;
        // a channel that has begun anew knows nothing of the cookie: it would read as done
        boolean done = copies.isEmpty()
                || (used != null && isUsable(used) && used.complete(oldest.cookie(), on) == DmaStatus.DMA_SUCCESS);
        if (done) {
            copies.removeThrough(oldest.cookie());
            asyncWaitQueue.take();
            connection.discharge(oldest);
            layer.tcp.free(oldest, on);
        }
        return done;
    }

    /** The same for a few packets: less work than receiving one. */
    boolean freeSome(TcpConnection connection, Processor on) {
        int freed = 0;
        while (freed < PACKETS_A_SLICE && freeFinished(connection, on)) {
            freed++;
        }
        return freed > 0;
    }

    /** Frees some before the read is over, where a kernel does that. */
    void freeWhileReading(TcpConnection connection, Processor on) {
        if (isPinned() && rules().drainsClosedWindow()) {
            freeSome(connection, on);
        }
    }

    /** Lets some pages go; whether all have gone. */
    boolean unpinSome(Processor on) {
        return locked.unpinSome(counters.engineBytes() > 0, on);
    }

    /** The read is over: what it came to is added to the machine's. */
    void end(TcpSocket socket) {
        if (socket.offload == this) {
            socket.offload = null;
        }
        channel = null;
        layer.offload.add(counters);
    }

    /** The channel that serves this read: the first processor's to need one. */
    private @Nullable DmaChannel channel(Work on) {
        if (channel == null && !failed) {
            channel = Objects.requireNonNull(net).channelOf((Processor) on);
            generation = channel == null ? 0 : channel.generation();
        }
        return channel;
    }

    private boolean isUsable(DmaChannel used) {
        return !failed && used.generation() == generation && !used.hasFailed();
    }

    void hashInto(StateHash hash) {
        hash.put(refusal == null ? -1 : refusal.ordinal());
        hash.put(channel == null ? "" : channel.name());
        hash.put(generation);
        hash.put(failed);
        hash.put(takenBack);
        hash.put(readerWoken);
        hash.put(waiting);
        hash.put(armed);
        locked.hashInto(hash);
        copies.hashInto(hash);
        asyncWaitQueue.hashInto(hash);
    }
}
