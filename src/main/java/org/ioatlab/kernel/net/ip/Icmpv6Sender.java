package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Icmpv6;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/** Sends ICMPv6 messages ({@code icmpv6_send}; RFC 4443, 2.4). */
final class Icmpv6Sender {
    static final int DESTINATION_UNREACHABLE = 1;
    static final int PACKET_TOO_BIG = 2;
    static final int TIME_EXCEEDED = 3;
    static final int PARAMETER_PROBLEM = 4;

    /** Codes of parameter problem: the field, the next header and the option that the pointer names. */
    static final int ERRONEOUS_FIELD = 0;

    static final int UNRECOGNIZED_HEADER = 1;
    static final int UNRECOGNIZED_OPTION = 2;

    /** Where the payload's length stands in a header, for a pointer. */
    static final int PAYLOAD_LENGTH_FIELD = 4;

    private static final int PORT_UNREACHABLE = 4;
    private static final int REASSEMBLY_TIME = 1;
    private static final int NEXT_HEADER = 6;
    private static final int CHECKSUM = 2;
    private static final int LEAST_MTU = 1280;

    private final IpContext context;
    private final IpOutput output;
    private final Neighbours neighbours;
    private final IpFlow flow = new IpFlow();

    Icmpv6Sender(IpContext context, IpOutput output, Neighbours neighbours) {
        this.context = context;
        this.output = output;
        this.neighbours = neighbours;
    }

    /** Nobody listens at the datagram's port. */
    void portUnreachable(SocketBuffer packet, Processor on) {
        if (error(packet, DESTINATION_UNREACHABLE, PORT_UNREACHABLE, 0, on)) {
            context.icmpv6.increment(IcmpMib.OUT_DEST_UNREACHS);
        }
    }

    /** A datagram's first fragment came, and others didn't. */
    void reassemblyTimedOut(SocketBuffer first, Processor on) {
        if (error(first, TIME_EXCEEDED, REASSEMBLY_TIME, 0, on)) {
            context.icmpv6.increment(IcmpMib.OUT_TIME_EXCDS);
        }
    }

    /** Something in the packet, at {@code pointer} from its IPv6 header's beginning, can't be processed. */
    void parameterProblem(SocketBuffer packet, int code, int pointer, Processor on) {
        if (error(packet, PARAMETER_PROBLEM, code, pointer, on)) {
            context.icmpv6.increment(IcmpMib.OUT_PARM_PROBLEMS);
        }
    }

    /** Sends the echo message, whose data begins at its ICMPv6 header, back. */
    void echoReply(SocketBuffer request, Processor on) {
        SocketBuffer reply = output.allocate(request.length(), on);
        if (reply == null) {
            return;
        }
        context.bytes.copy(request, 0, reply, 0, request.length());
        context.costs.copy(request.length(), on);
        context.bytes.put8(reply.dataAddress(), Icmpv6.ECHO_REPLY);
        answer(request);
        context.icmpv6.increment(IcmpMib.OUT_ECHO_REPLIES);
        send(reply, on);
    }

    /** The way back to a packet's sender, from the address that it was sent to or the interface's if that is a group's. */
    private void answer(SocketBuffer packet) {
        boolean own = context.interfaces.isOwnIpv6(packet.destinationHigh(), packet.destinationLow());
        output.route(
                flow,
                true,
                own ? packet.destinationHigh() : 0,
                own ? packet.destinationLow() : 0,
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.device());
    }

    private boolean error(SocketBuffer packet, int type, int code, int parameter, Processor on) {
        int header = packet.networkHeaderLength();
        packet.push(header);
        boolean sent = mayBeAnswered(packet, type, code) && sendError(packet, type, code, parameter, on);
        packet.pull(header);
        return sent;
    }

    private boolean sendError(SocketBuffer packet, int type, int code, int parameter, Processor on) {
        answer(packet);
        Neighbour destination = neighbours.obtain(true, packet.sourceHigh(), packet.sourceLow(), flow.device, on);
        SocketBuffer message =
                ErrorLimit.allows(destination, on.nowPs()) ? quote(packet, type, code, parameter, on) : null;
        if (message == null) {
            return false;
        }
        send(message, on);
        return true;
    }

    /** Never about what went to a group (but for unknown options), senders that aren't one host, or errors. */
    private boolean mayBeAnswered(SocketBuffer packet, int type, int code) {
        boolean group = Interfaces.isMulticast(true, packet.destinationHigh(), packet.destinationLow())
                || packet.destination() != SocketBuffer.Destination.HOST;
        boolean fromHost = !Interfaces.isMulticast(true, packet.sourceHigh(), packet.sourceLow())
                && (packet.sourceHigh() | packet.sourceLow()) != 0;
        boolean always = type == PARAMETER_PROBLEM && code == UNRECOGNIZED_OPTION;
        return fromHost && (!group || always) && !isError(packet);
    }

    /** Whether behind all extension headers that are there an ICMPv6 error follows. */
    private boolean isError(SocketBuffer packet) {
        int next = context.bytes.u8(packet, NEXT_HEADER);
        int at = Ipv6.HEADER_LENGTH;
        while (IpProtocol.isIpv6Extension(next) && at + Ipv6.EXTENSION_UNIT <= packet.length()) {
            int units = next == IpProtocol.FRAGMENT ? 1 : context.bytes.u8(packet, at + 1) + 1;
            next = context.bytes.u8(packet, at);
            at += units * Ipv6.EXTENSION_UNIT;
        }
        if (next != IpProtocol.ICMPV6) {
            return false;
        }
        return at >= packet.length() || context.bytes.u8(packet, at) < Icmpv6.ECHO_REQUEST;
    }

    private @Nullable SocketBuffer quote(SocketBuffer packet, int type, int code, int parameter, Processor on) {
        int room = LEAST_MTU - Ipv6.HEADER_LENGTH - Icmpv6.HEADER_LENGTH;
        int length = Math.min(packet.length(), room);
        SocketBuffer message = output.allocate(Icmpv6.HEADER_LENGTH + length, on);
        if (message != null) {
            long address = message.dataAddress();
            context.bytes.put16(address, type << Byte.SIZE | code);
            context.bytes.put16(address + 4, parameter >>> Short.SIZE);
            context.bytes.put16(address + 6, parameter);
            context.bytes.copy(packet, 0, message, Icmpv6.HEADER_LENGTH, length);
            context.costs.copy(length, on);
        }
        return message;
    }

    private void send(SocketBuffer message, Processor on) {
        on.spend(Symbol.ICMP_SEND, context.costs.icmp());
        context.bytes.put16(message.dataAddress() + CHECKSUM, 0);
        int pseudo = PseudoHeader.sum(flow, IpProtocol.ICMPV6, message.length());
        int sum = InternetChecksum.add(pseudo, context.bytes.sum(message, 0, message.length()));
        context.costs.checksum(message, on);
        context.bytes.put16(message.dataAddress() + CHECKSUM, InternetChecksum.finish(sum));
        context.icmpv6.increment(IcmpMib.OUT_MSGS);
        output.send(message, flow, IpProtocol.ICMPV6, true, on);
    }
}
