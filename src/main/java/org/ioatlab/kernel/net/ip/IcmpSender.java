package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.wire.Icmp;
import org.ioatlab.wire.InternetChecksum;
import org.ioatlab.wire.IpProtocol;
import org.ioatlab.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/** Sends ICMP messages for IPv4 ({@code icmp_send}, {@code icmp_reply}; RFC 1122, 3.2.2). */
final class IcmpSender {
    private static final int PROTOCOL_UNREACHABLE = 2;
    private static final int PORT_UNREACHABLE = 3;
    private static final int REASSEMBLY_TIME = 1;

    /** As much of a packet is quoted as fits into a message of this length (RFC 1812, 4.3.2.3). */
    private static final int LONGEST_MESSAGE = 576;

    private static final int FLAGS_AND_OFFSET = 6;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 2;

    private final IpContext context;
    private final IpOutput output;
    private final Neighbours neighbours;
    private final IpFlow flow = new IpFlow();

    IcmpSender(IpContext context, IpOutput output, Neighbours neighbours) {
        this.context = context;
        this.output = output;
        this.neighbours = neighbours;
    }

    /** Nobody takes the packet's protocol. */
    void protocolUnreachable(SocketBuffer packet, Processor on) {
        error(packet, Icmp.DESTINATION_UNREACHABLE, PROTOCOL_UNREACHABLE, on);
    }

    /** Nobody listens at the datagram's port. */
    void portUnreachable(SocketBuffer packet, Processor on) {
        error(packet, Icmp.DESTINATION_UNREACHABLE, PORT_UNREACHABLE, on);
    }

    /** A datagram's first fragment came, and others didn't. */
    void reassemblyTimedOut(SocketBuffer first, Processor on) {
        error(first, Icmp.TIME_EXCEEDED, REASSEMBLY_TIME, on);
    }

    /** Sends the echo message, whose data begins at its ICMP header, back. */
    void echoReply(SocketBuffer request, Processor on) {
        SocketBuffer reply = output.allocate(request.length(), on);
        if (reply == null) {
            context.icmp.increment(IcmpMib.OUT_ERRORS);
            return;
        }
        context.bytes.copy(request, 0, reply, 0, request.length());
        context.costs.copy(request.length(), on);
        context.bytes.put8(reply.dataAddress(), Icmp.ECHO_REPLY);
        output.route(flow, false, 0, request.destinationLow(), 0, request.sourceLow(), request.device());
        context.icmp.increment(IcmpMib.OUT_ECHO_REPS);
        send(reply, on);
    }

    /** Sends an error about {@code packet}, which stays its caller's, unless the rules or the limit forbid it. */
    private void error(SocketBuffer packet, int type, int code, Processor on) {
        if (!mayBeAnswered(packet)) {
            return;
        }
        output.route(flow, false, 0, packet.destinationLow(), 0, packet.sourceLow(), packet.device());
        Neighbour destination = neighbours.obtain(false, 0, packet.sourceLow(), flow.device, on);
        if (!ErrorLimit.allows(destination, on.nowPs())) {
            return;
        }
        SocketBuffer message = quote(packet, type, code, on);
        if (message == null) {
            context.icmp.increment(IcmpMib.OUT_ERRORS);
            return;
        }
        context.icmp.increment(type == Icmp.TIME_EXCEEDED ? IcmpMib.OUT_TIME_EXCDS : IcmpMib.OUT_DEST_UNREACHS);
        send(message, on);
    }

    /** Never about what went to many, later fragments, senders that aren't one host, or errors. */
    private boolean mayBeAnswered(SocketBuffer packet) {
        int source = (int) packet.sourceLow();
        int destination = (int) packet.destinationLow();
        long header = packet.networkAddress();
        boolean later = (context.bytes.u16(header + FLAGS_AND_OFFSET) & Ipv4.FRAGMENT_OFFSET_MASK) != 0;
        return packet.destination() == SocketBuffer.Destination.HOST
                && context.interfaces.isOwnIpv4(destination)
                && source != 0
                && !Interfaces.isMulticast(false, 0, packet.sourceLow())
                && !context.interfaces.isBroadcast(source)
                && !later
                && !isError(packet, header);
    }

    private boolean isError(SocketBuffer packet, long header) {
        if (context.bytes.u8(header + PROTOCOL) != IpProtocol.ICMP) {
            return false;
        }
        return packet.length() == 0 || IcmpHandler.isError(context.bytes.u8(packet, 0));
    }

    private @Nullable SocketBuffer quote(SocketBuffer packet, int type, int code, Processor on) {
        int header = packet.networkHeaderLength();
        packet.push(header);
        int room = LONGEST_MESSAGE - Ipv4.MIN_HEADER_LENGTH - Icmp.HEADER_LENGTH;
        int length = Math.min(packet.length(), room);
        SocketBuffer message = output.allocate(Icmp.HEADER_LENGTH + length, on);
        if (message != null) {
            long address = message.dataAddress();
            context.bytes.put16(address, type << Byte.SIZE | code);
            context.bytes.put16(address + 4, 0);
            context.bytes.put16(address + 6, 0);
            context.bytes.copy(packet, 0, message, Icmp.HEADER_LENGTH, length);
            context.costs.copy(length, on);
        }
        packet.pull(header);
        return message;
    }

    private void send(SocketBuffer message, Processor on) {
        on.spend(Symbol.ICMP_SEND, context.costs.icmp());
        context.bytes.put16(message.dataAddress() + CHECKSUM, 0);
        int sum = context.bytes.sum(message, 0, message.length());
        context.costs.checksum(message, on);
        context.bytes.put16(message.dataAddress() + CHECKSUM, InternetChecksum.finish(sum));
        context.icmp.increment(IcmpMib.OUT_MSGS);
        output.send(message, flow, IpProtocol.ICMP, true, on);
    }
}
