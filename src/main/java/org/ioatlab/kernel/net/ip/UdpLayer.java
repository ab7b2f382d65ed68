package org.ioatlab.kernel.net.ip;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.ioatlab.wire.Ipv6;
import org.ioatlab.wire.Udp;
import org.jspecify.annotations.Nullable;

/** UDP (RFC 768; {@code udp_rcv}, {@code udp_sendmsg}): its ports, and datagrams in and out. */
public final class UdpLayer implements TransportHandler {
    /** The port or the address isn't to be had. */
    public static final int EADDRINUSE = 98;

    /** No such own address. */
    public static final int EADDRNOTAVAIL = 99;

    /** No destination. */
    public static final int EDESTADDRREQ = 89;

    /** The datagram is too long. */
    public static final int EMSGSIZE = 90;

    /** No memory for the datagram, or the interface's queue is full. */
    public static final int ENOBUFS = 105;

    private static final int USUAL_PACKETS = 256;
    private static final int PORT_MASK = 0xffff;
    private static final int LENGTH = 4;
    private static final int CHECKSUM = 6;

    private final IpContext context;
    private final IpOutput output;
    private final IcmpSender icmp;
    private final Icmpv6Sender icmpv6;
    private final MibCounters<UdpMib> counters = new MibCounters<>("Udp", UdpMib.ALL);
    private final MibCounters<UdpMib> countersIpv6 = new MibCounters<>("Udp6", UdpMib.ALL);
    private final UdpPorts ports = new UdpPorts();
    private final IpFlow flow = new IpFlow();
    private final int usualReceiveBytes;

    UdpLayer(IpContext context, IpOutput output, IcmpSender icmp, Icmpv6Sender icmpv6, Platform platform) {
        this.context = context;
        this.output = output;
        this.icmp = icmp;
        this.icmpv6 = icmpv6;
        usualReceiveBytes = USUAL_PACKETS * ((int) platform.get(Parameter.SOCKET_BUFFER_BYTES) + USUAL_PACKETS);
    }

    /** Counters of one version of IP. */
    public MibCounters<UdpMib> counters(boolean ipv6) {
        return ipv6 ? countersIpv6 : counters;
    }

    /** A new socket without port or address. */
    public UdpSocketCore open(boolean ipv6, UdpSocketCore.Listener listener) {
        return new UdpSocketCore(this, ipv6, usualReceiveBytes, listener);
    }

    /**
     * Gives a socket a port and an own address.
     *
     * @param high with {@code low} the address, 0 for every one
     * @param port 0 lets the layer choose
     * @return 0, or a negative error number
     */
    public int bind(UdpSocketCore socket, long high, long low, int port) {
        boolean any = (high | low) == 0;
        if (!any && !context.interfaces.isOwn(socket.ipv6, high, low)) {
            return -EADDRNOTAVAIL;
        }
        return ports.add(socket, high, low, port) ? 0 : -EADDRINUSE;
    }

    /** Lets a socket take datagrams of one sender only, and send there; binds it if it has no port. Answers 0 or a negative error number. */
    public int connect(UdpSocketCore socket, long high, long low, int port) {
        int error = socket.bound ? 0 : bind(socket, 0, 0, 0);
        if (error == 0) {
            output.route(flow, socket.ipv6, socket.localHigh, socket.localLow, high, low, 0);
            socket.localHigh = flow.localHigh;
            socket.localLow = flow.localLow;
            socket.remoteHigh = high;
            socket.remoteLow = low;
            socket.remotePort = port;
            socket.connected = true;
        }
        return error;
    }

    /** Ends a socket: its port is free again, and so is what it queued. */
    public void close(UdpSocketCore socket, Processor on) {
        while (socket.first() != null) {
            socket.consume(on);
        }
        ports.remove(socket);
    }

    /**
     * A datagram for {@code length} bytes of payload, which the caller then copies to its data; null when memory is exhausted.
     *
     * @param length 0 to 65 535; {@link #send} refuses what doesn't fit one packet
     */
    public @Nullable SocketBuffer allocate(int length, Processor on) {
        SocketBuffer packet = output.allocate(Udp.HEADER_LENGTH + length, on);
        if (packet != null) {
            packet.pull(Udp.HEADER_LENGTH);
        }
        return packet;
    }

