package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.wire.Udp;
import org.jspecify.annotations.Nullable;

/** Sending a datagram ({@code udp_sendmsg}); never waits. */
public final class UdpSendCall extends SystemCall {
    private final IoVector from = new IoVector();
    private @Nullable UdpSocket socket;
    private @Nullable IpAddress address;
    private int port;

    /** A call object to be used again and again. */
    public UdpSendCall(SocketLayer layer) {
        super(layer);
    }

    /** Where the data lie: to be filled with parts before {@link #begin}. */
    public IoVector from() {
        return from;
    }

    /**
     * Begins {@code sendmsg()}.
     *
     * @param to where to; null for where the socket is connected
     */
    public UdpSendCall begin(UdpSocket by, @Nullable IpAddress to, int toPort) {
        prepare(by);
        socket = by;
        address = to;
        port = to == null ? 0 : toPort;
        return this;
    }

    @Override
    Step step(Task task, Processor on) {
        UdpSocket by = Objects.requireNonNull(socket);
        int length = from.total();
        if (length > Udp.MAX_PAYLOAD_LENGTH) {
            return fails(Errors.EMSGSIZE);
        }
        IpAddress to = address;
        if (to != null && to.isIpv4() == by.isIpv6()) {
            return fails(Errors.EAFNOSUPPORT);
        }
        SocketBuffer packet = layer.udp.allocate(length, on);
        if (packet == null) {
            return fails(Errors.ENOBUFS);
        }
        layer.copy.fromUser(from, packet, 0, length, on);
        int error = layer.udp.send(by.core, packet, to == null ? 0 : to.high(), to == null ? 0 : to.low(), port, on);
        return returns(error == 0 ? length : error);
    }

    @Override
    public void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put("udp_send");
        hash.put(port);
    }
}
