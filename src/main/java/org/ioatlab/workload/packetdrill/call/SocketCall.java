package org.ioatlab.workload.packetdrill.call;

import java.util.List;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A system call for the machine under test: descriptors are the machine's, flags are Linux's numbers, options and commands go by their
 * names.
 */
public sealed interface SocketCall {
    /** What a socket carries. */
    enum Kind {
        STREAM,
        DATAGRAM,
        /** Echo messages of ICMP. */
        PING
    }

    /**
     * {@code socket()}.
     *
     * @param ipv6 whether its addresses are of IPv6
     * @param kind what it carries
     * @param nonBlocking whether its calls never wait
     */
    record Open(boolean ipv6, Kind kind, boolean nonBlocking) implements SocketCall {}

    /**
     * {@code bind()}.
     *
     * @param fd the socket
     * @param address the machine's own, or the unspecified one
     * @param port 0 to have one chosen
     */
    record Bind(int fd, IpAddress address, int port) implements SocketCall {}

    /**
     * {@code listen()}.
     *
     * @param fd the socket
     * @param backlog as given
     */
    record Listen(int fd, int backlog) implements SocketCall {}

    /**
     * {@code accept()}.
     *
     * @param fd the listening socket
     * @param nonBlocking whether calls on the new one never wait ({@code accept4()})
     */
    record Accept(int fd, boolean nonBlocking) implements SocketCall {}

    /**
     * {@code connect()}.
     *
     * @param fd the socket
     * @param address the other end; null for AF_UNSPEC, which dissolves a connection
     * @param port the other end's port
     */
    record Connect(int fd, @Nullable IpAddress address, int port) implements SocketCall {}

    /**
     * {@code read()}, {@code readv()}, {@code recv()}, {@code recvfrom()}, {@code recvmsg()}.
     *
     * @param fd the socket
     * @param lengths of the buffers, in their order
     * @param flags {@code MSG_*}
     */
    record Receive(int fd, List<Integer> lengths, int flags) implements SocketCall {
        public Receive {
            lengths = List.copyOf(lengths);
        }
    }

    /**
     * {@code write()}, {@code writev()}, {@code send()}, {@code sendto()}, {@code sendmsg()}.
     *
     * @param fd the socket
     * @param length bytes, of which those that {@code text} doesn't give are 0
     * @param text the first bytes, one a character
     * @param flags {@code MSG_*}
     * @param address the other end, where the call names one
     * @param port the other end's port
     */
    record Send(
            int fd,
            int length,
            String text,
            int flags,
            @Nullable IpAddress address,
            int port) implements SocketCall {}

    /**
     * {@code close()}.
     *
     * @param fd what is closed
     */
    record Close(int fd) implements SocketCall {}

    /**
     * {@code shutdown()}.
     *
     * @param fd the socket
     * @param how 0 for reading, 1 for writing, 2 for both
     */
    record Shutdown(int fd, int how) implements SocketCall {}

    /**
     * {@code setsockopt()}.
     *
     * @param fd the socket
     * @param level such as {@code SOL_SOCKET} or {@code IPPROTO_TCP}
     * @param name such as {@code SO_RCVBUF}
     * @param values the numbers of the value: one, or two for {@code SO_LINGER}
     * @param text a value that is a string, such as {@code TCP_CONGESTION}'s
     */
    record SetOption(
            int fd,
            String level,
            String name,
            List<Long> values,
            @Nullable String text) implements SocketCall {
        public SetOption {
            values = List.copyOf(values);
        }
    }

    /**
     * {@code getsockopt()}.
     *
     * @param fd the socket
     * @param level such as {@code SOL_SOCKET}
     * @param name such as {@code SO_ERROR}
     */
    record GetOption(int fd, String level, String name) implements SocketCall {}

    /**
     * {@code fcntl()}.
     *
     * @param fd the descriptor
     * @param command such as {@code F_SETFL}
     * @param argument 0 where there is none
     */
    record Control(int fd, String command, long argument) implements SocketCall {}

    /**
     * {@code ioctl()}.
     *
     * @param fd the descriptor
     * @param request such as {@code SIOCINQ}
     * @param argument what is given to requests that take something
     */
    record DeviceControl(int fd, String request, long argument) implements SocketCall {}

    /**
     * {@code poll()}.
     *
     * @param entries what is waited for
     * @param timeoutMs -1 to wait for ever
     */
    record Poll(List<PollEntry> entries, int timeoutMs) implements SocketCall {
        public Poll {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A descriptor that is waited for.
     *
     * @param fd the descriptor
     * @param events {@code POLL*}
     */
    record PollEntry(int fd, int events) {}

    /** {@code epoll_create()}. */
    record EpollCreate() implements SocketCall {}

    /**
     * {@code epoll_ctl()}.
     *
     * @param epoll the set
     * @param operation such as {@code EPOLL_CTL_ADD}
     * @param fd the descriptor
     * @param events {@code EPOLL*}
     * @param data what is given back with an event
     */
    record EpollControl(int epoll, String operation, int fd, long events, long data) implements SocketCall {}

    /**
     * {@code epoll_wait()}.
     *
     * @param epoll the set
     * @param maxEvents most events given back
     * @param timeoutMs -1 to wait for ever
     */
    record EpollWait(int epoll, int maxEvents, int timeoutMs) implements SocketCall {}
}
