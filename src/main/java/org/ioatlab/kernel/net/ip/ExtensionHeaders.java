package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;

/**
 * Walks over an IPv6 packet's extension headers (RFC 8200, 4) up to its protocol or its fragment header. Of options only padding and those that
 * may be skipped are understood, of routing headers only those that are used up (RFC 5095).
 */
final class ExtensionHeaders {
    /** Answered for a packet that has been dropped. */
    static final int DROPPED = -1;

    private static final int NEXT_HEADER = 6;
    private static final int PAD_ONE = 0;
    private static final int PAD_MANY = 1;
    private static final int ROUTER_ALERT = 5;
    private static final int ACTION_SHIFT = 6;
    private static final int SKIP = 0;
    private static final int DISCARD = 1;
    private static final int TELL_HOSTS = 3;
    private static final int SEGMENTS_LEFT = 3;
    private static final int ROUTING_TYPE = 2;

    private final IpContext context;
    private final Icmpv6Sender icmp;
    private int at;
    private int namedAt;

    ExtensionHeaders(IpContext context, Icmpv6Sender icmp) {
        this.context = context;
        this.icmp = icmp;
    }

    /** Where the header begins that the last walk ended at, from the IPv6 header's beginning. */
    int at() {
        return at;
    }

    /** Where that header's kind is named. */
    int namedAt() {
        return namedAt;
    }

    /**
     * Walks over a packet whose data begins at its IPv6 header; what isn't to be received is freed and counted.
     *
     * @return the protocol, {@link IpProtocol#FRAGMENT}, or {@link #DROPPED}
     */
    int walk(SocketBuffer packet, Processor on) {
        at = Ipv6.HEADER_LENGTH;
        namedAt = NEXT_HEADER;
        int next = context.bytes.u8(packet, NEXT_HEADER);
        while (IpProtocol.isIpv6Extension(next)) {
            int length = pullHeader(packet, next);
            if (length == 0) {
                return dropped(packet, on);
            }
            if (next == IpProtocol.FRAGMENT) {
                if (!isAtomic(packet)) {
                    return next;
                }
            } else if (!understands(packet, next, length, on)) {
                return dropped(packet, on);
            }
            next = context.bytes.u8(packet, at);
            namedAt = at;
            at += length;
        }
        return next;
    }

    private int dropped(SocketBuffer packet, Processor on) {
        context.drop(packet, IpMib.IN_HDR_ERRORS, on);
        return DROPPED;
    }

    /** The header's length once it is in the linear part; 0 if the packet or the buffer is too short for it. */
    private int pullHeader(SocketBuffer packet, int kind) {
        if (!context.buffers.mayPull(packet, at + Ipv6.EXTENSION_UNIT)) {
            return 0;
        }
        int units = kind == IpProtocol.FRAGMENT ? 1 : context.bytes.u8(packet, at + 1) + 1;
        int length = units * Ipv6.EXTENSION_UNIT;
        return context.buffers.mayPull(packet, at + length) ? length : 0;
    }

    /** A fragment that is the whole datagram is no fragment (RFC 6946). */
    private boolean isAtomic(SocketBuffer packet) {
        return (context.bytes.u16(packet.dataAddress() + at + 2) & 0xfff9) == 0;
    }

    private boolean understands(SocketBuffer packet, int kind, int length, Processor on) {
        if (kind == IpProtocol.ROUTING) {
            return routing(packet, on);
        }
        if (kind == IpProtocol.HOP_BY_HOP && at != Ipv6.HEADER_LENGTH) {
            icmp.parameterProblem(packet, Icmpv6Sender.UNRECOGNIZED_HEADER, namedAt, on);
            return false;
        }
        return options(packet, length, on);
    }

    private boolean routing(SocketBuffer packet, Processor on) {
        if (context.bytes.u8(packet, at + SEGMENTS_LEFT) == 0) {
            return true;
        }
        icmp.parameterProblem(packet, Icmpv6Sender.ERRONEOUS_FIELD, at + ROUTING_TYPE, on);
        return false;
    }

    private boolean options(SocketBuffer packet, int length, Processor on) {
        int end = at + length;
        int option = at + 2;
        while (option < end) {
            int type = context.bytes.u8(packet, option);
            if (type == PAD_ONE) {
                option++;
                continue;
            }
            int next = option + 1 < end ? option + 2 + context.bytes.u8(packet, option + 1) : Integer.MAX_VALUE;
            if (next > end || !mayPass(packet, type, option, on)) {
                return false;
            }
            option = next;
        }
        return true;
    }

    /** The two highest bits of an unknown option say what becomes of the packet (RFC 8200, 4.2). */
    private boolean mayPass(SocketBuffer packet, int type, int option, Processor on) {
        int action = type >>> ACTION_SHIFT;
        if (type == PAD_MANY || type == ROUTER_ALERT || action == SKIP) {
            return true;
        }
        boolean group = Interfaces.isMulticast(true, packet.destinationHigh(), packet.destinationLow());
        if (action != DISCARD && !(action == TELL_HOSTS && group)) {
            icmp.parameterProblem(packet, Icmpv6Sender.UNRECOGNIZED_OPTION, option, on);
        }
        return false;
    }
}
