package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * IP's way out ({@code ip_queue_xmit}): route, header, fragments, neighbour. Whatever isn't on an interface's network is taken for a neighbour on
 * the link that its flow came in by, as if a router sat there that answers for every address.
 */
public final class IpOutput {
    /** The hop limit of what the machine sends. */
    public static final int HOP_LIMIT = 64;

    /** Room before a transport header for all that comes in front of it: Ethernet, IPv6 with a fragment header. */
    public static final int HEADROOM = 80;

    /** The longest IP packet that there is. */
    public static final int LONGEST_PACKET = 65_535;

    /** How long a path's MTU is believed ({@code ip_rt_mtu_expires}). */
    public static final long PATH_MTU_PS = 600L * 1_000_000_000_000L;

    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final long GROUP_MAC = 0x0100_5e00_0000L;
    private static final int GROUP_MASK = 0x7f_ffff;
    private static final int LINEAR_BYTES = 1600;

    private final IpContext context;
    private final Neighbours neighbours;
    private final Solicitor solicitor;
    private final Fragmenter fragmenter;

    IpOutput(IpContext context, Neighbours neighbours) {
        this.context = context;
        this.neighbours = neighbours;
        solicitor = new Solicitor(context);
        fragmenter = new Fragmenter(context);
    }

    /**
     * Finds the way to a destination.
     *
     * @param flow to be filled in
     * @param localHigh with {@code localLow} the own address to send from; both 0 to take that of the interface
     * @param cameBy the interface to use for what is on no interface's network
     */
    public void route(
            IpFlow flow, boolean ipv6, long localHigh, long localLow, long remoteHigh, long remoteLow, int cameBy) {
        Interfaces all = context.interfaces;
        flow.ipv6 = ipv6;
        flow.remoteHigh = remoteHigh;
        flow.remoteLow = remoteLow;
        flow.device = all.route(ipv6, remoteHigh, remoteLow, cameBy);
        boolean unset = (localHigh | localLow) == 0;
        flow.localHigh = !unset ? localHigh : ipv6 ? all.ipv6High(flow.device) : 0;
        flow.localLow =
                !unset ? localLow : ipv6 ? all.ipv6Low(flow.device) : Integer.toUnsignedLong(all.ipv4(flow.device));
        flow.neighbour = null;
        place(flow);
    }

    private void place(IpFlow flow) {
        if (context.interfaces.isOwn(flow.ipv6, flow.remoteHigh, flow.remoteLow)) {
            flow.way = IpFlow.Way.OWN;
        } else if (Interfaces.isMulticast(flow.ipv6, flow.remoteHigh, flow.remoteLow)) {
            flow.way = IpFlow.Way.GROUP;
            flow.groupMac = flow.ipv6 ? Solicitor.groupMac(flow.remoteLow) : GROUP_MAC | (flow.remoteLow & GROUP_MASK);
        } else if (!flow.ipv6 && context.interfaces.isBroadcast((int) flow.remoteLow)) {
            flow.way = IpFlow.Way.GROUP;
            flow.groupMac = MacAddress.BROADCAST.bits();
        } else {
            flow.way = IpFlow.Way.NEIGHBOUR;
        }
    }

    /** The longest IP packet that the flow's interface takes. */
    public int mtu(IpFlow flow) {
        return context.interfaces.device(flow.device).mtu();
    }

    /** The longest IP packet that is known to get to the flow's destination. */
    public int pathMtu(IpFlow flow, Processor on) {
        int mtu = mtu(flow);
        if (flow.way != IpFlow.Way.NEIGHBOUR) {
            return mtu;
        }
        Neighbour neighbour = neighbours.find(flow.ipv6, flow.remoteHigh, flow.remoteLow, flow.device);
        return limited(mtu, neighbour, on);
    }

    private static int limited(int mtu, @Nullable Neighbour neighbour, Processor on) {
        return neighbour != null && on.nowPs() < neighbour.pathMtuUntilPs ? Math.min(mtu, neighbour.pathMtu) : mtu;
    }

    /**
     * A packet of {@code length} bytes with room for headers before them, not yet written: the first {@value #LINEAR_BYTES} at most in one piece, the
     * others in pages. Null when memory is exhausted.
     */
    public @Nullable SocketBuffer allocate(int length, Processor on) {
        int linear = Math.min(length, LINEAR_BYTES);
        return context.buffers.allocateWithRoom(HEADROOM, linear, length - linear, on);
    }

