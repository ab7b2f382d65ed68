package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** Sends what neighbour resolution says: ARP (RFC 826), and the solicitations and advertisements of IPv6 (RFC 4861). */
final class Solicitor {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final long GROUP_MAC = 0x3333_0000_0000L;
    private static final int MESSAGE = Icmpv6.HEADER_LENGTH + Ipv6.ADDRESS_LENGTH;
    private static final int LINK_ADDRESS_OPTION = 8;
    private static final int LENGTH = MESSAGE + LINK_ADDRESS_OPTION;
    private static final int SOURCE_OPTION = 1;
    private static final int TARGET_OPTION = 2;
    private static final int SOLICITED = 0x6000_0000;
    private static final int UNSOLICITED = 0x2000_0000;

    private final IpContext context;

    Solicitor(IpContext context) {
        this.context = context;
    }

    /** Puts a link header before a packet and hands it to the interface. */
    boolean transmit(SocketBuffer packet, int device, long mac, int type, Processor on) {
        packet.push(Ethernet.HEADER_LENGTH);
        long address = packet.dataAddress();
        byte[] page = page(address);
        Ethernet.writeHeader(page, (int) address & PAGE_MASK, mac, context.interfaces.mac(device), type);
        return context.interfaces.device(device).transmit(packet, on);
    }

    /** Asks for a neighbour's link address. */
    void solicit(Neighbour neighbour, Processor on) {
        if (neighbour.ipv6) {
            solicitIpv6(neighbour, on);
        } else {
            int own = context.interfaces.ipv4(neighbour.device);
            arp(neighbour.device, Arp.REQUEST, own, 0, (int) neighbour.low, MacAddress.BROADCAST.bits(), on);
        }
    }

    /** Sends an ARP packet from the interface's own link address. */
    void arp(int device, int operation, int sender, long targetMac, int target, long destination, Processor on) {
        SocketBuffer packet = context.buffers.allocateWithRoom(IpOutput.HEADROOM, Arp.LENGTH, 0, on);
        if (packet == null) {
            return;
        }
        long address = packet.dataAddress();
        long own = context.interfaces.mac(device);
        Arp.write(page(address), (int) address & PAGE_MASK, operation, own, sender, targetMac, target);
        transmit(packet, device, destination, Ethernet.TYPE_ARP, on);
    }

    private void solicitIpv6(Neighbour neighbour, Processor on) {
        SocketBuffer packet = message(
                Icmpv6.NEIGHBOR_SOLICITATION, 0, neighbour.high, neighbour.low, SOURCE_OPTION, neighbour.device, on);
        if (packet == null) {
            return;
        }
        context.icmpv6.increment(IcmpMib.OUT_NEIGHBOR_SOLICITS);
        int device = neighbour.device;
        long group = Interfaces.solicitedNodeLow(neighbour.low);
        packet.setIpv6Addresses(
                context.interfaces.ipv6High(device),
                context.interfaces.ipv6Low(device),
                Interfaces.linkGroupHigh(),
                group);
        sendMessage(packet, device, groupMac(group), on);
    }

    /** Tells whoever asked, or everybody if that has no address yet, the link address of {@code target}, an own address. */
    void advertise(SocketBuffer question, long targetHigh, long targetLow, long mac, boolean solicited, Processor on) {
        int device = question.device();
        SocketBuffer packet = message(
                Icmpv6.NEIGHBOR_ADVERTISEMENT,
                solicited ? SOLICITED : UNSOLICITED,
                targetHigh,
                targetLow,
                TARGET_OPTION,
                device,
                on);
        if (packet == null) {
            return;
        }
        context.icmpv6.increment(IcmpMib.OUT_NEIGHBOR_ADVERTISEMENTS);
        long high = solicited ? question.sourceHigh() : Interfaces.linkGroupHigh();
        long low = solicited ? question.sourceLow() : 1;
        packet.setIpv6Addresses(targetHigh, targetLow, high, low);
        sendMessage(packet, device, solicited ? mac : groupMac(low), on);
    }

    /** The link address of an IPv6 group (RFC 2464, 7). */
    static long groupMac(long low) {
        return GROUP_MAC | (low & 0xffff_ffffL);
    }

    private @Nullable SocketBuffer message(
            int type, int flags, long high, long low, int option, int device, Processor on) {
        SocketBuffer packet = context.buffers.allocateWithRoom(IpOutput.HEADROOM, LENGTH, 0, on);
        if (packet == null) {
            return null;
        }
        long address = packet.dataAddress();
        byte[] page = page(address);
        int at = (int) address & PAGE_MASK;
        Icmpv6.writeTypeAndCode(page, at, type, 0);
        BigEndian.put32(page, at + Integer.BYTES, flags);
        BigEndian.put64(page, at + Icmpv6.HEADER_LENGTH, high);
        BigEndian.put64(page, at + Icmpv6.HEADER_LENGTH + Long.BYTES, low);
        BigEndian.put16(page, at + MESSAGE, option << Byte.SIZE | 1);
        BigEndian.put48(page, at + MESSAGE + 2, context.interfaces.mac(device));
        return packet;
    }

    /** Puts checksum and IPv6 header to a message and sends it to a link address. */
    private void sendMessage(SocketBuffer packet, int device, long mac, Processor on) {
        packet.push(Ipv6.HEADER_LENGTH);
        long address = packet.dataAddress();
        byte[] page = page(address);
        int at = (int) address & PAGE_MASK;
        Ipv6.writeHeader(page, at, LENGTH, IpProtocol.ICMPV6);
        Ipv6.setHopLimit(page, at, NeighbourDiscovery.HOP_LIMIT);
        Ipv6.setSource(page, at, packet.sourceHigh(), packet.sourceLow());
        Ipv6.setDestination(page, at, packet.destinationHigh(), packet.destinationLow());
        int pseudo = InternetChecksum.pseudoHeaderIpv6(page, at, IpProtocol.ICMPV6, LENGTH);
        Icmpv6.writeChecksum(page, at + Ipv6.HEADER_LENGTH, LENGTH, pseudo);
        context.icmpv6.increment(IcmpMib.OUT_MSGS);
        context.ipv6.increment(IpMib.OUT_REQUESTS);
        on.spend(Symbol.IP6_XMIT, context.costs.transmit());
        transmit(packet, device, mac, Ethernet.TYPE_IPV6, on);
    }

    private byte[] page(long address) {
        return context.bytes.memory().write((int) (address >> PhysicalMemory.PAGE_SHIFT));
    }
}
