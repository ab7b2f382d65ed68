package org.ioatlab.kernel.net.ip;

import org.jspecify.annotations.Nullable;

/**
 * Where packets between two addresses go ({@code struct dst_entry}): made by {@link IpOutput#route}, kept by a connection or used again for every
 * datagram.
 */
public final class IpFlow {
    /** What the destination is. */
    enum Way {
        NEIGHBOUR,
        GROUP,
        OWN
    }

    boolean ipv6;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    int device;
    Way way = Way.OWN;

    /** The link address of a group. */
    long groupMac;

    @Nullable
    Neighbour neighbour;

    int neighbourLife;

    /** Whether it is one of IPv6. */
    public boolean isIpv6() {
        return ipv6;
    }

    /** The interface that its packets go out of. */
    public int device() {
        return device;
    }

    /** The upper half of the machine's own address. */
    public long localHigh() {
        return localHigh;
    }

    /** The lower half of the machine's own address. */
    public long localLow() {
        return localLow;
    }

    /** The upper half of the destination's address. */
    public long remoteHigh() {
        return remoteHigh;
    }

    /** The lower half of the destination's address. */
    public long remoteLow() {
        return remoteLow;
    }
}