    /**
     * Sends a datagram that {@link #allocate} made, and owns it from now on.
     *
     * @param high with {@code low} and {@code port} where to; port 0 sends to where the socket is connected
     * @return 0, or a negative error number
     */
    public int send(UdpSocketCore socket, SocketBuffer packet, long high, long low, int port, Processor on) {
        on.spend(Symbol.UDP_SENDMSG, context.costs.udpSend());
        int error = socket.bound ? 0 : bind(socket, 0, 0, 0);
        boolean named = port != 0;
        if (error == 0 && !named && !socket.connected) {
            error = -EDESTADDRREQ;
        }
        if (error != 0) {
            context.buffers.free(packet, on);
            return error;
        }
        output.route(
                flow,
                socket.ipv6,
                socket.localHigh,
                socket.localLow,
                named ? high : socket.remoteHigh,
                named ? low : socket.remoteLow,
                0);
        return send(socket, packet, named ? port : socket.remotePort, on);
    }

    /** Sends along {@link #flow}. What fits its path isn't cut anywhere, and the interface can put its checksum in. */
    private int send(UdpSocketCore socket, SocketBuffer packet, int port, Processor on) {
        packet.push(Udp.HEADER_LENGTH);
        int header = socket.ipv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        if (packet.length() + (socket.ipv6 ? 0 : header) > IpOutput.LONGEST_PACKET) {
            context.buffers.free(packet, on);
            return -EMSGSIZE;
        }
        boolean fits = packet.length() + header <= output.pathMtu(flow, on);
        boolean byDevice = fits && context.interfaces.device(flow.device()).insertsChecksums();
        writeHeader(packet, socket.localPort, port, byDevice, on);
        counters(socket.ipv6).increment(UdpMib.OUT_DATAGRAMS);
        if (output.send(packet, flow, IpProtocol.UDP, !fits, on)) {
            return 0;
        }
        counters(socket.ipv6).increment(UdpMib.SNDBUF_ERRORS);
        return -ENOBUFS;
    }

    /** Whether a queued datagram's checksum is right; found out while it is copied, so that nothing is charged for it. */
    public boolean isIntact(SocketBuffer packet) {
        if (packet.checksum() == SocketBuffer.Checksum.UNNECESSARY) {
            return true;
        }
        int length = Udp.HEADER_LENGTH + packet.length();
        int sum = PseudoHeader.sum(packet, IpProtocol.UDP, length);
        sum = InternetChecksum.add(sum, context.bytes.sum(packet.transportAddress(), Udp.HEADER_LENGTH));
        return InternetChecksum.add(sum, context.bytes.sum(packet, 0, packet.length())) == 0xffff;
    }

    /** Counts a datagram that {@link #isIntact} found wrong. */
    public void countBad(SocketBuffer packet) {
        counters(packet.isIpv6()).increment(UdpMib.IN_ERRORS);
    }

    /** The port that a queued datagram was sent from. */
    public int sourcePort(SocketBuffer packet) {
        return context.bytes.u16(packet.transportAddress());
    }

    /** Feeds every bound socket. */
    public void hashInto(StateHash hash) {
        ports.hashInto(hash);
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(Symbol.UDP_RCV, context.costs.udpReceive());
        boolean ipv6 = packet.isIpv6();
        if (!context.buffers.mayPull(packet, Udp.HEADER_LENGTH) || !hasHeader(packet)) {
            counters(ipv6).increment(UdpMib.IN_ERRORS);
            context.buffers.free(packet, on);
            return;
        }
        int portPair = context.bytes.ports(packet.dataAddress());
        boolean group = !context.interfaces.isOwn(ipv6, packet.destinationHigh(), packet.destinationLow());
        if (group) {
            deliverToAll(packet, portPair, on);
            return;
        }
        UdpSocketCore socket = find(packet, portPair);
        if (socket == null) {
            nobody(packet, on);
        } else {
            packet.pull(Udp.HEADER_LENGTH);
            deliver(packet, socket, on);
        }
    }

    @Override
    public void error(IpError error, Processor on) {
        UdpSocketCore best = ports.find(
                error.ipv6,
                error.localHigh,
                error.localLow,
                error.localPort(),
                error.remoteHigh,
                error.remoteLow,
                error.remotePort());
        boolean told = error.kind().isFatal() || error.isOfOwnHost();
        if (best != null && best.connected && told && error.kind().errno() != 0) {
            best.report(error.kind().errno(), on);
        }
    }

