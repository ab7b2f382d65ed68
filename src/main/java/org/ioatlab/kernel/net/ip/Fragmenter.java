package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/** Cuts a packet that is too long for its path into fragments, each a copy in a buffer of its own ({@code ip_fragment}). */
final class Fragmenter {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int UNIT_MASK = ~7;
    private static final int UNIT_SHIFT = 3;
    private static final int NEXT_HEADER = 6;
    private static final int FRAGMENT_IDENTIFICATION = 4;

    private final IpContext context;

    Fragmenter(IpContext context) {
        this.context = context;
    }

    /**
     * Takes a packet whose data begins at its IP header.
     *
     * @param longest the fragments' length with their header
     * @return the fragments, linked, or null when memory is exhausted
     */
    @Nullable
    SocketBuffer cut(SocketBuffer packet, int longest, @Nullable Neighbour neighbour, Processor on) {
        boolean ipv6 = packet.isIpv6();
        int header = ipv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        int room = (longest - header - (ipv6 ? Ipv6.EXTENSION_UNIT : 0)) & UNIT_MASK;
        int identification = neighbour == null ? 0 : neighbour.identification++;
        int length = packet.length() - header;
        SocketBuffer first = null;
        SocketBuffer last = null;
        for (int offset = 0; offset < length; offset += room) {
            int piece = Math.min(room, length - offset);
            SocketBuffer fragment = piece(packet, header, offset, piece, on);
            if (fragment == null) {
                return failed(packet, first, on);
            }
            boolean more = offset + piece < length;
            if (ipv6) {
                markIpv6(packet, fragment, offset, more, identification);
            } else {
                markIpv4(fragment, offset, more);
            }
            if (last == null) {
                first = fragment;
            } else {
                last.setNextPacket(fragment);
            }
            last = fragment;
        }
        context.ip(ipv6).increment(IpMib.FRAG_OKS);
        context.buffers.free(packet, on);
        return first;
    }

    /** A copy of part of the packet's payload behind room for its headers. */
    private @Nullable SocketBuffer piece(SocketBuffer packet, int header, int offset, int length, Processor on) {
        on.spend(Symbol.IP_FRAGMENT, context.costs.fragment());
        SocketBuffer fragment = context.buffers.allocateWithRoom(IpOutput.HEADROOM, length, 0, on);
        if (fragment == null) {
            return null;
        }
        context.bytes.copy(packet, header + offset, fragment, 0, length);
        context.costs.copy(length, on);
        if (packet.isIpv6()) {
            fragment.push(Ipv6.EXTENSION_UNIT);
        }
        fragment.push(header);
        context.bytes.copy(packet, 0, fragment, 0, header);
        fragment.markNetwork();
        fragment.copyAddresses(packet);
        context.ip(packet.isIpv6()).increment(IpMib.FRAG_CREATES);
        return fragment;
    }

    private void markIpv4(SocketBuffer fragment, int offset, boolean more) {
        byte[] page = page(fragment);
        int at = (int) fragment.dataAddress() & PAGE_MASK;
        Ipv4.setTotalLength(page, at, fragment.length());
        Ipv4.setFlagsAndOffset(page, at, offset >> UNIT_SHIFT | (more ? Ipv4.MORE_FRAGMENTS : 0));
        Ipv4.writeChecksum(page, at);
    }

    private void markIpv6(SocketBuffer packet, SocketBuffer fragment, int offset, boolean more, int identification) {
        byte[] page = page(fragment);
        int at = (int) fragment.dataAddress() & PAGE_MASK;
        Ipv6.setPayloadLength(page, at, fragment.length() - Ipv6.HEADER_LENGTH);
        Ipv6.setNextHeader(page, at, IpProtocol.FRAGMENT);
        int extension = at + Ipv6.HEADER_LENGTH;
        BigEndian.put16(page, extension, context.bytes.u8(packet, NEXT_HEADER) << Byte.SIZE);
        BigEndian.put16(page, extension + 2, offset | (more ? 1 : 0));
        BigEndian.put32(page, extension + FRAGMENT_IDENTIFICATION, identification);
    }

    private byte[] page(SocketBuffer packet) {
        return context.bytes.memory().write((int) (packet.dataAddress() >> PhysicalMemory.PAGE_SHIFT));
    }

    private @Nullable SocketBuffer failed(SocketBuffer packet, @Nullable SocketBuffer made, Processor on) {
        SocketBuffer fragment = made;
        while (fragment != null) {
            SocketBuffer next = fragment.nextPacket();
            context.buffers.free(fragment, on);
            fragment = next;
        }
        context.drop(packet, IpMib.FRAG_FAILS, on);
        return null;
    }
}
