package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Icmp;
import org.jspecify.annotations.Nullable;

/** Takes ICMP messages of IPv4 ({@code icmp_rcv}): answers echoes and hands errors to the protocols that they are about. */
final class IcmpHandler implements TransportHandler {
    static final int SOURCE_QUENCH = 4;
    static final int REDIRECT = 5;
    static final int PARAMETER_PROBLEM = 12;

    private static final int TIMESTAMP = 13;
    private static final int LAST_TYPE = 18;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int LEAST_MTU = 552;
    private static final int LEAST_CLAIM = 68;
    private static final int MTU = 6;
    private static final int TOTAL_LENGTH = 2;

    /** Path MTUs that are tried when a router doesn't tell its own (RFC 1191, 7.1). */
    private static final int[] PLATEAUS = {32_000, 17_914, 8166, 4352, 2002, 1492, 576, LEAST_CLAIM};

    /** What each code of destination unreachable means to a protocol (RFC 1122, 3.2.2.1; RFC 1812, 5.2.7.1). */
    private static final IpError.Kind[] UNREACHABLE = {
        IpError.Kind.NETWORK_UNREACHABLE,
        IpError.Kind.HOST_UNREACHABLE,
        IpError.Kind.PROTOCOL_UNREACHABLE,
        IpError.Kind.PORT_UNREACHABLE,
        IpError.Kind.PACKET_TOO_BIG,
        IpError.Kind.SOURCE_ROUTE_FAILED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.NETWORK_UNREACHABLE,
        IpError.Kind.HOST_UNREACHABLE,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED,
        IpError.Kind.PROHIBITED
    };

    private final IpContext context;
    private final IcmpSender sender;
    private final IpOutput output;
    private final IpError error = new IpError();

    IcmpHandler(IpContext context, IcmpSender sender, IpOutput output) {
        this.context = context;
        this.sender = sender;
        this.output = output;
    }

    /** Whether a type of message is about another packet. */
    static boolean isError(int type) {
        return type == Icmp.DESTINATION_UNREACHABLE
                || type == SOURCE_QUENCH
                || type == REDIRECT
                || type == Icmp.TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }

    @Override
    public void receive(SocketBuffer packet, Processor on) {
        on.spend(Symbol.ICMP_RCV, context.costs.icmp());
        context.icmp.increment(IcmpMib.IN_MSGS);
        if (!context.buffers.mayPull(packet, Icmp.HEADER_LENGTH) || !isIntact(packet, on)) {
            context.icmp.increment(IcmpMib.IN_ERRORS);
        } else {
            process(packet, context.bytes.u8(packet, 0), on);
        }
        context.buffers.free(packet, on);
    }

    /** Errors about the machine's own ICMP messages concern nobody. */
    @Override
    public void error(IpError about, Processor on) {}

    private boolean isIntact(SocketBuffer packet, Processor on) {
        if (packet.checksum() == SocketBuffer.Checksum.UNNECESSARY) {
            return true;
        }
        context.costs.checksum(packet, on);
        return context.bytes.sum(packet, 0, packet.length()) == 0xffff;
    }

    private void process(SocketBuffer packet, int type, Processor on) {
        IcmpMib counter = counterOf(type);
        context.icmp.increment(counter);
        if (type == Icmp.ECHO_REQUEST && context.interfaces.isOwnIpv4((int) packet.destinationLow())) {
            sender.echoReply(packet, on);
        } else if (isError(type) && type != REDIRECT) {
            errorMessage(packet, type, on);
        }
    }

    /** What a type is counted as; what isn't known as an error. */
    private static IcmpMib counterOf(int type) {
        return switch (type) {
            case Icmp.ECHO_REPLY -> IcmpMib.IN_ECHO_REPS;
            case Icmp.DESTINATION_UNREACHABLE -> IcmpMib.IN_DEST_UNREACHS;
            case SOURCE_QUENCH -> IcmpMib.IN_SRC_QUENCHS;
            case REDIRECT -> IcmpMib.IN_REDIRECTS;
            case Icmp.ECHO_REQUEST -> IcmpMib.IN_ECHOS;
            case Icmp.TIME_EXCEEDED -> IcmpMib.IN_TIME_EXCDS;
            case PARAMETER_PROBLEM -> IcmpMib.IN_PARM_PROBS;
            case TIMESTAMP -> IcmpMib.IN_TIMESTAMPS;
            case TIMESTAMP + 1 -> IcmpMib.IN_TIMESTAMP_REPS;
            case LAST_TYPE - 1 -> IcmpMib.IN_ADDR_MASKS;
            case LAST_TYPE -> IcmpMib.IN_ADDR_MASK_REPS;
            default -> IcmpMib.IN_ERRORS;
        };
    }

    private void errorMessage(SocketBuffer packet, int type, Processor on) {
        int code = context.bytes.u8(packet, 1);
        int claim = context.bytes.u16(packet.dataAddress() + MTU);
        packet.pull(Icmp.HEADER_LENGTH);
        int protocol = OwnPacket.describe(packet, context.bytes, error);
        IpError.Kind kind = kindOf(type, code);
        if (protocol == OwnPacket.UNKNOWN
                || kind == null
                || error.ipv6
                || !context.interfaces.isOwnIpv4((int) error.localLow)) {
            return;
        }
        error.kind = kind;
        if (code == FRAGMENTATION_NEEDED && kind == IpError.Kind.PACKET_TOO_BIG) {
            error.mtu = pathMtu(packet, claim);
            output.limitPath(false, 0, error.remoteLow, error.mtu, packet.device(), on);
        }
        TransportHandler handler = context.handler(protocol, false);
        if (handler != null) {
            handler.error(error, on);
        }
    }

    private static IpError.@Nullable Kind kindOf(int type, int code) {
        return switch (type) {
            case Icmp.DESTINATION_UNREACHABLE -> code < UNREACHABLE.length ? UNREACHABLE[code] : null;
            case SOURCE_QUENCH -> IpError.Kind.SOURCE_QUENCH;
            case Icmp.TIME_EXCEEDED -> IpError.Kind.TIME_EXCEEDED;
            default -> IpError.Kind.PARAMETER_PROBLEM;
        };
    }

    /** What a router claims, or the next plateau below the packet's length if it claims nothing sensible. */
    private int pathMtu(SocketBuffer quoted, int claim) {
        int length = context.bytes.u8(quoted, TOTAL_LENGTH) << Byte.SIZE | context.bytes.u8(quoted, TOTAL_LENGTH + 1);
        if (claim >= LEAST_CLAIM && claim < length) {
            return Math.max(claim, LEAST_MTU);
        }
        for (int plateau : PLATEAUS) {
            if (plateau < length) {
                return Math.max(plateau, LEAST_MTU);
            }
        }
        return LEAST_MTU;
    }
}
