package org.ioatlab.workload.wire;

import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;

/**
 * Answers a machine's questions for link addresses (RFC 826; RFC 4861, 7.2) in the name of everybody: every address but the machine's own has
 * a neighbour, whose link address follows from it.
 */
final class Neighbours {
    private static final long IPV4_PREFIX = 0x0204_0000_0000L;
    private static final long IPV6_PREFIX = 0x0206_0000_0000L;
    private static final long LOW = 0xffff_ffffL;

    private static final int SOLICITATION_LENGTH = 24;
    private static final int ADVERTISEMENT_LENGTH = 32;
    private static final int TARGET = 8;
    private static final int TARGET_LINK_OPTION = 24;
    private static final int SOLICITED_AND_OVERRIDE = 0x6000_0000;
    private static final int TARGET_LINK_ADDRESS = 2;
    private static final int DISCOVERY_HOP_LIMIT = 255;

    private final Wire wire;
    private final PortAddresses machine;

    Neighbours(Wire wire, PortAddresses machine) {
        this.wire = wire;
        this.machine = machine;
    }

    /** The link address of an IPv4 neighbour. */
    static long mac(int ipv4) {
        return IPV4_PREFIX | Integer.toUnsignedLong(ipv4);
    }

    /** The link address of an IPv6 neighbour. */
    static long mac(long ipv6High, long ipv6Low) {
        return IPV6_PREFIX | ((ipv6Low ^ (ipv6Low >>> 32)) & LOW);
    }

    /** Takes an ARP packet. */
    void arp(byte[] frame, FrameLayout layout) {
        int at = layout.networkOffset();
        if (layout.frameLength() < at - layout.frameOffset() + Arp.LENGTH || Arp.operation(frame, at) != Arp.REQUEST) {
            return;
        }
        int wanted = Arp.targetIpv4(frame, at);
        int slot = machine.owns(wanted) ? FrameSlots.NONE : wire.claim(Ethernet.HEADER_LENGTH + Arp.LENGTH);
        if (slot == FrameSlots.NONE) {
            return;
        }
        byte[] answer = wire.headers(slot);
        long asker = Arp.senderMac(frame, at);
        Ethernet.writeHeader(answer, 0, asker, mac(wanted), Ethernet.TYPE_ARP);
        Arp.write(answer, Ethernet.HEADER_LENGTH, Arp.REPLY, mac(wanted), wanted, asker, Arp.senderIpv4(frame, at));
        wire.sendNow(slot, Ethernet.HEADER_LENGTH + Arp.LENGTH);
    }

    /** Takes an ICMPv6 packet; whether it was a solicitation. */
    boolean solicitation(byte[] frame, FrameLayout layout) {
        int at = layout.transportOffset();
        boolean asks = layout.transportProtocol() == IpProtocol.ICMPV6
                && layout.transportLength() >= SOLICITATION_LENGTH
                && Icmpv6.type(frame, at) == Icmpv6.NEIGHBOR_SOLICITATION;
        if (asks) {
            advertise(frame, layout.networkOffset(), at);
        }
        return asks;
    }

    private void advertise(byte[] frame, int ip, int message) {
        long high = BigEndian.i64(frame, message + TARGET);
        long low = BigEndian.i64(frame, message + TARGET + Long.BYTES);
        long askerHigh = Ipv6.sourceHigh(frame, ip);
        long askerLow = Ipv6.sourceLow(frame, ip);
        boolean unnamed = (askerHigh | askerLow) == 0;
        int slot = machine.owns(high, low) || unnamed ? FrameSlots.NONE : wire.claim(advertisementEnd());
        if (slot == FrameSlots.NONE) {
            return;
        }
        byte[] answer = wire.headers(slot);
        int at = Ethernet.HEADER_LENGTH;
        Ethernet.writeHeader(answer, 0, machine.mac(), mac(high, low), Ethernet.TYPE_IPV6);
        Ipv6.writeHeader(answer, at, ADVERTISEMENT_LENGTH, IpProtocol.ICMPV6);
        Ipv6.setHopLimit(answer, at, DISCOVERY_HOP_LIMIT);
        Ipv6.setSource(answer, at, high, low);
        Ipv6.setDestination(answer, at, askerHigh, askerLow);
        writeAdvertisement(answer, at + Ipv6.HEADER_LENGTH, high, low);
        int pseudoHeader = InternetChecksum.pseudoHeaderIpv6(answer, at, IpProtocol.ICMPV6, ADVERTISEMENT_LENGTH);
        Icmpv6.writeChecksum(answer, at + Ipv6.HEADER_LENGTH, ADVERTISEMENT_LENGTH, pseudoHeader);
        wire.sendNow(slot, advertisementEnd());
    }

    private static int advertisementEnd() {
        return Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + ADVERTISEMENT_LENGTH;
    }

    private static void writeAdvertisement(byte[] answer, int at, long high, long low) {
        Icmpv6.writeTypeAndCode(answer, at, Icmpv6.NEIGHBOR_ADVERTISEMENT, 0);
        BigEndian.put32(answer, at + Integer.BYTES, SOLICITED_AND_OVERRIDE);
        BigEndian.put64(answer, at + TARGET, high);
        BigEndian.put64(answer, at + TARGET + Long.BYTES, low);
        BigEndian.put8(answer, at + TARGET_LINK_OPTION, TARGET_LINK_ADDRESS);
        BigEndian.put8(answer, at + TARGET_LINK_OPTION + 1, 1);
        BigEndian.put48(answer, at + TARGET_LINK_OPTION + 2, mac(high, low));
    }
}
