package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of one datagram that have come ({@code struct ipq}), in the order of their places, which {@link SocketBuffer#control()} holds;
 * their data begins behind their headers.
 */
final class FragmentQueue extends KernelTimer {
    /** What a queue counts for besides its fragments. */
    static final int OWN_BYTES = 128;

    static final int FIRST_IN = 1;
    static final int LAST_IN = 2;

    final Fragments table;
    boolean ipv6;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int identification;
    int protocol;
    int came;

    /** What follows the headers of the datagram, as its first fragment says. */
    int firstNextHeader;

    /** The datagram's length as far as it is known. */
    int length;

    /** How many bytes of it have come. */
    int meat;

    /** What it counts for in memory. */
    int truesize;

    @Nullable
    SocketBuffer first;

    @Nullable
    SocketBuffer last;

    @Nullable
    FragmentQueue nextInBucket;

    @Nullable
    FragmentQueue older;

    @Nullable
    FragmentQueue newer;

    FragmentQueue(Fragments table) {
        super(true);
        this.table = table;
    }

    boolean isOf(SocketBuffer packet, int id, int ofProtocol) {
        return identification == id
                && protocol == ofProtocol
                && sourceLow == packet.sourceLow()
                && destinationLow == packet.destinationLow()
                && sourceHigh == packet.sourceHigh()
                && destinationHigh == packet.destinationHigh();
    }

    void begin(SocketBuffer packet, int id, int ofProtocol) {
        sourceHigh = packet.sourceHigh();
        sourceLow = packet.sourceLow();
        destinationHigh = packet.destinationHigh();
        destinationLow = packet.destinationLow();
        identification = id;
        protocol = ofProtocol;
        came = 0;
        length = 0;
        meat = 0;
        truesize = OWN_BYTES;
        first = null;
        last = null;
    }

    /** Whether every byte has come. */
    boolean isComplete() {
        return came == (FIRST_IN | LAST_IN) && meat == length;
    }

    static int end(SocketBuffer fragment) {
        return fragment.control() + fragment.length();
    }

    /** Puts a fragment behind {@code before}; at the front if that is null. */
    void insert(SocketBuffer fragment, @Nullable SocketBuffer before) {
        if (before == null) {
            fragment.setNextPacket(first);
            first = fragment;
        } else {
            fragment.setNextPacket(before.nextPacket());
            before.setNextPacket(fragment);
        }
        if (fragment.nextPacket() == null) {
            last = fragment;
        }
        meat += fragment.length();
    }

    /** Takes out the fragment behind {@code before}. */
    void removeAfter(@Nullable SocketBuffer before, SocketBuffer fragment) {
        if (before == null) {
            first = fragment.nextPacket();
        } else {
            before.setNextPacket(fragment.nextPacket());
        }
        if (last == fragment) {
            last = before;
        }
        meat -= fragment.length();
    }

    /** The last fragment that begins before {@code offset}. */
    @Nullable
    SocketBuffer before(int offset) {
        if (last != null && last.control() < offset) {
            return last;
        }
        SocketBuffer before = null;
        for (SocketBuffer each = first; each != null && each.control() < offset; each = each.nextPacket()) {
            before = each;
        }
        return before;
    }

    @Override
    protected void expire(Work on) {
        table.expired(this, (Processor) on);
    }

    @Override
    protected void hashInto(StateHash hash) {
        hash.put("fragments");
        hash.put(identification);
    }

    void feed(StateHash hash) {
        hash.put(sourceLow);
        hash.put(destinationLow);
        hash.put(identification);
        hash.put((long) length << Integer.SIZE | meat);
        hash.put((long) truesize << Integer.SIZE | came);
        for (SocketBuffer fragment = first; fragment != null; fragment = fragment.nextPacket()) {
            fragment.hashInto(hash);
        }
    }
}
