package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol keeps of a UDP socket: its addresses, and the datagrams that have come for it. Made by {@link UdpLayer#open}; whoever owns the
 * socket reads from it and is told when there is something.
 */
public final class UdpSocketCore {
    /** Who wants to know of datagrams and errors. */
    public interface Listener {
        /** A datagram has come, or an error that the next call reports; in softirq context. */
        void readable(UdpSocketCore socket, Processor on);
    }

    final Listener listener;
    final boolean ipv6;
    boolean bound;
    boolean connected;
    int localPort;
    long localHigh;
    long localLow;
    int remotePort;
    long remoteHigh;
    long remoteLow;
    private final UdpLayer layer;
    private int receiveBufferBytes;
    private int receiveBytes;
    private long drops;
    private int pendingError;
    private @Nullable SocketBuffer first;
    private @Nullable SocketBuffer last;
    private int queued;

    @Nullable
    UdpSocketCore nextInBucket;

    UdpSocketCore(UdpLayer layer, boolean ipv6, int receiveBufferBytes, Listener listener) {
        this.layer = layer;
        this.ipv6 = ipv6;
        this.receiveBufferBytes = receiveBufferBytes;
        this.listener = listener;
    }

    /** Whether it is a socket of IPv6. */
    public boolean isIpv6() {
        return ipv6;
    }

    /** Its port, 0 while it has none. */
    public int localPort() {
        return localPort;
    }

    /** The upper half of the address it is bound to; 0 for every address. */
    public long localHigh() {
        return localHigh;
    }

    /** The lower half of the address it is bound to; 0 for every address. */
    public long localLow() {
        return localLow;
    }

    /** Whether it takes datagrams of one sender only. */
    public boolean isConnected() {
        return connected;
    }

    /** The port it is connected to. */
    public int remotePort() {
        return remotePort;
    }

    /** The upper half of the address it is connected to. */
    public long remoteHigh() {
        return remoteHigh;
    }

    /** The lower half of the address it is connected to. */
    public long remoteLow() {
        return remoteLow;
    }

    /** How much truesize it queues (SO_RCVBUF, as the kernel holds it). */
    public int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    /** Sets how much truesize it queues. */
    public void setReceiveBufferBytes(int bytes) {
        receiveBufferBytes = bytes;
    }

    /** The truesize of what is queued. */
    public int receiveBytes() {
        return receiveBytes;
    }

    /** How many datagrams are queued. */
    public int queued() {
        return queued;
    }

    /** How many datagrams found no room. */
    public long drops() {
        return drops;
    }

    /**
     * The oldest datagram without taking it, or null: its data begins behind the UDP header, and its addresses and {@link UdpLayer#sourcePort} tell the
     * sender. Unless its checksum is known to be right, whoever copies it asks {@link UdpLayer#isIntact} while copying.
     */
    public @Nullable SocketBuffer first() {
        return first;
    }

    /** Takes the oldest datagram out and frees it. */
    public void consume(Processor on) {
        SocketBuffer packet = first;
        if (packet != null) {
            first = packet.nextPacket();
            last = first == null ? null : last;
            packet.setNextPacket(null);
            queued--;
            receiveBytes -= packet.truesize();
            layer.free(packet, on);
        }
    }

    /** The error to be reported, an error number, which is thereby taken; 0 if there is none. */
    public int takeError() {
        int error = pendingError;
        pendingError = 0;
        return error;
    }

    /** Whether an error is to be reported. */
    public boolean hasError() {
        return pendingError != 0;
    }

    /** Feeds its queue. */
    public void hashInto(StateHash hash) {
        hash.put((long) localPort << Integer.SIZE | remotePort);
        hash.put((long) receiveBufferBytes << Integer.SIZE | pendingError);
        for (SocketBuffer packet = first; packet != null; packet = packet.nextPacket()) {
            packet.hashInto(hash);
        }
    }

    /** Queues a datagram if there is room for it. */
    boolean enqueue(SocketBuffer packet) {
        if (receiveBytes + packet.truesize() >= receiveBufferBytes) {
            drops++;
            return false;
        }
        receiveBytes += packet.truesize();
        queued++;
        packet.setNextPacket(null);
        if (last == null) {
            first = packet;
        } else {
            last.setNextPacket(packet);
        }
        last = packet;
        return true;
    }

    void report(int error, Processor on) {
        pendingError = error;
        listener.readable(this, on);
    }

    /** How well it suits a datagram; negative if not at all ({@code udp_v4_lookup_longway}). */
    int suits(boolean version6, long high, long low, long fromHigh, long fromLow, int fromPort) {
        if (ipv6 != version6) {
            return -1;
        }
        int score = 0;
        if ((localHigh | localLow) != 0) {
            if (localLow != low || localHigh != high) {
                return -1;
            }
            score++;
        }
        if (connected) {
            if (remotePort != fromPort || remoteLow != fromLow || remoteHigh != fromHigh) {
                return -1;
            }
            score += 2;
        }
        return score;
    }
}
