package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.PacketHandler;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/** IPv4's way in ({@code ip_rcv}): checks the header, keeps what is for the machine, puts fragments together, finds the protocol. */
final class Ipv4Input implements PacketHandler {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int FRAGMENT = Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET_MASK;
    private static final int LOOPBACK_NETWORK = 127;

    private final IpContext context;
    private final Ipv4Fragments fragments;
    private final IcmpSender icmp;

    Ipv4Input(IpContext context, Ipv4Fragments fragments, IcmpSender icmp) {
        this.context = context;
        this.fragments = fragments;
        this.icmp = icmp;
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(context.costs.receive4());
        on.read(Symbol.IP_RCV, MemoryUse.HEADER, packet.dataAddress(), Ipv4.MIN_HEADER_LENGTH);
        packet.setIpv4Addresses(0, 0);
        if (packet.destination() == SocketBuffer.Destination.OTHER_HOST) {
            context.buffers.free(packet, on);
            return;
        }
        context.ipv4.increment(IpMib.IN_RECEIVES);
        if (!hasHeader(packet)) {
            context.drop(packet, IpMib.IN_HDR_ERRORS, on);
        } else if (!isForMachine(packet)) {
            context.drop(packet, IpMib.IN_ADDR_ERRORS, on);
        } else {
            accept(packet, on);
        }
    }

    /** Checks the header, notes the addresses and cuts padding off. */
    private boolean hasHeader(SocketBuffer packet) {
        if (!context.buffers.mayPull(packet, Ipv4.MIN_HEADER_LENGTH)) {
            return false;
        }
        byte[] page = page(packet);
        int at = (int) packet.dataAddress() & PAGE_MASK;
        int header = Ipv4.headerLength(page, at);
        int length = Ipv4.totalLength(page, at);
        if (Ipv4.version(page, at) != Ipv4.VERSION
                || header < Ipv4.MIN_HEADER_LENGTH
                || length < header
                || length > packet.length()
                || !context.buffers.mayPull(packet, header)
                || !isIntact(packet, page, at, header)) {
            return false;
        }
        packet.markNetwork();
        packet.setIpv4Addresses(Ipv4.source(page, at), Ipv4.destination(page, at));
        packet.trim(length);
        return true;
    }

    /** Hardware that found a transport checksum right has checked the header too. */
    private static boolean isIntact(SocketBuffer packet, byte[] page, int at, int header) {
        return packet.checksum() == SocketBuffer.Checksum.UNNECESSARY
                || InternetChecksum.sum(page, at, header) == 0xffff;
    }

    private boolean isForMachine(SocketBuffer packet) {
        int destination = (int) packet.destinationLow();
        int source = (int) packet.sourceLow();
        if (context.interfaces.isOwnIpv4(destination)) {
            return source != 0 && isUsualSource(source);
        }
        boolean toAll = context.interfaces.isBroadcast(destination) || Interfaces.isJoined(destination);
        return toAll && isUsualSource(source);
    }

    /** A sender is one host, and not this one (RFC 1122, 3.2.1.3; "martian" sources). */
    private boolean isUsualSource(int source) {
        boolean group = source >>> 28 >= 0xe;
        return !group
                && source >>> 24 != LOOPBACK_NETWORK
                && !context.interfaces.isOwnIpv4(source)
                && !context.interfaces.isBroadcast(source);
    }

    private void accept(SocketBuffer packet, Processor on) {
        on.spend(context.costs.route4());
        byte[] page = page(packet);
        int at = (int) packet.dataAddress() & PAGE_MASK;
        int header = Ipv4.headerLength(page, at);
        int protocol = Ipv4.protocol(page, at);
        int word = Ipv4.flagsAndOffset(page, at);
        if ((word & FRAGMENT) == 0) {
            deliver(packet, header, protocol, on);
            return;
        }
        int identification = Ipv4.identification(page, at);
        SocketBuffer whole = fragments.receive(packet, header, identification, protocol, word, on);
        if (whole != null) {
            deliver(whole, header(whole), protocol, on);
        }
    }

    private int header(SocketBuffer packet) {
        return Ipv4.headerLength(page(packet), (int) packet.dataAddress() & PAGE_MASK);
    }

    private void deliver(SocketBuffer packet, int header, int protocol, Processor on) {
        on.spend(context.costs.deliver4());
        packet.pull(header);
        packet.markTransport();
        @Nullable TransportHandler handler = context.handler(protocol, false);
        if (handler == null) {
            icmp.protocolUnreachable(packet, on);
            context.drop(packet, IpMib.IN_UNKNOWN_PROTOS, on);
            return;
        }
        context.ipv4.increment(IpMib.IN_DELIVERS);
        handler.receive(packet, on);
    }

    private byte[] page(SocketBuffer packet) {
        return context.bytes.memory().read((int) (packet.dataAddress() >> PhysicalMemory.PAGE_SHIFT));
    }
}