    void free(SocketBuffer packet, Processor on) {
        context.buffers.free(packet, on);
    }

    /** Checks length and presence of a checksum, and cuts what lies behind the datagram. */
    private boolean hasHeader(SocketBuffer packet) {
        int length = context.bytes.u16(packet.dataAddress() + LENGTH);
        if (length < Udp.HEADER_LENGTH || length > packet.length()) {
            return false;
        }
        packet.trim(length);
        if (context.bytes.u16(packet.dataAddress() + CHECKSUM) == 0) {
            // RFC 8200, 8.1: over IPv6 the checksum isn't optional.
            packet.setChecksumVerified();
            return !packet.isIpv6();
        }
        return true;
    }

    private void deliver(SocketBuffer packet, UdpSocketCore socket, Processor on) {
        MibCounters<UdpMib> counts = counters(packet.isIpv6());
        if (socket.enqueue(packet)) {
            counts.increment(UdpMib.IN_DATAGRAMS);
            socket.listener.readable(socket, on);
        } else {
            counts.increment(UdpMib.IN_ERRORS);
            counts.increment(UdpMib.RCVBUF_ERRORS);
            context.buffers.free(packet, on);
        }
    }

    /** Every socket that suits a group's datagram gets a clone. */
    private void deliverToAll(SocketBuffer packet, int portPair, Processor on) {
        packet.pull(Udp.HEADER_LENGTH);
        for (UdpSocketCore each = ports.first(portPair & PORT_MASK); each != null; each = each.nextInBucket) {
            if (each.localPort == (portPair & PORT_MASK) && suitsGroup(each, packet, portPair >>> Short.SIZE)) {
                SocketBuffer clone = context.buffers.clone(packet, on);
                if (clone != null) {
                    deliver(clone, each, on);
                }
            }
        }
        context.buffers.free(packet, on);
    }

    /** A socket bound to no address takes what is for everybody. */
    private static boolean suitsGroup(UdpSocketCore socket, SocketBuffer packet, int fromPort) {
        return socket.suits(
                        packet.isIpv6(),
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        fromPort)
                >= 0;
    }

    private void nobody(SocketBuffer packet, Processor on) {
        if (isSound(packet, on)) {
            counters(packet.isIpv6()).increment(UdpMib.NO_PORTS);
            if (packet.isIpv6()) {
                icmpv6.portUnreachable(packet, on);
            } else {
                icmp.portUnreachable(packet, on);
            }
        } else {
            counters(packet.isIpv6()).increment(UdpMib.IN_ERRORS);
        }
        context.buffers.free(packet, on);
    }

    /** Whether the checksum of a packet whose data begins at its UDP header is right. */
    private boolean isSound(SocketBuffer packet, Processor on) {
        if (packet.checksum() == SocketBuffer.Checksum.UNNECESSARY) {
            return true;
        }
        context.costs.checksum(packet, on);
        int pseudo = PseudoHeader.sum(packet, IpProtocol.UDP, packet.length());
        return InternetChecksum.add(pseudo, context.bytes.sum(packet, 0, packet.length())) == 0xffff;
    }

    private @Nullable UdpSocketCore find(SocketBuffer packet, int portPair) {
        return ports.find(
                packet.isIpv6(),
                packet.destinationHigh(),
                packet.destinationLow(),
                portPair & PORT_MASK,
                packet.sourceHigh(),
                packet.sourceLow(),
                portPair >>> Short.SIZE);
    }

    private void writeHeader(SocketBuffer packet, int from, int to, boolean byDevice, Processor on) {
        long address = packet.dataAddress();
        context.bytes.put16(address, from);
        context.bytes.put16(address + 2, to);
        context.bytes.put16(address + LENGTH, packet.length());
        context.bytes.put16(address + CHECKSUM, 0);
        int pseudo = PseudoHeader.sum(flow, IpProtocol.UDP, packet.length());
        if (byDevice) {
            context.bytes.put16(address + CHECKSUM, pseudo);
            packet.insertChecksum(0, CHECKSUM);
            return;
        }
        int sum = InternetChecksum.add(pseudo, context.bytes.sum(packet, 0, packet.length()));
        context.costs.checksum(packet, on);
        int checksum = InternetChecksum.finish(sum);
        context.bytes.put16(address + CHECKSUM, checksum == 0 ? 0xffff : checksum);
    }
}
