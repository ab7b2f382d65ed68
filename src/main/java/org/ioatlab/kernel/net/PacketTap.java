package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A packet socket (SOCK_PACKET) that sees every packet before its protocol does. It counts them, and holds clones of a number of them so that
 * somebody can look at where their bytes lie; what doesn't fit is counted, and its clone is charged as freed at once.
 */
public final class PacketTap {
    /** The most packets that it holds. */
    public static final int LARGEST_HOLD_PACKETS = 65_536;

    private final SocketBuffers buffers;
    private final long tapCycles;
    private final CostList unheldClone;
    private @Nullable SocketBuffer first;
    private @Nullable SocketBuffer last;
    private int holdPackets;
    private int held;
    private long nextSequence = 1;
    private long packets;
    private long bytes;
    private long dropped;

    /** A tap that holds nothing. */
    public PacketTap(SocketBuffers buffers, Platform platform) {
        this.buffers = buffers;
        tapCycles = platform.get(Parameter.PACKET_TAP_CYCLES);
        unheldClone = platform.functions()
                .add(Symbol.SKB_CLONE, Parameter.SKB_CLONE_CYCLES)
                .add(Symbol.KMEM_CACHE_ALLOC, Parameter.SLAB_LIST_CYCLES)
                .add(Symbol.KFREE_SKB, Parameter.SOCKET_BUFFER_RELEASE_CYCLES)
                .add(Symbol.SKB_RELEASE_DATA, Parameter.SKB_RELEASE_DATA_CYCLES)
                .add(Symbol.KFREE_SKBMEM, Parameter.KFREE_SKBMEM_CYCLES)
                .add(Symbol.KMEM_CACHE_FREE, Parameter.SLAB_LIST_CYCLES)
                .list();
    }

    /** How many packets it holds before it drops. */
    public int holdPackets() {
        return holdPackets;
    }

    /**
     * Sets how many packets it holds; zero holds none. What it holds already stays.
     *
     * @param count 0 to {@link #LARGEST_HOLD_PACKETS}
     */
    public void setHoldPackets(int count) {
        if (count < 0 || count > LARGEST_HOLD_PACKETS) {
            throw new IllegalArgumentException("holdPackets must be from 0 to " + LARGEST_HOLD_PACKETS);
        }
        holdPackets = count;
    }

    /** Packets seen, those that it couldn't hold included. */
    public long packets() {
        return packets;
    }

    /** Bytes seen, link headers included. */
    public long bytes() {
        return bytes;
    }

    /** Packets that came while as many as allowed were held. */
    public long dropped() {
        return dropped;
    }

    /** How many packets it holds. */
    public int held() {
        return held;
    }

    /** Looks at {@code packet}, which stays its caller's. */
    void listen(SocketBuffer packet, Processor on) {
        on.spend(Symbol.PACKET_RCV_SPKT, tapCycles);
        if (held >= holdPackets) {
            on.spend(unheldClone);
        }
        packets++;
        bytes += packet.linkLength() + packet.fragmentBytes;
        long sequence = nextSequence++;
        SocketBuffer clone = held < holdPackets ? buffers.clone(packet, on) : null;
        if (clone == null) {
            dropped += holdPackets > 0 ? 1 : 0;
        } else {
            clone.sequence = sequence;
            append(clone);
        }
    }

    /** The held packets with a sequence number of at least {@code fromSequence}, in order, at most {@code limit}. */
    public List<HeldPacket> view(long fromSequence, int limit) {
        List<HeldPacket> views = new ArrayList<>();
        for (SocketBuffer packet = first; packet != null && views.size() < limit; packet = packet.next) {
            if (packet.sequence >= fromSequence) {
                views.add(HeldPacket.of(packet));
            }
        }
        return views;
    }

    /** The held packet of that number, or null. */
    public @Nullable HeldPacket find(long sequence) {
        List<HeldPacket> views = view(sequence, 1);
        return views.isEmpty() || views.getFirst().sequence() != sequence ? null : views.getFirst();
    }

    /** Frees the held packets up to and including that number; answers how many. */
    public int releaseThrough(long sequence, Processor on) {
        int released = 0;
        SocketBuffer packet = first;
        while (packet != null && packet.sequence <= sequence) {
            unlink(packet, null);
            buffers.free(packet, on);
            packet = first;
            released++;
        }
        return released;
    }

    /** Frees a held packet; false if it holds none of that number. */
    public boolean release(long sequence, Processor on) {
        SocketBuffer before = null;
        for (SocketBuffer packet = first; packet != null; packet = packet.next) {
            if (packet.sequence == sequence) {
                unlink(packet, before);
                buffers.free(packet, on);
                return true;
            }
            before = packet;
        }
        return false;
    }

    /** Frees all held packets; answers how many. */
    public int releaseAll(Processor on) {
        return releaseThrough(Long.MAX_VALUE, on);
    }

    /** Feeds what it holds. */
    public void hashInto(StateHash hash) {
        hash.put(holdPackets);
        hash.put(held);
        for (SocketBuffer packet = first; packet != null; packet = packet.next) {
            hash.put(packet.sequence);
            packet.hashInto(hash);
        }
    }

    private void append(SocketBuffer packet) {
        packet.next = null;
        if (last == null) {
            first = packet;
        } else {
            last.next = packet;
        }
        last = packet;
        held++;
    }

    private void unlink(SocketBuffer packet, @Nullable SocketBuffer before) {
        if (before == null) {
            first = packet.next;
        } else {
            before.next = packet.next;
        }
        if (last == packet) {
            last = before;
        }
        held--;
    }
}
