package org.ioatlab.workload.wire;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Arp;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.MacAddress;

/**
 * Answers a machine's questions for link addresses (RFC 826; RFC 4861, 7.2) in the name of everybody: every address but the machine's own has
 * a neighbour, whose link address follows from it. Asks the machine in the name of hosts, and tells them what it answers or asks itself.
 */
final class Neighbours {
    private static final long IPV4_PREFIX = 0x0204_0000_0000L;
    private static final long IPV6_PREFIX = 0x0206_0000_0000L;
    private static final long LOW = 0xffff_ffffL;

    private static final int TARGET = 8;
    private static final int LINK_OPTION = 24;
    private static final int MESSAGE_LENGTH = LINK_OPTION + 8;
    private static final int MESSAGE_END = Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH + MESSAGE_LENGTH;
    private static final int SOLICITED_AND_OVERRIDE = 0x6000_0000;
    private static final int SOURCE_LINK_ADDRESS = 1;
    private static final int TARGET_LINK_ADDRESS = 2;
    private static final int DISCOVERY_HOP_LIMIT = 255;

    /** The link address of an IPv6 group, without the group's last 32 bits (RFC 2464, 7). */
    private static final long GROUP_MAC = 0x3333_0000_0000L;

    /** The group of all hosts whose addresses end in the same 24 bits (RFC 4291, 2.7.1). */
    private static final long LINK_GROUPS = 0xff02L << 48;

    private static final long SOLICITED_NODE = 0x1_ff00_0000L;
    private static final long SOLICITED_NODE_BITS = 0xff_ffffL;

    private final Wire wire;
    private final PortAddresses machine;
    private final List<Resolution> hosts = new ArrayList<>();
    private int waiting;

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

    /** Tells a host's address what the machine says. */
    void add(Resolution host) {
        hosts.add(host);
    }

    /** How many frames wait for the machine's answers. */
    int waiting() {
        return waiting;
    }

    /** A host's frame has to wait. */
    void held() {
        waiting++;
    }

    /** So many frames no longer wait. */
    void released(int frames) {
        waiting -= frames;
    }

    void hashInto(StateHash hash, FrameSlots slots) {
        hash.put(hosts.size());
        for (int i = 0; i < hosts.size(); i++) {
            hosts.get(i).hashInto(hash, slots);
        }
    }

    /** Asks for the machine's link address, as the host with that IPv4 address. */
    void ask(int asker) {
        int target = machine.ipv4().ipv4Bits();
        arp(Arp.REQUEST, asker, MacAddress.BROADCAST.bits(), 0, target);
    }

    /** Asks for the machine's link address, as the host with that IPv6 address. */
    void ask(long askerHigh, long askerLow) {
        int slot = wire.claim(MESSAGE_END);
        if (slot == FrameSlots.NONE) {
            return;
        }
        long high = machine.ipv6().high();
        long low = machine.ipv6().low();
        long group = SOLICITED_NODE | (low & SOLICITED_NODE_BITS);
        byte[] question = wire.headers(slot);
        Ethernet.writeHeader(question, 0, GROUP_MAC | (group & LOW), mac(askerHigh, askerLow), Ethernet.TYPE_IPV6);
        writeAddresses(question, askerHigh, askerLow, LINK_GROUPS, group);
        int at = Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH;
        Icmpv6.writeTypeAndCode(question, at, Icmpv6.NEIGHBOR_SOLICITATION, 0);
        BigEndian.put32(question, at + Integer.BYTES, 0);
        finish(slot, high, low, SOURCE_LINK_ADDRESS, mac(askerHigh, askerLow));
    }

    /** Takes an ARP packet. */
    void arp(byte[] frame, FrameLayout layout) {
        int at = layout.networkOffset();
        if (layout.frameLength() < at - layout.frameOffset() + Arp.LENGTH) {
            return;
        }
        int wanted = Arp.targetIpv4(frame, at);
        int sender = Arp.senderIpv4(frame, at);
        if (machine.owns(sender)) {
            learn(wanted);
        }
        if (Arp.operation(frame, at) == Arp.REQUEST && !machine.owns(wanted)) {
            long asker = Arp.senderMac(frame, at);
            arp(Arp.REPLY, wanted, asker, asker, sender);
        }
    }

    /** Takes an ICMPv6 packet; whether it was a solicitation. */
    boolean solicitation(byte[] frame, FrameLayout layout) {
        int at = layout.transportOffset();
        boolean isMessage = layout.transportProtocol() == IpProtocol.ICMPV6 && layout.transportLength() >= LINK_OPTION;
        if (!isMessage) {
            return false;
        }
        int type = Icmpv6.type(frame, at);
        if (type == Icmpv6.NEIGHBOR_SOLICITATION || type == Icmpv6.NEIGHBOR_ADVERTISEMENT) {
            learn(frame, layout, type == Icmpv6.NEIGHBOR_SOLICITATION);
        }
        if (type == Icmpv6.NEIGHBOR_SOLICITATION) {
            advertise(frame, layout.networkOffset(), at);
        }
        return type == Icmpv6.NEIGHBOR_SOLICITATION;
    }

