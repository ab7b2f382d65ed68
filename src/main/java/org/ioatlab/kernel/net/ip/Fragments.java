package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of one IP version of which not all fragments have come ({@code ip_defrag}). They may take {@link #HIGH_BYTES} of packets' truesize;
 * beyond that those longest without news are given up until {@link #LOW_BYTES} are left. A whole datagram is copied into one packet, so that
 * nobody above needs to know that it came in parts; Linux chains the parts, and copies once only.
 */
abstract class Fragments {
    /** How much fragments may take together (ipfrag_high_thresh), bytes. */
    static final int HIGH_BYTES = 256 * 1024;

    /** What is left of them once they took too much (ipfrag_low_thresh), bytes. */
    static final int LOW_BYTES = 192 * 1024;

    private static final int BUCKETS = 64;
    private static final int LINEAR_BYTES = 512;

    final IpContext context;
    private final boolean ipv6;
    private final long timeoutPs;
    private final @Nullable FragmentQueue[] buckets = new @Nullable FragmentQueue[BUCKETS];
    private @Nullable FragmentQueue oldest;
    private @Nullable FragmentQueue newest;
    private @Nullable FragmentQueue unused;
    private int memoryBytes;
    private int queues;

    Fragments(IpContext context, boolean ipv6, long timeoutPs) {
        this.context = context;
        this.ipv6 = ipv6;
        this.timeoutPs = timeoutPs;
    }

    /** Tells the sender that its datagram didn't come whole in time; the fragment stays its caller's. */
    abstract void tellTimeout(SocketBuffer first, Processor on);

    /** Writes the datagram's IP header at the beginning of {@code whole} from that of its first fragment; answers its length. */
    abstract int headerLength(SocketBuffer first);

    /** See {@link #headerLength}. */
    abstract void writeHeader(SocketBuffer first, SocketBuffer whole, FragmentQueue queue);

    int memoryBytes() {
        return memoryBytes;
    }

    int queues() {
        return queues;
    }

    void hashInto(StateHash hash) {
        hash.put(memoryBytes);
        for (FragmentQueue each = oldest; each != null; each = each.newer) {
            each.feed(hash);
        }
    }

    /** The queue of a fragment's datagram, a new one if it is the first; counts it and makes room. */
    final FragmentQueue obtain(SocketBuffer fragment, int identification, int protocol, Processor on) {
        on.spend(ipv6 ? Symbol.IPV6_FRAG_RCV : Symbol.IP_DEFRAG, context.costs.fragment());
        context.ip(ipv6).increment(IpMib.REASM_REQDS);
        if (memoryBytes > HIGH_BYTES) {
            makeRoom(on);
        }
        int bucket = bucket(fragment.sourceLow(), identification);
        for (FragmentQueue each = buckets[bucket]; each != null; each = each.nextInBucket) {
            if (each.isOf(fragment, identification, protocol)) {
                unlinkAge(each);
                linkAge(each);
                return each;
            }
        }
        return create(fragment, identification, protocol, bucket, on);
    }

    /** Counts a fragment that has been put into its queue. */
    final void charge(FragmentQueue queue, SocketBuffer fragment) {
        queue.truesize += fragment.truesize();
        memoryBytes += fragment.truesize();
    }

    /** Frees a fragment that has been taken out of its queue. */
    final void discharge(FragmentQueue queue, SocketBuffer fragment, Processor on) {
        queue.truesize -= fragment.truesize();
        memoryBytes -= fragment.truesize();
        context.buffers.free(fragment, on);
    }

    /** Frees a fragment that is of no use. */
    final @Nullable SocketBuffer reject(SocketBuffer fragment, Processor on) {
        context.buffers.free(fragment, on);
        return null;
    }

    /** Gives a datagram up. */
    final void fail(FragmentQueue queue, Processor on) {
        context.ip(ipv6).increment(IpMib.REASM_FAILS);
        destroy(queue, on);
    }

    /** The whole datagram in one packet whose data begins at its IP header; null if it is too long or memory is exhausted. */
    final @Nullable SocketBuffer assemble(FragmentQueue queue, Processor on) {
        SocketBuffer first = queue.first;
        if (first == null || headerLength(first) + queue.length > longest()) {
            fail(queue, on);
            return null;
        }
        SocketBuffer whole = gather(queue, first, on);
        if (whole == null) {
            fail(queue, on);
            return null;
        }
        context.ip(ipv6).increment(IpMib.REASM_OKS);
        destroy(queue, on);
        return whole;
    }

    /** The longest datagram with its header. */
    abstract int longest();

    final void expired(FragmentQueue queue, Processor on) {
        context.ip(ipv6).increment(IpMib.REASM_TIMEOUT);
        SocketBuffer first = queue.first;
        if (first != null && (queue.came & FragmentQueue.FIRST_IN) != 0) {
            tellTimeout(first, on);
        }
        fail(queue, on);
    }

    private @Nullable SocketBuffer gather(FragmentQueue queue, SocketBuffer first, Processor on) {
        int header = headerLength(first);
        int linear = Math.min(header + queue.length, LINEAR_BYTES);
        SocketBuffer whole =
                context.buffers.allocateWithRoom(IpOutput.HEADROOM, linear, header + queue.length - linear, on);
        if (whole == null) {
            return null;
        }
        whole.copyReception(first);
        writeHeader(first, whole, queue);
        for (SocketBuffer fragment = first; fragment != null; fragment = fragment.nextPacket()) {
            context.bytes.copy(fragment, 0, whole, header + fragment.control(), fragment.length());
        }
        context.costs.copy(queue.length, on);
        return whole;
    }

    private void makeRoom(Processor on) {
        while (memoryBytes > LOW_BYTES && oldest != null) {
            fail(oldest, on);
        }
    }

    private FragmentQueue create(SocketBuffer fragment, int identification, int protocol, int bucket, Processor on) {
        FragmentQueue queue = unused;
        if (queue == null) {
            queue = new FragmentQueue(this);
        } else {
            unused = queue.nextInBucket;
        }
        queue.begin(fragment, identification, protocol);
        queue.nextInBucket = buckets[bucket];
        buckets[bucket] = queue;
        linkAge(queue);
        memoryBytes += FragmentQueue.OWN_BYTES;
        queues++;
        context.timers.arm(queue, on.nowPs() + timeoutPs, on);
        return queue;
    }

    private void destroy(FragmentQueue queue, Processor on) {
        context.timers.cancel(queue);
        SocketBuffer fragment = queue.first;
        while (fragment != null) {
            SocketBuffer next = fragment.nextPacket();
            discharge(queue, fragment, on);
            fragment = next;
        }
        queue.first = null;
        queue.last = null;
        memoryBytes -= queue.truesize;
        unlinkAge(queue);
        unlinkBucket(queue);
        queue.nextInBucket = unused;
        unused = queue;
        queues--;
    }

    private void unlinkBucket(FragmentQueue queue) {
        int bucket = bucket(queue.sourceLow, queue.identification);
        FragmentQueue before = buckets[bucket];
        if (before == queue) {
            buckets[bucket] = queue.nextInBucket;
            return;
        }
        while (before != null && before.nextInBucket != queue) {
            before = before.nextInBucket;
        }
        if (before != null) {
            before.nextInBucket = queue.nextInBucket;
        }
    }

    private void linkAge(FragmentQueue queue) {
        queue.newer = null;
        queue.older = newest;
        if (newest == null) {
            oldest = queue;
        } else {
            newest.newer = queue;
        }
        newest = queue;
    }

    private void unlinkAge(FragmentQueue queue) {
        if (queue.older == null) {
            oldest = queue.newer;
        } else {
            queue.older.newer = queue.newer;
        }
        if (queue.newer == null) {
            newest = queue.older;
        } else {
            queue.newer.older = queue.older;
        }
    }

    private static int bucket(long sourceLow, int identification) {
        int mixed = (int) ((sourceLow ^ (sourceLow >>> 32)) * 31 + identification) * 0x9e37_79b1;
        return mixed >>> 26;
    }
}
