package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.net.PacketHandler;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.MacAddress;

/** Takes ARP packets (RFC 826; {@code arp_rcv}): answers questions for own addresses and learns who asks and who answers. */
final class AddressResolution implements PacketHandler {
    private static final int PAGE_MASK = PhysicalMemory.PAGE_SIZE - 1;
    private static final int ADDRESS_LENGTHS = Ethernet.ADDRESS_LENGTH << Byte.SIZE | Ipv4.ADDRESS_LENGTH;
    private static final int LENGTHS = 4;

    private final IpContext context;
    private final Neighbours neighbours;
    private final Solicitor solicitor;

    AddressResolution(IpContext context, Neighbours neighbours) {
        this.context = context;
        this.neighbours = neighbours;
        solicitor = new Solicitor(context);
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(Symbol.ARP_RCV, context.costs.neighbour());
        boolean forUs = packet.destination() != SocketBuffer.Destination.OTHER_HOST;
        if (forUs && context.buffers.mayPull(packet, Arp.LENGTH)) {
            long address = packet.dataAddress();
            byte[] page = context.bytes.memory().read((int) (address >> PhysicalMemory.PAGE_SHIFT));
            process(packet, page, (int) address & PAGE_MASK, on);
        }
        context.buffers.free(packet, on);
    }

    private void process(SocketBuffer packet, byte[] page, int at, Processor on) {
        long senderMac = Arp.senderMac(page, at);
        int sender = Arp.senderIpv4(page, at);
        boolean usual = Arp.hardwareType(page, at) == Arp.HARDWARE_ETHERNET
                && Arp.protocolType(page, at) == Ethernet.TYPE_IPV4
                && BigEndian.u16(page, at + LENGTHS) == ADDRESS_LENGTHS;
        if (!usual || MacAddress.isGroup(senderMac) || !isHost(sender) || context.interfaces.isOwnIpv4(sender)) {
            return;
        }
        int operation = Arp.operation(page, at);
        int target = Arp.targetIpv4(page, at);
        if (operation == Arp.REQUEST && context.interfaces.isOwnIpv4(target)) {
            answer(packet.device(), target, senderMac, sender, on);
        } else if (operation == Arp.REQUEST || operation == Arp.REPLY) {
            learn(packet, operation, senderMac, sender, on);
        }
    }

    /** A question without a sender's address only asks whether the address is taken (RFC 5227, 2.1). */
    private static boolean isHost(int address) {
        return address >>> 28 < 0xe && address >>> 24 != 0x7f;
    }

    private void answer(int device, int own, long mac, int sender, Processor on) {
        if (sender != 0) {
            Neighbour neighbour = neighbours.obtain(false, 0, Integer.toUnsignedLong(sender), device, on);
            neighbours.update(neighbour, mac, Neighbour.State.STALE, true, on);
        }
        solicitor.arp(device, Arp.REPLY, own, mac, sender, mac, on);
    }

    /** Only hosts that are known are learned from: an answer that nobody waits for makes no entry. */
    private void learn(SocketBuffer packet, int operation, long mac, int sender, Processor on) {
        Neighbour known = neighbours.find(false, 0, Integer.toUnsignedLong(sender), packet.device());
        if (known != null) {
            boolean meant = operation == Arp.REPLY && packet.destination() == SocketBuffer.Destination.HOST;
            neighbours.update(known, mac, meant ? Neighbour.State.REACHABLE : Neighbour.State.STALE, true, on);
        }
    }
}