    /**
     * Sends a packet whose data begins at its transport header, and owns it from now on.
     *
     * @param fragmentable whether it may be sent in fragments; if not, it carries don't-fragment and is dropped when longer than the interface's MTU
     *     and not to be segmented there
     * @return false if it was dropped at once
     */
    public boolean send(SocketBuffer packet, IpFlow flow, int protocol, boolean fragmentable, Processor on) {
        context.ip(flow.ipv6).increment(IpMib.OUT_REQUESTS);
        on.spend(flow.ipv6 ? Symbol.IP6_XMIT : Symbol.IP_QUEUE_XMIT, context.costs.transmit());
        packet.markTransport();
        if (flow.way == IpFlow.Way.OWN || packet.length() + Ipv4.MIN_HEADER_LENGTH > LONGEST_PACKET) {
            boolean own = flow.way == IpFlow.Way.OWN;
            noteAddresses(packet, flow);
            context.drop(packet, own ? IpMib.OUT_NO_ROUTES : IpMib.OUT_DISCARDS, on);
            return false;
        }
        Neighbour neighbour = neighbourOf(flow, on);
        int longest = fragmentable ? limited(mtu(flow), neighbour, on) : mtu(flow);
        int length = packet.length() + headerLength(flow);
        boolean whole = length <= longest || packet.segmentBytes() > 0;
        writeHeader(packet, flow, protocol, neighbour, !fragmentable);
        if (whole) {
            return output(packet, flow, neighbour, on);
        }
        if (!fragmentable) {
            context.drop(packet, IpMib.FRAG_FAILS, on);
            return false;
        }
        return sendFragments(packet, flow, neighbour, longest, on);
    }

    private static int headerLength(IpFlow flow) {
        return flow.ipv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
    }

    /** The destination's entry, remembered by the flow while it lives; null for a group. */
    private @Nullable Neighbour neighbourOf(IpFlow flow, Processor on) {
        if (flow.way != IpFlow.Way.NEIGHBOUR) {
            return null;
        }
        Neighbour neighbour = flow.neighbour;
        if (neighbour == null || neighbour.life != flow.neighbourLife) {
            neighbour = neighbours.obtain(flow.ipv6, flow.remoteHigh, flow.remoteLow, flow.device, on);
            flow.neighbour = neighbour;
            flow.neighbourLife = neighbour.life;
        } else {
            neighbours.use(neighbour);
        }
        return neighbour;
    }

    private void writeHeader(
            SocketBuffer packet, IpFlow flow, int protocol, @Nullable Neighbour neighbour, boolean dontFragment) {
        int length = packet.length();
        packet.push(headerLength(flow));
        packet.markNetwork();
        noteAddresses(packet, flow);
        long address = packet.dataAddress();
        byte[] page = context.bytes.memory().write((int) (address >> PhysicalMemory.PAGE_SHIFT));
        int at = (int) address & PAGE_MASK;
        if (flow.ipv6) {
            Ipv6.writeHeader(page, at, length, protocol);
            Ipv6.setSource(page, at, flow.localHigh, flow.localLow);
            Ipv6.setDestination(page, at, flow.remoteHigh, flow.remoteLow);
            return;
        }
        int whole = length + Ipv4.MIN_HEADER_LENGTH;
        Ipv4.writeHeader(page, at, whole, protocol, (int) flow.localLow, (int) flow.remoteLow);
        Ipv4.setIdentification(page, at, neighbour == null ? 0 : neighbour.identification);
        Ipv4.setFlagsAndOffset(page, at, dontFragment ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.writeChecksum(page, at);
        if (neighbour != null) {
            neighbour.identification += segments(packet);
        }
    }

    /** At least as many as hardware makes of it, each with an identification of its own. */
    private static int segments(SocketBuffer packet) {
        int bytes = packet.segmentBytes();
        return bytes == 0 ? 1 : (packet.length() + bytes - 1) / bytes;
    }

    private static void noteAddresses(SocketBuffer packet, IpFlow flow) {
        if (flow.ipv6) {
            packet.setIpv6Addresses(flow.localHigh, flow.localLow, flow.remoteHigh, flow.remoteLow);
        } else {
            packet.setIpv4Addresses((int) flow.localLow, (int) flow.remoteLow);
        }
    }

    private boolean sendFragments(
            SocketBuffer packet, IpFlow flow, @Nullable Neighbour neighbour, int longest, Processor on) {
        SocketBuffer fragment = fragmenter.cut(packet, longest, neighbour, on);
        boolean sent = fragment != null;
        while (fragment != null) {
            SocketBuffer next = fragment.nextPacket();
            fragment.setNextPacket(null);
            sent &= output(fragment, flow, neighbour, on);
            fragment = next;
        }
        return sent;
    }

    private boolean output(SocketBuffer packet, IpFlow flow, @Nullable Neighbour neighbour, Processor on) {
        on.spend(flow.ipv6 ? context.costs.output6() : context.costs.output4());
        if (neighbour != null) {
            return neighbours.output(packet, neighbour, on);
        }
        if (flow.ipv6) {
            context.ipv6.increment(IpMib.OUT_MCAST_PKTS);
        }
        int type = flow.ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        return solicitor.transmit(packet, flow.device, flow.groupMac, type, on);
    }

    /** Notes that longer packets than {@code mtu} don't get to a destination, for ten minutes. */
    void limitPath(boolean ipv6, long high, long low, int mtu, int cameBy, Processor on) {
        int device = context.interfaces.route(ipv6, high, low, cameBy);
        Neighbour neighbour = neighbours.find(ipv6, high, low, device);
        if (neighbour != null) {
            boolean shorter = on.nowPs() >= neighbour.pathMtuUntilPs || mtu < neighbour.pathMtu;
            neighbour.pathMtu = shorter ? mtu : neighbour.pathMtu;
            neighbour.pathMtuUntilPs = on.nowPs() + PATH_MTU_PS;
        }
    }
}
