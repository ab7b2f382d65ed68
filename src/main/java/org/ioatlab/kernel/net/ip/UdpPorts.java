package org.ioatlab.kernel.net.ip;

import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Which UDP socket has which port ({@code udp_hash}). */
final class UdpPorts {
    private static final int BUCKETS = 256;
    private static final int FIRST_CHOICE = 32_768;
    private static final int LAST_CHOICE = 61_000;

    private final @Nullable UdpSocketCore[] buckets = new @Nullable UdpSocketCore[BUCKETS];
    private int nextChoice = FIRST_CHOICE;

    /** Gives a socket that has none a port and an address; false if another one has them. Port 0 lets this choose. */
    boolean add(UdpSocketCore socket, long high, long low, int port) {
        int chosen = port == 0 ? freePort(socket.ipv6) : port;
        if (socket.bound || chosen == 0 || conflicts(socket.ipv6, high, low, chosen)) {
            return false;
        }
        socket.localHigh = high;
        socket.localLow = low;
        socket.localPort = chosen;
        socket.bound = true;
        socket.nextInBucket = buckets[chosen % BUCKETS];
        buckets[chosen % BUCKETS] = socket;
        return true;
    }

    /** Frees the socket's port, if it has one. */
    void remove(UdpSocketCore socket) {
        if (!socket.bound) {
            return;
        }
        socket.bound = false;
        int bucket = socket.localPort % BUCKETS;
        UdpSocketCore before = buckets[bucket];
        if (before == socket) {
            buckets[bucket] = socket.nextInBucket;
            return;
        }
        while (before != null && before.nextInBucket != socket) {
            before = before.nextInBucket;
        }
        if (before != null) {
            before.nextInBucket = socket.nextInBucket;
        }
    }

    /** The first of the sockets among which all of {@code port} are, linked by {@link UdpSocketCore#nextInBucket}. */
    @Nullable
    UdpSocketCore first(int port) {
        return buckets[port % BUCKETS];
    }

    /** The socket that suits best between two addresses and ports, or null. */
    @Nullable
    UdpSocketCore find(boolean ipv6, long high, long low, int port, long fromHigh, long fromLow, int fromPort) {
        UdpSocketCore best = null;
        int bestScore = -1;
        for (UdpSocketCore each = first(port); each != null; each = each.nextInBucket) {
            int score = each.localPort == port ? each.suits(ipv6, high, low, fromHigh, fromLow, fromPort) : -1;
            if (score > bestScore) {
                best = each;
                bestScore = score;
            }
        }
        return best;
    }

    void hashInto(StateHash hash) {
        hash.put(nextChoice);
        for (UdpSocketCore bucket : buckets) {
            for (UdpSocketCore each = bucket; each != null; each = each.nextInBucket) {
                each.hashInto(hash);
            }
        }
    }

    private boolean conflicts(boolean ipv6, long high, long low, int port) {
        boolean any = (high | low) == 0;
        for (UdpSocketCore each = first(port); each != null; each = each.nextInBucket) {
            boolean everywhere = any || (each.localHigh | each.localLow) == 0;
            boolean same = each.localLow == low && each.localHigh == high;
            if (each.localPort == port && each.ipv6 == ipv6 && (everywhere || same)) {
                return true;
            }
        }
        return false;
    }

    /** A port that nobody has, from a range like the kernel's; 0 if there is none. */
    private int freePort(boolean ipv6) {
        for (int tried = FIRST_CHOICE; tried <= LAST_CHOICE; tried++) {
            int port = nextChoice;
            nextChoice = nextChoice == LAST_CHOICE ? FIRST_CHOICE : nextChoice + 1;
            if (!conflicts(ipv6, 0, 0, port)) {
                return port;
            }
        }
        return 0;
    }
}
