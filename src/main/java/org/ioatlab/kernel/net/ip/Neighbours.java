package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/**
 * The hosts on all links. Of more than {@link #MOST_ENTRIES} the one that was longest not used is forgotten. An address that isn't known is asked
 * for {@link #PROBES} times, a second apart; up to {@link #MOST_WAITING} packets wait for the answer. Nothing is asked for twice: a known address
 * holds until its host tells another.
 */
public final class Neighbours {
    /** The most hosts that are remembered (gc_thresh3). */
    public static final int MOST_ENTRIES = 1024;

    /** How many packets wait for a host's address (unres_qlen). */
    public static final int MOST_WAITING = 3;

    /** How often an address is asked for (mcast_solicit). */
    public static final int PROBES = 3;

    /** How long each question waits for its answer (retrans_time). */
    public static final long PROBE_PS = Picoseconds.PER_SECOND;

    /** How long an address isn't replaced by another one's claim (locktime). */
    public static final long LOCK_PS = Picoseconds.PER_SECOND;

    private static final int BUCKETS = 256;

    private final IpContext context;
    private final Solicitor solicitor;
    private final IpError error = new IpError();
    private final @Nullable Neighbour[] buckets = new @Nullable Neighbour[BUCKETS];
    private @Nullable Neighbour oldest;
    private @Nullable Neighbour newest;
    private @Nullable Neighbour unused;
    private int entries;
    private int identification;

    Neighbours(IpContext context) {
        this.context = context;
        solicitor = new Solicitor(context);
    }

    /** How many hosts are remembered. */
    public int entries() {
        return entries;
    }

    /** Notes a host's link address, as {@code ip neigh add} does. */
    public void learn(boolean ipv6, long high, long low, int device, long mac, Processor on) {
        update(obtain(ipv6, high, low, device, on), mac, Neighbour.State.REACHABLE, true, on);
    }

    /** The remembered IPv4 hosts as {@code /proc/net/arp} prints them. */
    public String arpText() {
        return NeighbourText.arp(oldest, context.interfaces);
    }

    /** Feeds all hosts in their order of use, with the packets that wait for them. */
    public void hashInto(StateHash hash) {
        hash.put(entries);
        hash.put(identification);
        for (Neighbour each = oldest; each != null; each = each.newer) {
            each.feed(hash);
        }
    }

    @Nullable
    Neighbour find(boolean ipv6, long high, long low, int device) {
        for (Neighbour each = buckets[bucket(low)]; each != null; each = each.nextInBucket) {
            if (each.is(ipv6, high, low, device)) {
                return each;
            }
        }
        return null;
    }

    /** The host's entry, which becomes the one used last; a new one if it isn't known. */
    Neighbour obtain(boolean ipv6, long high, long low, int device, Processor on) {
        Neighbour found = find(ipv6, high, low, device);
        if (found != null) {
            use(found);
            return found;
        }
        if (entries >= MOST_ENTRIES && oldest != null) {
            forget(oldest, on);
        }
        return create(ipv6, high, low, device);
    }

    void use(Neighbour neighbour) {
        if (neighbour != newest) {
            unlinkAge(neighbour);
            linkAge(neighbour);
        }
    }

    /**
     * Sends a packet, whose data begins at its IP header, to a neighbour, or lets it wait for the address.
     *
     * @return false if it was dropped
     */
    boolean output(SocketBuffer packet, Neighbour neighbour, Processor on) {
        if (neighbour.isResolved()) {
            return transmit(packet, neighbour, on);
        }
        on.spend(Symbol.NEIGH_RESOLVE_OUTPUT, context.costs.neighbour());
        enqueue(packet, neighbour, on);
        if (neighbour.probes == 0) {
            probe(neighbour, on);
        }
        return true;
    }

    /** Writes the cached link header and hands the packet to the interface. */
    private boolean transmit(SocketBuffer packet, Neighbour neighbour, Processor on) {
        int type = neighbour.ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        return solicitor.transmit(packet, neighbour.device, neighbour.mac, type, on);
    }

    /** Somebody says that a host has a link address. */
    void update(Neighbour neighbour, long mac, Neighbour.State state, boolean override, Processor on) {
        boolean locked = neighbour.isResolved()
                && neighbour.mac != mac
                && (!override || (on.nowPs() - neighbour.updatedPs < LOCK_PS && neighbour.updatedPs != 0));
        if (locked) {
            return;
        }
        boolean news = neighbour.mac != mac || !neighbour.isResolved();
        neighbour.mac = mac;
        if (news || state == Neighbour.State.REACHABLE) {
            neighbour.state = state;
            neighbour.updatedPs = on.nowPs();
        }
        context.timers.cancel(neighbour);
        neighbour.probes = 0;
        release(neighbour, on);
    }

    /** A question's time is over. */
    void unanswered(Neighbour neighbour, Processor on) {
        on.spend(Symbol.NEIGH_TIMER_HANDLER, context.costs.neighbour());
        if (neighbour.probes < PROBES) {
            probe(neighbour, on);
        } else {
            fail(neighbour, on);
        }
    }

