package org.ioatlab.machine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * System calls on sockets. All run in process context on processor {@code cpu}; those that wait take a {@code timeoutPs} of virtual time.
 *
 * @param <R> what it answers
 */
public sealed interface SocketCommand<R> extends Command<R> {
    /** What a socket carries. */
    enum Protocol {
        TCP,
        UDP
    }

    /** Which directions are shut down. */
    enum How {
        READ,
        WRITE,
        BOTH
    }

    /**
     * {@code socket()}, options, {@code bind()}, and {@code listen()} or {@code connect()}.
     *
     * @param address to bind to; null for every one
     * @param port to bind to; null to have one chosen, or none where it connects
     * @param backlog of a listening socket; null for the kernel's usual
     * @param connectTo address of the other end; null to listen (TCP) or take from everybody (UDP)
     * @param connectPort port of the other end
     * @param options by name, set before anything else
     */
    record Open(
            Protocol protocol,
            @Nullable String address,
            @Nullable Integer port,
            @Nullable Integer backlog,
            @Nullable String connectTo,
            @Nullable Integer connectPort,
            Map<String, Long> options,
            long timeoutPs,
            int cpu)
            implements SocketCommand<SocketViews.Socket> {}

    /** {@code accept()}. */
    record Accept(String socket, long timeoutPs, int cpu) implements SocketCommand<SocketViews.Accepted> {}

    /**
     * {@code recvmsg()} into buffers of the machine's user memory, which are given back afterwards.
     *
     * @param iov lengths of the buffers, one after the other
     * @param flags by name, such as {@code MSG_WAITALL}
     * @param pagedOut whether the buffers are paged out before the call, TCP only; not without it
     */
    record Receive(
            String socket,
            List<Integer> iov,
            List<String> flags,
            long timeoutPs,
            int cpu,
            @Nullable Boolean pagedOut) implements SocketCommand<SocketViews.Received> {
        /** Into buffers that are in memory. */
        public Receive(String socket, List<Integer> iov, List<String> flags, long timeoutPs, int cpu) {
            this(socket, iov, flags, timeoutPs, cpu, null);
        }
    }

    /**
     * {@code sendmsg()}, or {@code sendfile()} of a file in the page cache.
     *
     * @param length bytes to send
     * @param content what they are
     * @param flags by name
     * @param file whether they are a file's, which isn't copied
     * @param address the other end, for UDP sockets that aren't connected
     * @param port the other end's port
     */
    record Send(
            String socket,
            int length,
            Content content,
            List<String> flags,
            boolean file,
            @Nullable String address,
            @Nullable Integer port,
            long timeoutPs,
            int cpu)
            implements SocketCommand<SocketViews.Sent> {}

    /** {@code shutdown()}. */
    record Shutdown(String socket, How how, int cpu) implements SocketCommand<SocketViews.Socket> {}

    /** {@code setsockopt()}, one after the other. */
    record SetOptions(String socket, Map<String, Long> options, int cpu) implements SocketCommand<SocketViews.Socket> {}

    /** {@code close()}. */
    record Close(String socket, int cpu) implements SocketCommand<Done> {}

    /** {@code poll()}. */
    record Poll(List<PollEntry> sockets, long timeoutPs, int cpu) implements SocketCommand<SocketViews.Polled> {}

    /** A socket that is waited for, and for which events, by name. */
    record PollEntry(String socket, List<String> events) {}
}
