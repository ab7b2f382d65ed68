package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.NetDevice;
import org.ioatlab.kernel.net.NetifReceive;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.ioatlab.wire.IpProtocol;

/**
 * IP of one machine, shared by all its interfaces: IPv4 and IPv6 in and out, neighbours, ICMP, fragments and UDP. It answers what it is asked and
 * sends nothing unasked: no announcements of its addresses, no questions for routers.
 */
public final class IpLayer {
    private final IpContext context;
    private final Neighbours neighbours;
    private final IpOutput output;
    private final Ipv4Fragments ipv4Fragments;
    private final Ipv6Fragments ipv6Fragments;
    private final AddressResolution arp;
    private final Ipv4Input ipv4;
    private final Ipv6Input ipv6;
    private final UdpLayer udp;

    /** One for the machine, without interfaces yet. */
    public IpLayer(SocketBuffers buffers, Platform platform, TimerService timers) {
        context = new IpContext(buffers, platform, timers);
        neighbours = new Neighbours(context);
        output = new IpOutput(context, neighbours);
        IcmpSender icmp = new IcmpSender(context, output, neighbours);
        Icmpv6Sender icmpv6 = new Icmpv6Sender(context, output, neighbours);
        ipv4Fragments = new Ipv4Fragments(context, icmp);
        ipv6Fragments = new Ipv6Fragments(context, icmpv6);
        arp = new AddressResolution(context, neighbours);
        ipv4 = new Ipv4Input(context, ipv4Fragments, icmp);
        ipv6 = new Ipv6Input(context, ipv6Fragments, icmpv6);
        udp = new UdpLayer(context, output, icmp, icmpv6, platform);
        NeighbourDiscovery discovery = new NeighbourDiscovery(context, neighbours);
        onProtocol(IpProtocol.ICMP, new IcmpHandler(context, icmp, output));
        onProtocol(IpProtocol.ICMPV6, new Icmpv6Handler(context, icmpv6, discovery, output));
        onProtocol(IpProtocol.UDP, udp);
    }

    /** Takes an interface, in the order of their numbers, and what its driver hands packets to. */
    public void attach(NetDevice device, NetifReceive netif) {
        context.interfaces.add(device);
        netif.onProtocol(Ethernet.TYPE_IPV4, ipv4);
        netif.onProtocol(Ethernet.TYPE_ARP, arp);
        netif.onProtocol(Ethernet.TYPE_IPV6, ipv6);
    }

    /** Lets {@code handler} take packets of {@code protocol}, a number of {@link IpProtocol}. */
    public void onProtocol(int protocol, TransportHandler handler) {
        context.setHandler(protocol, handler);
    }

    /** The machine's interfaces and addresses. */
    public Interfaces interfaces() {
        return context.interfaces;
    }

    /** The way out. */
    public IpOutput output() {
        return output;
    }

    /** The hosts on all links. */
    public Neighbours neighbours() {
        return neighbours;
    }

    /** UDP. */
    public UdpLayer udp() {
        return udp;
    }

    /** Counters of one version of IP. */
    public MibCounters<IpMib> counters(boolean version6) {
        return context.ip(version6);
    }

    /** Counters of one version's ICMP. */
    public MibCounters<IcmpMib> icmpCounters(boolean version6) {
        return version6 ? context.icmpv6 : context.icmp;
    }

    /** The truesize of all fragments that wait for others, of one version of IP. */
    public int fragmentBytes(boolean version6) {
        return version6 ? ipv6Fragments.memoryBytes() : ipv4Fragments.memoryBytes();
    }

    /** How many datagrams of one version of IP have come in part. */
    public int fragmentQueues(boolean version6) {
        return version6 ? ipv6Fragments.queues() : ipv4Fragments.queues();
    }

    /**
     * {@code /proc/net/snmp}.
     *
     * @param tcp the two lines of TCP, which stand before those of UDP
     */
    public String snmpText(String tcp) {
        return context.ipv4.lines()
                + context.icmp.lines()
                + tcp
                + udp.counters(false).lines();
    }

    /** {@code /proc/net/snmp6}. */
    public String snmp6Text() {
        return context.ipv6.column()
                + context.icmpv6.column()
                + udp.counters(true).column();
    }

    /** Feeds neighbours, fragments and sockets. */
    public void hashInto(StateHash hash) {
        neighbours.hashInto(hash);
        ipv4Fragments.hashInto(hash);
        ipv6Fragments.hashInto(hash);
        udp.hashInto(hash);
    }
}