    private void probe(Neighbour neighbour, Processor on) {
        neighbour.probes++;
        context.timers.arm(neighbour, on.nowPs() + PROBE_PS, on);
        solicitor.solicit(neighbour, on);
    }

    /** Tells the senders of what waits, and forgets the host. */
    private void fail(Neighbour neighbour, Processor on) {
        SocketBuffer packet = takeWaiting(neighbour);
        forget(neighbour, on);
        while (packet != null) {
            SocketBuffer next = packet.nextPacket();
            packet.setNextPacket(null);
            unreachable(packet, on);
            packet = next;
        }
    }

    private void unreachable(SocketBuffer packet, Processor on) {
        int protocol = OwnPacket.describe(packet, context.bytes, error);
        error.kind = IpError.Kind.HOST_UNREACHABLE;
        error.ofOwnHost = true;
        TransportHandler handler = context.handler(protocol, error.ipv6);
        context.buffers.free(packet, on);
        if (handler != null) {
            handler.error(error, on);
        }
    }

    private void enqueue(SocketBuffer packet, Neighbour neighbour, Processor on) {
        if (neighbour.waiting == MOST_WAITING && neighbour.firstWaiting != null) {
            SocketBuffer dropped = neighbour.firstWaiting;
            neighbour.firstWaiting = dropped.nextPacket();
            neighbour.waiting--;
            context.drop(dropped, IpMib.OUT_DISCARDS, on);
        }
        packet.setNextPacket(null);
        SocketBuffer last = neighbour.firstWaiting;
        if (last == null) {
            neighbour.firstWaiting = packet;
        } else {
            while (last.nextPacket() != null) {
                last = last.nextPacket();
            }
            last.setNextPacket(packet);
        }
        neighbour.waiting++;
    }

    private static @Nullable SocketBuffer takeWaiting(Neighbour neighbour) {
        SocketBuffer first = neighbour.firstWaiting;
        neighbour.firstWaiting = null;
        neighbour.waiting = 0;
        return first;
    }

    private void release(Neighbour neighbour, Processor on) {
        SocketBuffer packet = takeWaiting(neighbour);
        while (packet != null) {
            SocketBuffer next = packet.nextPacket();
            packet.setNextPacket(null);
            transmit(packet, neighbour, on);
            packet = next;
        }
    }

    private Neighbour create(boolean ipv6, long high, long low, int device) {
        Neighbour fresh = unused;
        if (fresh == null) {
            fresh = new Neighbour(this);
        } else {
            unused = fresh.nextInBucket;
        }
        fresh.ipv6 = ipv6;
        fresh.high = high;
        fresh.low = low;
        fresh.device = device;
        fresh.state = Neighbour.State.INCOMPLETE;
        fresh.mac = 0;
        fresh.updatedPs = 0;
        fresh.probes = 0;
        fresh.pathMtuUntilPs = 0;
        fresh.pathMtu = 0;
        fresh.errorCreditPs = ErrorLimit.BURST_PS;
        fresh.errorCreditAtPs = 0;
        // Identifications of a host that is forgotten and known again don't begin at the same number.
        identification += 0x1000;
        fresh.identification = identification;
        int bucket = bucket(low);
        fresh.nextInBucket = buckets[bucket];
        buckets[bucket] = fresh;
        linkAge(fresh);
        entries++;
        return fresh;
    }

    private void forget(Neighbour neighbour, Processor on) {
        context.timers.cancel(neighbour);
        SocketBuffer packet = takeWaiting(neighbour);
        while (packet != null) {
            SocketBuffer next = packet.nextPacket();
            context.drop(packet, IpMib.OUT_DISCARDS, on);
            packet = next;
        }
        unlinkAge(neighbour);
        unlinkBucket(neighbour);
        neighbour.life++;
        neighbour.nextInBucket = unused;
        unused = neighbour;
        entries--;
    }

    private void unlinkBucket(Neighbour neighbour) {
        int bucket = bucket(neighbour.low);
        Neighbour before = buckets[bucket];
        if (before == neighbour) {
            buckets[bucket] = neighbour.nextInBucket;
            return;
        }
        while (before != null && before.nextInBucket != neighbour) {
            before = before.nextInBucket;
        }
        if (before != null) {
            before.nextInBucket = neighbour.nextInBucket;
        }
    }

    private void linkAge(Neighbour neighbour) {
        neighbour.newer = null;
        neighbour.older = newest;
        if (newest == null) {
            oldest = neighbour;
        } else {
            newest.newer = neighbour;
        }
        newest = neighbour;
    }

    private void unlinkAge(Neighbour neighbour) {
        if (neighbour.older == null) {
            oldest = neighbour.newer;
        } else {
            neighbour.older.newer = neighbour.newer;
        }
        if (neighbour.newer == null) {
            newest = neighbour.older;
        } else {
            neighbour.newer.older = neighbour.older;
        }
    }

    private static int bucket(long low) {
        int mixed = (int) (low ^ (low >>> 32)) * 0x9e37_79b1;
        return mixed >>> 24;
    }
}
