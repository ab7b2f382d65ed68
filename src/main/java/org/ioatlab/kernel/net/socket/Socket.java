package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.tcp.TcpInfo;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** A socket of either protocol. Calls that never wait are methods here; those that may are {@link SystemCall}s. */
public abstract class Socket extends OpenFile {
    final SocketOptions options = new SocketOptions();
    final boolean ipv6;

    Socket(SocketLayer layer, boolean ipv6) {
        super(layer);
        this.ipv6 = ipv6;
    }

    /** Whether it was made for IPv6. */
    public final boolean isIpv6() {
        return ipv6;
    }

    /** Ends one that nobody has heard of, without waiting. */
    public final void abandon(Processor on) {
        close(on);
    }

    /** {@code bind()}: 0 or a negative error number. */
    public abstract int bind(IpAddress address, int port, Processor on);

    /** {@code listen()}: 0 or a negative error number. */
    public abstract int listen(int backlog, Processor on);

    /** {@code shutdown()} of reading, writing, or both: 0 or a negative error number. */
    public abstract int shutdown(boolean reading, boolean writing, Processor on);

    /** {@code setsockopt()}: 0 or a negative error number. */
    public abstract int setOption(SocketOption option, long value, Processor on);

    /** {@code getsockopt()}; a negative error number for an option that the socket doesn't have. */
    public abstract long option(SocketOption option);

    /** {@code getsockname()}; null before there is an address. */
    public abstract @Nullable IpAddress localAddress();

    /** The own port, 0 before there is one. */
    public abstract int localPort();

    /** {@code getpeername()}; null if there is no other end. */
    public abstract @Nullable IpAddress remoteAddress();

    /** The other end's port, 0 if there is none. */
    public abstract int remotePort();

    /** SIOCINQ: bytes that can be read. */
    public abstract int readableBytes();

    /** SIOCOUTQ: bytes that were written and aren't acknowledged. */
    public abstract long unsentBytes();

    /** SIOCATMARK. */
    public boolean isAtMark() {
        return false;
    }

    /** Its state as {@code /proc/net/tcp} names it. */
    public abstract String stateName();

    /** TCP_INFO, or null for a socket without a connection. */
    public @Nullable TcpInfo info(long nowPs) {
        return null;
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(ipv6);
        options.hashInto(hash);
    }
}
