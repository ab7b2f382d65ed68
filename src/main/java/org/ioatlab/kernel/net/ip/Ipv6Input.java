package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.PacketHandler;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;

/**
 * IPv6's way in ({@code ipv6_rcv}, {@code ip6_input}): checks the header, keeps what is for the machine, walks over extension headers, puts
 * fragments together, finds the protocol.
 */
final class Ipv6Input implements PacketHandler {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;

    private final IpContext context;
    private final Ipv6Fragments fragments;
    private final Icmpv6Sender icmp;
    private final ExtensionHeaders extensions;

    Ipv6Input(IpContext context, Ipv6Fragments fragments, Icmpv6Sender icmp) {
        this.context = context;
        this.fragments = fragments;
        this.icmp = icmp;
        extensions = new ExtensionHeaders(context, icmp);
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(context.costs.receive6());
        on.read(Symbol.IPV6_RCV, MemoryUse.HEADER, packet.dataAddress(), Ipv6.HEADER_LENGTH);
        packet.setIpv6Addresses(0, 0, 0, 0);
        if (packet.destination() == SocketBuffer.Destination.OTHER_HOST) {
            context.buffers.free(packet, on);
            return;
        }
        context.ipv6.increment(IpMib.IN_RECEIVES);
        if (!context.buffers.mayPull(packet, Ipv6.HEADER_LENGTH) || !isVersion6(packet)) {
            context.drop(packet, IpMib.IN_HDR_ERRORS, on);
        } else if (!isWhole(packet)) {
            context.drop(packet, IpMib.IN_TRUNCATED_PKTS, on);
        } else if (!isForMachine(packet)) {
            context.drop(packet, IpMib.IN_ADDR_ERRORS, on);
        } else {
            on.spend(context.costs.route6());
            on.spend(context.costs.deliver6());
            process(packet, on);
        }
    }

    private boolean isVersion6(SocketBuffer packet) {
        return Ipv6.version(page(packet), (int) packet.dataAddress() & PAGE_MASK) == Ipv6.VERSION;
    }

    /** Notes the addresses and cuts padding off; false if the packet is shorter than it says. */
    private boolean isWhole(SocketBuffer packet) {
        byte[] page = page(packet);
        int at = (int) packet.dataAddress() & PAGE_MASK;
        int length = Ipv6.HEADER_LENGTH + Ipv6.payloadLength(page, at);
        packet.markNetwork();
        packet.setIpv6Addresses(
                Ipv6.sourceHigh(page, at),
                Ipv6.sourceLow(page, at),
                Ipv6.destinationHigh(page, at),
                Ipv6.destinationLow(page, at));
        if (length > packet.length()) {
            return false;
        }
        packet.trim(length);
        return true;
    }

    private boolean isForMachine(SocketBuffer packet) {
        long high = packet.destinationHigh();
        long low = packet.destinationLow();
        if (Interfaces.isMulticast(true, high, low)) {
            context.ipv6.increment(IpMib.IN_MCAST_PKTS);
        }
        boolean reached = context.interfaces.isOwnIpv6(high, low) || context.interfaces.isJoined(high, low);
        return reached && isUsualSource(packet.sourceHigh(), packet.sourceLow());
    }

    /** A sender is one host, or none yet, and not this one (RFC 4291, 2.5.3 and 2.7). */
    private boolean isUsualSource(long high, long low) {
        boolean loopback = high == 0 && low == 1;
        return !loopback && !Interfaces.isMulticast(true, high, low) && !context.interfaces.isOwnIpv6(high, low);
    }

    /** Every datagram that comes out of fragments has fewer headers than they had, so this ends. */
    private void process(SocketBuffer arrived, Processor on) {
        SocketBuffer packet = arrived;
        int next = extensions.walk(packet, on);
        while (next == IpProtocol.FRAGMENT) {
            SocketBuffer whole = fragments.receive(packet, extensions.at(), on);
            if (whole == null) {
                return;
            }
            packet = whole;
            packet.markNetwork();
            next = extensions.walk(packet, on);
        }
        if (next == ExtensionHeaders.DROPPED) {
            return;
        }
        deliver(packet, next, on);
    }

    private void deliver(SocketBuffer packet, int protocol, Processor on) {
        packet.pull(extensions.at());
        packet.markTransport();
        TransportHandler handler = context.handler(protocol, true);
        if (handler != null) {
            context.ipv6.increment(IpMib.IN_DELIVERS);
            handler.receive(packet, on);
        } else if (protocol == IpProtocol.NO_NEXT_HEADER) {
            context.buffers.free(packet, on);
        } else {
            icmp.parameterProblem(packet, Icmpv6Sender.UNRECOGNIZED_HEADER, extensions.namedAt(), on);
            context.drop(packet, IpMib.IN_UNKNOWN_PROTOS, on);
        }
    }

    private byte[] page(SocketBuffer packet) {
        return context.bytes.memory().read((int) (packet.dataAddress() >> PhysicalMemory.PAGE_SHIFT));
    }
}
