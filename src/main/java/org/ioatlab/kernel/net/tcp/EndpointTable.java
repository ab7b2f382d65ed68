package org.ioatlab.kernel.net.tcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** All endpoints with a known other end, found by addresses and ports ({@code tcp_ehash}); the table doubles as it fills. */
final class EndpointTable {
    private static final int SMALLEST = 16;
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private @Nullable Endpoint[] buckets = new @Nullable Endpoint[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Endpoint find(Segment segment) {
        int bucket = bucket(
                segment.sourceHigh ^ segment.destinationHigh,
                segment.sourceLow + Long.rotateLeft(segment.destinationLow, 32),
                segment.sourcePort << 16 | segment.destinationPort);
        Endpoint endpoint = buckets[bucket];
        while (endpoint != null && !endpoint.isFor(segment)) {
            endpoint = endpoint.nextInBucket;
        }
        return endpoint;
    }

    boolean contains(Endpoint like) {
        return find(like) != null;
    }

    /** The one between the same two ends. */
    @Nullable
    Endpoint find(Endpoint like) {
        Endpoint endpoint = buckets[bucketOf(like)];
        while (endpoint != null && !sameEnds(endpoint, like)) {
            endpoint = endpoint.nextInBucket;
        }
        return endpoint;
    }

    void add(Endpoint endpoint) {
        if (size >= buckets.length) {
            grow();
        }
        int bucket = bucketOf(endpoint);
        endpoint.nextInBucket = buckets[bucket];
        buckets[bucket] = endpoint;
        size++;
    }

    void remove(Endpoint endpoint) {
        int bucket = bucketOf(endpoint);
        Endpoint before = null;
        Endpoint found = buckets[bucket];
        while (found != null && found != endpoint) {
            before = found;
            found = found.nextInBucket;
        }
        if (found == null) {
            return;
        }
        if (before == null) {
            buckets[bucket] = found.nextInBucket;
        } else {
            before.nextInBucket = found.nextInBucket;
        }
        found.nextInBucket = null;
        size--;
    }

    void hashInto(StateHash hash) {
        hash.put(size);
        for (Endpoint first : buckets) {
            for (Endpoint endpoint = first; endpoint != null; endpoint = endpoint.nextInBucket) {
                endpoint.hashInto(hash);
            }
        }
    }

    /** All of one kind, in the table's order. Allocates. */
    <E extends Endpoint> List<E> all(Class<E> kind) {
        List<E> found = new ArrayList<>();
        for (Endpoint first : buckets) {
            for (Endpoint endpoint = first; endpoint != null; endpoint = endpoint.nextInBucket) {
                if (kind.isInstance(endpoint)) {
                    found.add(kind.cast(endpoint));
                }
            }
        }
        return found;
    }

    private static boolean sameEnds(Endpoint a, Endpoint b) {
        return a.remotePort == b.remotePort
                && a.localPort == b.localPort
                && a.remoteLow == b.remoteLow
                && a.remoteHigh == b.remoteHigh
                && a.localLow == b.localLow
                && a.localHigh == b.localHigh
                && a.ipv4 == b.ipv4;
    }

    private int bucketOf(Endpoint endpoint) {
        return bucket(
                endpoint.remoteHigh ^ endpoint.localHigh,
                endpoint.remoteLow + Long.rotateLeft(endpoint.localLow, 32),
                endpoint.remotePort << 16 | endpoint.localPort);
    }

    private int bucket(long high, long low, int ports) {
        long mixed = (high * 31 + low ^ ports) * MULTIPLIER;
        mixed = (mixed ^ mixed >>> 29) * MULTIPLIER;
        return (int) (mixed >>> 40) & buckets.length - 1;
    }

    private void grow() {
        @Nullable Endpoint[] old = buckets;
        buckets = new @Nullable Endpoint[2 * old.length];
        Arrays.fill(buckets, null);
        for (Endpoint first : old) {
            Endpoint endpoint = first;
            while (endpoint != null) {
                Endpoint next = endpoint.nextInBucket;
                int bucket = bucketOf(endpoint);
                endpoint.nextInBucket = buckets[bucket];
                buckets[bucket] = endpoint;
                endpoint = next;
            }
        }
    }
}
