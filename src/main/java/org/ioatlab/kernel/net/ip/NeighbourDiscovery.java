package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.MacAddress;

/** Takes the solicitations and advertisements of neighbour discovery (RFC 4861), whose checksum is right. */
final class NeighbourDiscovery {
    /** What proves that a message comes from the link itself (RFC 4861, 7.1). */
    static final int HOP_LIMIT = 255;

    private static final int MESSAGE = Icmpv6.HEADER_LENGTH + Ipv6.ADDRESS_LENGTH;
    private static final int SOURCE_OPTION = 1;
    private static final int TARGET_OPTION = 2;
    private static final int OPTION_UNIT = 8;
    private static final int HOP_LIMIT_AT = 7;
    private static final int SOLICITED = 0x40;
    private static final int OVERRIDE = 0x20;
    private static final long NO_MAC = -1;
    private static final long MALFORMED = -2;

    private final IpContext context;
    private final Neighbours neighbours;
    private final Solicitor solicitor;

    NeighbourDiscovery(IpContext context, Neighbours neighbours) {
        this.context = context;
        this.neighbours = neighbours;
        solicitor = new Solicitor(context);
    }

    /** Takes a message, which stays its caller's. */
    void receive(SocketBuffer packet, int type, Processor on) {
        on.spend(Symbol.NDISC_RCV, context.costs.neighbour());
        boolean fromLink = context.bytes.u8(packet.networkAddress() + HOP_LIMIT_AT) == HOP_LIMIT;
        boolean whole = context.buffers.mayPull(packet, Math.min(packet.length(), MESSAGE + OPTION_UNIT));
        if (!fromLink || !whole || packet.length() < MESSAGE || context.bytes.u8(packet, 1) != 0) {
            return;
        }
        long high = context.bytes.i64(packet.dataAddress() + Icmpv6.HEADER_LENGTH);
        long low = context.bytes.i64(packet.dataAddress() + Icmpv6.HEADER_LENGTH + Long.BYTES);
        long mac = option(packet, type == Icmpv6.NEIGHBOR_SOLICITATION ? SOURCE_OPTION : TARGET_OPTION);
        if (mac == MALFORMED || Interfaces.isMulticast(true, high, low)) {
            return;
        }
        if (type == Icmpv6.NEIGHBOR_SOLICITATION) {
            solicitation(packet, high, low, mac, on);
        } else {
            advertisement(packet, high, low, mac, on);
        }
    }

    /** The link address in the option of that kind; the first one counts. */
    private long option(SocketBuffer packet, int wanted) {
        long found = NO_MAC;
        int at = MESSAGE;
        while (at + 2 <= packet.length()) {
            int length = context.bytes.u8(packet, at + 1) * OPTION_UNIT;
            if (length == 0 || at + length > packet.length()) {
                return MALFORMED;
            }
            if (context.bytes.u8(packet, at) == wanted && found == NO_MAC) {
                found = macAt(packet, at + 2);
            }
            at += length;
        }
        return found >= 0 && MacAddress.isGroup(found) ? MALFORMED : found;
    }

    private long macAt(SocketBuffer packet, int at) {
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << Byte.SIZE | context.bytes.u8(packet, at + i);
        }
        return mac;
    }

    private void solicitation(SocketBuffer packet, long high, long low, long mac, Processor on) {
        context.icmpv6.increment(IcmpMib.IN_NEIGHBOR_SOLICITS);
        boolean hasSource = (packet.sourceHigh() | packet.sourceLow()) != 0;
        if (!context.interfaces.isOwnIpv6(high, low) || (!hasSource && mac != NO_MAC)) {
            return;
        }
        if (!hasSource) {
            solicitor.advertise(packet, high, low, 0, false, on);
            return;
        }
        long answerTo = mac == NO_MAC ? senderOf(packet) : mac;
        Neighbour neighbour = neighbours.obtain(true, packet.sourceHigh(), packet.sourceLow(), packet.device(), on);
        neighbours.update(neighbour, answerTo, Neighbour.State.STALE, true, on);
        solicitor.advertise(packet, high, low, answerTo, true, on);
    }

    /** Without an option the question is one between hosts that know each other's address. */
    private long senderOf(SocketBuffer packet) {
        return context.bytes.u48(packet.linkAddress() + 6);
    }

    private void advertisement(SocketBuffer packet, long high, long low, long mac, Processor on) {
        context.icmpv6.increment(IcmpMib.IN_NEIGHBOR_ADVERTISEMENTS);
        Neighbour known = neighbours.find(true, high, low, packet.device());
        int flags = context.bytes.u8(packet, Integer.BYTES);
        boolean solicited = (flags & SOLICITED) != 0;
        boolean toGroup = Interfaces.isMulticast(true, packet.destinationHigh(), packet.destinationLow());
        if (known == null || (solicited && toGroup) || (mac == NO_MAC && !known.isResolved())) {
            return;
        }
        long address = mac == NO_MAC ? known.mac : mac;
        Neighbour.State state = solicited ? Neighbour.State.REACHABLE : Neighbour.State.STALE;
        neighbours.update(known, address, state, (flags & OVERRIDE) != 0 || !known.isResolved(), on);
    }
}
