package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.PacketBytes;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.wire.IpProtocol;
import org.jspecify.annotations.Nullable;

/** What all parts of IP share: memory, interfaces, timers, costs, counters, and the protocols above. */
final class IpContext {
    private static final int PROTOCOLS = 256;

    final SocketBuffers buffers;
    final PacketBytes bytes;
    final Interfaces interfaces = new Interfaces();
    final TimerService timers;
    final IpCosts costs;
    final MibCounters<IpMib> ipv4 = new MibCounters<>("Ip", IpMib.IPV4);
    final MibCounters<IpMib> ipv6 = new MibCounters<>("Ip6", IpMib.IPV6);
    final MibCounters<IcmpMib> icmp = new MibCounters<>("Icmp", IcmpMib.IPV4);
    final MibCounters<IcmpMib> icmpv6 = new MibCounters<>("Icmp6", IcmpMib.IPV6);
    private final @Nullable TransportHandler[] handlers = new @Nullable TransportHandler[PROTOCOLS];

    IpContext(SocketBuffers buffers, Platform platform, TimerService timers) {
        this.buffers = buffers;
        this.timers = timers;
        bytes = new PacketBytes(buffers.memory().bytes());
        costs = IpCosts.of(platform);
        ipv4.set(IpMib.FORWARDING, 2);
        ipv4.set(IpMib.DEFAULT_TTL, IpOutput.HOP_LIMIT);
    }

    void setHandler(int protocol, TransportHandler handler) {
        handlers[protocol] = handler;
    }

    /** Who takes a protocol; each version of ICMP belongs to its version of IP. */
    @Nullable
    TransportHandler handler(int protocol, boolean version6) {
        return protocol == (version6 ? IpProtocol.ICMP : IpProtocol.ICMPV6) ? null : handlers[protocol];
    }

    MibCounters<IpMib> ip(boolean version6) {
        return version6 ? ipv6 : ipv4;
    }

    /** Frees a packet and counts why. */
    void drop(SocketBuffer packet, IpMib reason, Processor on) {
        ip(packet.isIpv6()).increment(reason);
        buffers.free(packet, on);
    }
}
