package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** Reading a datagram ({@code udp_recvmsg}): one whole, or as much of it as there is room for; the rest is lost. */
public final class UdpReceiveCall extends SystemCall {
    private final IoVector into = new IoVector();
    private @Nullable UdpSocket socket;
    private final OffloadCounters copies = new OffloadCounters();
    private int flags;
    private boolean mayWait;
    private int copied;
    private boolean ipv6;
    private long senderHigh;
    private long senderLow;
    private int senderPort;

    /** A call object to be used again and again. */
    public UdpReceiveCall(SocketLayer layer) {
        super(layer);
    }

    /** Where the data go: to be filled with parts before {@link #begin}. */
    public IoVector into() {
        return into;
    }

    /** Begins {@code recvmsg()} with flags of {@link MessageFlags}. */
    public UdpReceiveCall begin(UdpSocket from, int messageFlags, Processor on) {
        prepare(from);
        socket = from;
        flags = messageFlags;
        copied = 0;
        copies.reset();
        senderPort = 0;
        mayWait = !from.nonBlocking && (flags & MessageFlags.MSG_DONTWAIT) == 0;
        if (from.options.receiveTimeoutPs > 0) {
            setDeadline(on.nowPs() + from.options.receiveTimeoutPs);
        }
        return this;
    }

    /** Who copied what, and why. */
    public OffloadCounters copies() {
        return copies;
    }

    /** Bytes that were copied by the processor that ran the call. */
    public int copiedBytes() {
        return copied;
    }

    /** Who sent the datagram; null if none came. */
    public @Nullable IpAddress sender() {
        if (senderPort == 0) {
            return null;
        }
        return ipv6 ? IpAddress.ipv6(senderHigh, senderLow) : IpAddress.ipv4((int) senderLow);
    }

    /** The port that the datagram was sent from. */
    public int senderPort() {
        return senderPort;
    }

    @Override
    CostList entering() {
        return layer.costs.enterReceive();
    }

    @Override
    Step step(Task task, Processor on) {
        UdpSocket from = Objects.requireNonNull(socket);
        from.waiters.remove(task);
        on.spend(Symbol.UDP_RECVMSG, layer.costs.receive());
        int error = from.core.takeError();
        if (error != 0) {
            return returns(-error);
        }
        SocketBuffer packet = from.core.first();
        if (packet != null) {
            return receive(from, packet, on);
        }
        if (from.isReadingShut()) {
            return returns(0);
        }
        if (!mayWait) {
            return fails(Errors.EAGAIN);
        }
        if (isOverdue(on)) {
            noteTimeout();
            return fails(Errors.EAGAIN);
        }
        from.waiters.add(task);
        return sleep(task);
    }

    private Step receive(UdpSocket from, SocketBuffer packet, Processor on) {
        boolean known = packet.checksum() == SocketBuffer.Checksum.UNNECESSARY;
        if (!known && !layer.udp.isIntact(packet)) {
            layer.udp.countBad(packet);
            from.core.consume(on);
            return Step.MORE;
        }
        int length = packet.length();
        copied = Math.min(length, into.remaining());
        layer.copy.toUser(packet, 0, copied, into, !known, on);
        copies.cpu(layer.netDma == null ? OffloadRefusal.NO_COPY_OFFLOAD : OffloadRefusal.NOT_TCP, copied);
        layer.offload.add(copies);
        ipv6 = packet.isIpv6();
        senderHigh = packet.sourceHigh();
        senderLow = packet.sourceLow();
        senderPort = layer.udp.sourcePort(packet);
        if ((flags & MessageFlags.MSG_PEEK) == 0) {
            from.core.consume(on);
        }
        return returns((flags & MessageFlags.MSG_TRUNC) != 0 ? length : copied);
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("udp_recv");
        hash.put(flags);
        hash.put(mayWait);
        into.hashInto(hash);
    }
}
