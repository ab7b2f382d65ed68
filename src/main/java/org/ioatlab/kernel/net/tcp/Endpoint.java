package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** Whoever a segment can be for: a connection, a listener, a connection that is being made, one that has been closed. */
public abstract class Endpoint {
    boolean ipv4;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    int localPort;
    int remotePort;
    int device;

    @Nullable
    Endpoint nextInBucket;

    Endpoint() {}

    /** The upper half of this end's address. */
    public final long localHigh() {
        return localHigh;
    }

    /** The lower half of this end's address; all of an IPv4 one. */
    public final long localLow() {
        return localLow;
    }

    /** The upper half of the other end's address. */
    public final long remoteHigh() {
        return remoteHigh;
    }

    /** The lower half of the other end's address; all of an IPv4 one. */
    public final long remoteLow() {
        return remoteLow;
    }

    /** This end's address. Allocates. */
    public final IpAddress localAddress() {
        return ipv4 ? IpAddress.ipv4((int) localLow) : IpAddress.ipv6(localHigh, localLow);
    }

    /** The other end's address. Allocates. */
    public final IpAddress remoteAddress() {
        return ipv4 ? IpAddress.ipv4((int) remoteLow) : IpAddress.ipv6(remoteHigh, remoteLow);
    }

    public final int localPort() {
        return localPort;
    }

    /** The other end's port, 0 for a listener. */
    public final int remotePort() {
        return remotePort;
    }

    /** The interface by which the other end's first segment came; 0 before. */
    public final int device() {
        return device;
    }

    /** Whether it speaks over IPv4. */
    public final boolean isIpv4() {
        return ipv4;
    }

    final void setEnds(IpAddress local, int port, IpAddress remote, int otherPort) {
        ipv4 = local.isIpv4();
        localHigh = local.high();
        localLow = local.low();
        remoteHigh = remote.high();
        remoteLow = remote.low();
        localPort = port;
        remotePort = otherPort;
    }

    /** The ends of whoever sent {@code segment} here. */
    final void setEnds(Segment segment) {
        ipv4 = segment.ipv4;
        localHigh = segment.destinationHigh;
        localLow = segment.destinationLow;
        remoteHigh = segment.sourceHigh;
        remoteLow = segment.sourceLow;
        localPort = segment.destinationPort;
        remotePort = segment.sourcePort;
        device = segment.device;
    }

    final void setEnds(Endpoint other) {
        ipv4 = other.ipv4;
        localHigh = other.localHigh;
        localLow = other.localLow;
        remoteHigh = other.remoteHigh;
        remoteLow = other.remoteLow;
        localPort = other.localPort;
        remotePort = other.remotePort;
        device = other.device;
    }

    final boolean isFor(Segment segment) {
        return remotePort == segment.sourcePort
                && localPort == segment.destinationPort
                && remoteLow == segment.sourceLow
                && remoteHigh == segment.sourceHigh
                && localLow == segment.destinationLow
                && localHigh == segment.destinationHigh
                && ipv4 == segment.ipv4;
    }

    /** Longest payload of a segment that a path with this MTU takes. */
    final int segmentBytes(int mtu) {
        return mtu - (ipv4 ? 40 : 60);
    }

    /** Feeds addresses, ports and whatever else there is. */
    abstract void hashInto(StateHash hash);

    final void hashEndsInto(StateHash hash) {
        hash.put(ipv4);
        hash.put(localHigh);
        hash.put(localLow);
        hash.put(remoteHigh);
        hash.put(remoteLow);
        hash.put((long) localPort << Integer.SIZE | remotePort);
    }
}