    /** The machine has asked the host with that address, or answered it: either tells its link address (RFC 826). */
    private void learn(int host) {
        for (int i = 0; i < hosts.size(); i++) {
            if (hosts.get(i).isFor(host)) {
                hosts.get(i).learn();
            }
        }
    }

    /** A question names the host that is asked as its target, an answer is sent to the one that asked. */
    private void learn(byte[] frame, FrameLayout layout, boolean question) {
        int ip = layout.networkOffset();
        int at = layout.transportOffset();
        boolean fromMachine = machine.owns(Ipv6.sourceHigh(frame, ip), Ipv6.sourceLow(frame, ip));
        if (!fromMachine || !isChecksumRight(frame, ip, at, layout.transportLength())) {
            return;
        }
        long high = question ? BigEndian.i64(frame, at + TARGET) : Ipv6.destinationHigh(frame, ip);
        long low = question ? BigEndian.i64(frame, at + TARGET + Long.BYTES) : Ipv6.destinationLow(frame, ip);
        for (int i = 0; i < hosts.size(); i++) {
            if (hosts.get(i).isFor(high, low)) {
                hosts.get(i).learn();
            }
        }
    }

    private static boolean isChecksumRight(byte[] frame, int ip, int at, int length) {
        int pseudoHeader = InternetChecksum.pseudoHeaderIpv6(frame, ip, IpProtocol.ICMPV6, length);
        return InternetChecksum.add(pseudoHeader, InternetChecksum.sum(frame, at, length)) == 0xffff;
    }

    /** Sends an ARP packet in the name of {@code host}; a question goes to everybody and leaves the target's link address open. */
    private void arp(int operation, int host, long destination, long targetMac, int target) {
        int slot = wire.claim(Ethernet.HEADER_LENGTH + Arp.LENGTH);
        if (slot == FrameSlots.NONE) {
            return;
        }
        byte[] packet = wire.headers(slot);
        Ethernet.writeHeader(packet, 0, destination, mac(host), Ethernet.TYPE_ARP);
        Arp.write(packet, Ethernet.HEADER_LENGTH, operation, mac(host), host, targetMac, target);
        wire.sendNow(slot, Ethernet.HEADER_LENGTH + Arp.LENGTH);
    }

    private void advertise(byte[] frame, int ip, int message) {
        long high = BigEndian.i64(frame, message + TARGET);
        long low = BigEndian.i64(frame, message + TARGET + Long.BYTES);
        long askerHigh = Ipv6.sourceHigh(frame, ip);
        long askerLow = Ipv6.sourceLow(frame, ip);
        boolean unnamed = (askerHigh | askerLow) == 0;
        int slot = machine.owns(high, low) || unnamed ? FrameSlots.NONE : wire.claim(MESSAGE_END);
        if (slot == FrameSlots.NONE) {
            return;
        }
        byte[] answer = wire.headers(slot);
        Ethernet.writeHeader(answer, 0, machine.mac(), mac(high, low), Ethernet.TYPE_IPV6);
        writeAddresses(answer, high, low, askerHigh, askerLow);
        int at = Ethernet.HEADER_LENGTH + Ipv6.HEADER_LENGTH;
        Icmpv6.writeTypeAndCode(answer, at, Icmpv6.NEIGHBOR_ADVERTISEMENT, 0);
        BigEndian.put32(answer, at + Integer.BYTES, SOLICITED_AND_OVERRIDE);
        finish(slot, high, low, TARGET_LINK_ADDRESS, mac(high, low));
    }

    private static void writeAddresses(
            byte[] message, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        int at = Ethernet.HEADER_LENGTH;
        Ipv6.writeHeader(message, at, MESSAGE_LENGTH, IpProtocol.ICMPV6);
        Ipv6.setHopLimit(message, at, DISCOVERY_HOP_LIMIT);
        Ipv6.setSource(message, at, sourceHigh, sourceLow);
        Ipv6.setDestination(message, at, destinationHigh, destinationLow);
    }

    /** Writes what questions and answers end in, and sends the message. */
    private void finish(int slot, long targetHigh, long targetLow, int option, long mac) {
        byte[] message = wire.headers(slot);
        int ip = Ethernet.HEADER_LENGTH;
        int at = ip + Ipv6.HEADER_LENGTH;
        BigEndian.put64(message, at + TARGET, targetHigh);
        BigEndian.put64(message, at + TARGET + Long.BYTES, targetLow);
        BigEndian.put8(message, at + LINK_OPTION, option);
        BigEndian.put8(message, at + LINK_OPTION + 1, 1);
        BigEndian.put48(message, at + LINK_OPTION + 2, mac);
        int pseudoHeader = InternetChecksum.pseudoHeaderIpv6(message, ip, IpProtocol.ICMPV6, MESSAGE_LENGTH);
        Icmpv6.writeChecksum(message, at, MESSAGE_LENGTH, pseudoHeader);
        wire.sendNow(slot, MESSAGE_END);
    }
}
