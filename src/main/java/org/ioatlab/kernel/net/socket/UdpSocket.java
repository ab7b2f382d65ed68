package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.ip.UdpSocketCore;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** A UDP socket. */
public final class UdpSocket extends Socket implements UdpSocketCore.Listener {
    private static final int DATAGRAM_TYPE = 2;

    final UdpSocketCore core;
    private boolean readingShut;

    UdpSocket(SocketLayer layer, boolean ipv6) {
        super(layer, ipv6);
        core = layer.udp.open(ipv6, this);
    }

    @Override
    public void readable(UdpSocketCore from, Processor on) {
        on.spend(Symbol.SOCK_DEF_READABLE, layer.costs.wake());
        waiters.wakeAll(on);
    }

    @Override
    public int bind(IpAddress address, int port, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        boolean any = (address.high() | address.low()) == 0;
        if (!any && address.isIpv4() == ipv6) {
            return Errors.EAFNOSUPPORT.returned();
        }
        return layer.udp.bind(core, address.high(), address.low(), port);
    }

    /** {@code connect()}: 0 or a negative error number. */
    public int connect(IpAddress address, int port, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        return address.isIpv4() == ipv6
                ? Errors.EAFNOSUPPORT.returned()
                : layer.udp.connect(core, address.high(), address.low(), port);
    }

    @Override
    public int listen(int backlog, Processor on) {
        return Errors.EOPNOTSUPP.returned();
    }

    @Override
    public int shutdown(boolean reading, boolean writing, Processor on) {
        if (!core.isConnected()) {
            return Errors.ENOTCONN.returned();
        }
        readingShut |= reading;
        waiters.wakeAll(on);
        return 0;
    }

    boolean isReadingShut() {
        return readingShut;
    }

    @Override
    public int setOption(SocketOption option, long value, Processor on) {
        on.spend(Symbol.SYS_SETSOCKOPT, layer.costs.option());
        switch (option) {
            case SO_REUSEADDR -> options.reuseAddress = value != 0;
            case SO_RCVTIMEO -> options.receiveTimeoutPs = value * Picoseconds.PER_MICROSECOND;
            case SO_SNDTIMEO -> options.sendTimeoutPs = value * Picoseconds.PER_MICROSECOND;
            case SO_RCVLOWAT -> options.receiveLowWater = (int) Math.max(value, 1);
            case SO_RCVBUF -> {
                int asked = Math.clamp(value, 0, layer.largestBuffer);
                core.setReceiveBufferBytes(Math.max(2 * asked, SendLimits.LEAST_RECEIVE_BUFFER));
            }
            case SO_SNDBUF -> {
                int asked = Math.clamp(value, 0, layer.largestBuffer);
                options.sendBuffer = Math.max(2 * asked, SendLimits.LEAST_SEND_BUFFER);
            }
            default -> {
                return Errors.ENOPROTOOPT.returned();
            }
        }
        return 0;
    }

    @Override
    public long option(SocketOption option) {
        return switch (option) {
            case SO_REUSEADDR -> options.reuseAddress ? 1 : 0;
            case SO_RCVTIMEO -> options.receiveTimeoutPs / Picoseconds.PER_MICROSECOND;
            case SO_SNDTIMEO -> options.sendTimeoutPs / Picoseconds.PER_MICROSECOND;
            case SO_RCVLOWAT -> options.receiveLowWater;
            case SO_RCVBUF -> core.receiveBufferBytes();
            case SO_SNDBUF -> options.sendBuffer == 0 ? layer.largestBuffer : options.sendBuffer;
            case SO_ERROR -> core.takeError();
            case SO_TYPE -> DATAGRAM_TYPE;
            case SO_ACCEPTCONN -> 0;
            default -> Errors.ENOPROTOOPT.returned();
        };
    }

    @Override
    public @Nullable IpAddress localAddress() {
        return address(core.localHigh(), core.localLow());
    }

    @Override
    public int localPort() {
        return core.localPort();
    }

    @Override
    public @Nullable IpAddress remoteAddress() {
        return core.isConnected() ? address(core.remoteHigh(), core.remoteLow()) : null;
    }

    @Override
    public int remotePort() {
        return core.isConnected() ? core.remotePort() : 0;
    }

    private IpAddress address(long high, long low) {
        return ipv6 ? IpAddress.ipv6(high, low) : IpAddress.ipv4((int) low);
    }

    @Override
    public int readableBytes() {
        SocketBuffer first = core.first();
        return first == null ? 0 : first.length();
    }

    @Override
    public long unsentBytes() {
        return 0;
    }

    @Override
    public String stateName() {
        return core.isConnected() ? "ESTABLISHED" : "CLOSE";
    }

    @Override
    public int pollEvents() {
        int events = PollEvents.WRITABLE;
        if (core.first() != null || readingShut) {
            events |= PollEvents.READABLE;
        }
        return core.hasError() ? events | PollEvents.POLLERR : events;
    }

    @Override
    void close(Processor on) {
        markClosed();
        layer.udp.close(core, on);
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(readingShut);
        core.hashInto(hash);
    }
}
