package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.jspecify.annotations.Nullable;

/** Takes ICMPv6 messages ({@code icmpv6_rcv}; RFC 4443): neighbour discovery, echoes, and errors for the protocols that they are about. */
final class Icmpv6Handler implements TransportHandler {
    private static final int ROUTER_SOLICITATION = 133;
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int REDIRECT = 137;
    private static final int LEAST_MTU = 1280;
    private static final int MTU = 4;
    private static final int PORT = 4;
    private static final int PROHIBITED = 1;

    private final IpContext context;
    private final Icmpv6Sender sender;
    private final NeighbourDiscovery discovery;
    private final IpOutput output;
    private final IpError error = new IpError();

    Icmpv6Handler(IpContext context, Icmpv6Sender sender, NeighbourDiscovery discovery, IpOutput output) {
        this.context = context;
        this.sender = sender;
        this.discovery = discovery;
        this.output = output;
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(Symbol.ICMPV6_RCV, context.costs.icmp());
        context.icmpv6.increment(IcmpMib.IN_MSGS);
        if (!packet.isIpv6() || !context.buffers.mayPull(packet, Icmpv6.HEADER_LENGTH) || !isIntact(packet, on)) {
            context.icmpv6.increment(IcmpMib.IN_ERRORS);
        } else {
            process(packet, context.bytes.u8(packet, 0), on);
        }
        context.buffers.free(packet, on);
    }

    /** Errors about the machine's own ICMPv6 messages concern nobody. */
    @Override
    public void error(IpError about, Processor on) {}

    private boolean isIntact(SocketBuffer packet, Processor on) {
        if (packet.checksum() == SocketBuffer.Checksum.UNNECESSARY) {
            return true;
        }
        context.costs.checksum(packet, on);
        int pseudo = PseudoHeader.sum(packet, IpProtocol.ICMPV6, packet.length());
        return InternetChecksum.add(pseudo, context.bytes.sum(packet, 0, packet.length())) == 0xffff;
    }

    private void process(SocketBuffer packet, int type, Processor on) {
        switch (type) {
            case Icmpv6.NEIGHBOR_SOLICITATION, Icmpv6.NEIGHBOR_ADVERTISEMENT -> discovery.receive(packet, type, on);
            case Icmpv6.ECHO_REQUEST -> {
                context.icmpv6.increment(IcmpMib.IN_ECHOS);
                echo(packet, on);
            }
            case Icmpv6.ECHO_REPLY -> context.icmpv6.increment(IcmpMib.IN_ECHO_REPLIES);
            case ROUTER_SOLICITATION -> context.icmpv6.increment(IcmpMib.IN_ROUTER_SOLICITS);
            case ROUTER_ADVERTISEMENT -> context.icmpv6.increment(IcmpMib.IN_ROUTER_ADVERTISEMENTS);
            case REDIRECT -> context.icmpv6.increment(IcmpMib.IN_REDIRECTS);
            default -> errorMessage(packet, type, on);
        }
    }

    /** A host that has no address yet can't be answered. */
    private void echo(SocketBuffer packet, Processor on) {
        if ((packet.sourceHigh() | packet.sourceLow()) != 0) {
            sender.echoReply(packet, on);
        }
    }

    private void errorMessage(SocketBuffer packet, int type, Processor on) {
        IpError.Kind kind = kindOf(type, context.bytes.u8(packet, 1));
        if (kind == null) {
            return;
        }
        long claim = Integer.toUnsignedLong(context.bytes.i32(packet.dataAddress() + MTU));
        packet.pull(Icmpv6.HEADER_LENGTH);
        int protocol = OwnPacket.describe(packet, context.bytes, error);
        if (protocol == OwnPacket.UNKNOWN
                || !error.ipv6
                || !context.interfaces.isOwnIpv6(error.localHigh, error.localLow)) {
            return;
        }
        error.kind = kind;
        if (kind == IpError.Kind.PACKET_TOO_BIG) {
            error.mtu = Math.clamp(claim, LEAST_MTU, IpOutput.LONGEST_PACKET);
            output.limitPath(true, error.remoteHigh, error.remoteLow, error.mtu, packet.device(), on);
        }
        TransportHandler handler = context.handler(protocol, true);
        if (handler != null) {
            handler.error(error, on);
        }
    }

    private IpError.@Nullable Kind kindOf(int type, int code) {
        return switch (type) {
            case Icmpv6Sender.DESTINATION_UNREACHABLE -> {
                context.icmpv6.increment(IcmpMib.IN_DEST_UNREACHS);
                yield unreachable(code);
            }
            case Icmpv6Sender.PACKET_TOO_BIG -> {
                context.icmpv6.increment(IcmpMib.IN_PKT_TOO_BIGS);
                yield IpError.Kind.PACKET_TOO_BIG;
            }
            case Icmpv6Sender.TIME_EXCEEDED -> {
                context.icmpv6.increment(IcmpMib.IN_TIME_EXCDS);
                yield IpError.Kind.TIME_EXCEEDED;
            }
            case Icmpv6Sender.PARAMETER_PROBLEM -> {
                context.icmpv6.increment(IcmpMib.IN_PARM_PROBLEMS);
                yield IpError.Kind.PARAMETER_PROBLEM;
            }
            default -> null;
        };
    }

    private static IpError.Kind unreachable(int code) {
        return switch (code) {
            case 0 -> IpError.Kind.NETWORK_UNREACHABLE;
            case PROHIBITED -> IpError.Kind.PROHIBITED;
            case PORT -> IpError.Kind.PORT_UNREACHABLE;
            default -> IpError.Kind.HOST_UNREACHABLE;
        };
    }
}
