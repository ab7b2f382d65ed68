package org.ioatlab.workload.packetdrill.call;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Expression;
import org.ioatlab.workload.packetdrill.script.ScriptOptions;
import org.jspecify.annotations.Nullable;

/** Makes a machine's system calls out of a script's. */
public final class CallPlanner {
    private static final int MAX_BUFFER = 64 << 20;
    private static final String KNOWN =
            " socket bind listen accept accept4 connect read readv recv recvfrom recvmsg write"
                    + " writev send sendto sendmsg close shutdown setsockopt getsockopt fcntl ioctl poll epoll_create epoll_create1"
                    + " epoll_ctl epoll_wait ";

    private final ScriptOptions options;
    private final Descriptors descriptors;
    private final IpAddress local;
    private final IpAddress remote;

    /**
     * A maker of calls.
     *
     * @param local the machine's address
     * @param remote the other end's address
     */
    public CallPlanner(ScriptOptions options, Descriptors descriptors, IpAddress local, IpAddress remote) {
        this.options = options;
        this.descriptors = descriptors;
        this.local = local;
        this.remote = remote;
    }

    static boolean isKnown(String name) {
        return KNOWN.contains(" " + name + " ");
    }

    /**
     * The call for the machine.
     *
     * @throws CallFault when the script's can't be understood
     */
    public SocketCall plan(Action.SystemCall script) throws CallFault {
        Arguments arguments = new Arguments(script, descriptors);
        return switch (script.name()) {
            case "socket" -> open(arguments);
            case "bind" -> bind(arguments);
            case "listen" -> new SocketCall.Listen(arguments.fd(0, 2), arguments.integer(1));
            case "accept" -> new SocketCall.Accept(arguments.fd(0, 3), false);
            case "accept4" -> new SocketCall.Accept(arguments.fd(0, 4), isNonBlocking(arguments.number(3)));
            case "connect" -> connect(arguments);
            case "read" -> receive(arguments.fd(0, 3), arguments.length(2), 0);
            case "recv" -> receive(arguments.fd(0, 4), arguments.length(2), arguments.integer(3));
            case "recvfrom" -> receive(arguments.fd(0, 6), arguments.length(2), arguments.integer(3));
            case "readv" -> new SocketCall.Receive(arguments.fd(0, 3), arguments.vector(1, 2), 0);
            case "recvmsg" ->
                new SocketCall.Receive(
                        arguments.fd(0, 3), MessageHeader.of(arguments.get(1)).lengths(), arguments.integer(2));
            case "write" -> send(arguments, arguments.fd(0, 3), 0);
            case "send" -> send(arguments, arguments.fd(0, 4), arguments.integer(3));
            case "sendto" -> sendTo(arguments);
            case "writev" -> sendVector(arguments.fd(0, 3), arguments.vector(1, 2), 0);
            case "sendmsg" -> sendMessage(arguments);
            case "close" -> new SocketCall.Close(arguments.fd(0, 1));
            case "shutdown" -> new SocketCall.Shutdown(arguments.fd(0, 2), arguments.integer(1));
            case "setsockopt" -> setOption(arguments);
            case "getsockopt" -> new SocketCall.GetOption(arguments.fd(0, 5), arguments.level(1), arguments.option(2));
            case "fcntl" -> control(arguments);
            case "ioctl" -> deviceControl(arguments);
            case "poll" -> poll(arguments);
            case "epoll_create", "epoll_create1" -> new SocketCall.EpollCreate();
            case "epoll_ctl" -> epollControl(arguments);
            case "epoll_wait" ->
                new SocketCall.EpollWait(arguments.fd(0, 4), arguments.integer(2), arguments.integer(3));
            default -> throw new CallFault(script.at(), "unknown system call '" + script.name() + "'");
        };
    }

    private SocketCall open(Arguments arguments) throws CallFault {
        arguments.requireCount(3);
        // Sockets of mapped addresses speak IPv4 on the wire, and that is all that a script sees of them.
        boolean ipv6 = arguments.get(0) instanceof Expression.Ellipsis
                ? options.ipVersion() == ScriptOptions.IpVersion.IPV6
                : arguments.number(0) == 10 && options.ipVersion() != ScriptOptions.IpVersion.IPV4_MAPPED_IPV6;
        long type = arguments.number(1);
        long protocol = arguments.number(2);
        SocketCall.Kind kind;
        if ((type & 0xf) == 1) {
            kind = SocketCall.Kind.STREAM;
        } else if ((type & 0xf) == 2) {
            kind = protocol == 1 || protocol == 58 ? SocketCall.Kind.PING : SocketCall.Kind.DATAGRAM;
        } else {
            throw new CallFault(arguments.get(1).at(), "sockets of this type are not supported");
        }
        return new SocketCall.Open(ipv6, kind, isNonBlocking(type));
    }

    private static boolean isNonBlocking(long flags) {
        return (flags & 0x800) != 0;
    }

    private SocketCall bind(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, 3);
        if (!(arguments.get(1) instanceof Expression.Struct struct)) {
            return new SocketCall.Bind(fd, local, options.bindPort());
        }
        IpAddress given = Values.address(struct);
        boolean unspecified = given != null && given.high() == 0 && given.low() == 0;
        IpAddress any = local.isIpv4() ? IpAddress.ipv4(0) : IpAddress.ipv6(0, 0);
        return new SocketCall.Bind(fd, unspecified ? any : local, Values.port(struct, options.bindPort()));
    }

    private SocketCall connect(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, 3);
        Expression address = arguments.get(1);
        return switch (address) {
            case Expression.Ellipsis _ -> new SocketCall.Connect(fd, remote, options.connectPort());
            case Expression.Struct struct ->
                isUnspecified(struct)
                        ? new SocketCall.Connect(fd, null, 0)
                        : new SocketCall.Connect(fd, remote, Values.port(struct, options.connectPort()));
            default -> {
                if (Values.number(address) != 0) {
                    throw new CallFault(address.at(), "an address, '...' or AF_UNSPEC is wanted here");
                }
                yield new SocketCall.Connect(fd, null, 0);
            }
        };
    }

    private static boolean isUnspecified(Expression.Struct address) {
        return address.field("sa_family") instanceof Expression.Word family
                && family.name().equals("AF_UNSPEC");
    }

    private static SocketCall receive(int fd, int length, int flags) {
        return new SocketCall.Receive(fd, List.of(length), flags);
    }

    private static SocketCall send(Arguments arguments, int fd, int flags) throws CallFault {
        return new SocketCall.Send(fd, arguments.length(2), arguments.text(1), flags, null, 0);
    }

    private SocketCall sendTo(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, 6);
        Expression to = arguments.get(4);
        boolean addressed = to instanceof Expression.Ellipsis || to instanceof Expression.Struct;
        int port = to instanceof Expression.Struct struct
                ? Values.port(struct, options.connectPort())
                : options.connectPort();
        @Nullable IpAddress address = addressed ? remote : null;
        return new SocketCall.Send(fd, arguments.length(2), arguments.text(1), arguments.integer(3), address, port);
    }

    private static SocketCall sendVector(int fd, List<Integer> lengths, int flags) {
        int sum = 0;
        for (int length : lengths) {
            sum += length;
        }
        return new SocketCall.Send(fd, sum, "", flags, null, 0);
    }

    private static SocketCall sendMessage(Arguments arguments) throws CallFault {
        MessageHeader header = MessageHeader.of(arguments.get(1));
        return sendVector(arguments.fd(0, 3), header.lengths(), arguments.integer(2));
    }

    private static SocketCall setOption(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, 5);
        List<Long> values = new ArrayList<>();
        String text = null;
        switch (arguments.get(3)) {
            case Expression.Text string -> text = string.value();
            case Expression.Struct struct -> {
                for (Expression.Field field : struct.fields()) {
                    if (field.value() instanceof Expression.Text string) {
                        text = string.value();
                    } else if (!(field.value() instanceof Expression.Ellipsis)) {
                        values.add(Values.number(field.value()));
                    }
                }
            }
            case Expression other -> {
                Long value = Values.bracketed(other);
                if (value == null) {
                    throw new CallFault(other.at(), "the value of an option is wanted here");
                }
                values.add(value);
            }
        }
        return new SocketCall.SetOption(fd, arguments.level(1), arguments.option(2), values, text);
    }

    private static SocketCall control(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, arguments.count() == 2 ? 2 : 3);
        long argument = arguments.count() == 2 ? 0 : arguments.number(2);
        return new SocketCall.Control(fd, Values.name(arguments.get(1), "F_"), argument);
    }

    private static SocketCall deviceControl(Arguments arguments) throws CallFault {
        int fd = arguments.fd(0, arguments.count() == 2 ? 2 : 3);
        Long argument = arguments.count() == 2 ? null : Values.bracketed(arguments.get(2));
        return new SocketCall.DeviceControl(
                fd, Values.name(arguments.get(1), "SIOC", "FION"), argument == null ? 0 : argument);
    }

    private SocketCall poll(Arguments arguments) throws CallFault {
        arguments.requireCount(3);
        List<SocketCall.PollEntry> entries = new ArrayList<>();
        for (Expression.Struct entry : arguments.structs(0)) {
            Expression fd = Arguments.field(entry, "fd");
            int events = (int) Values.number(Arguments.field(entry, "events"));
            entries.add(new SocketCall.PollEntry(descriptors.live(Values.number(fd), fd.at()), events));
        }
        if (entries.size() != arguments.number(1)) {
            throw new CallFault(
                    arguments.get(1).at(),
                    arguments.number(1) + " descriptors are announced but " + entries.size() + " listed");
        }
        return new SocketCall.Poll(entries, arguments.integer(2));
    }

    private SocketCall epollControl(Arguments arguments) throws CallFault {
        int epoll = arguments.fd(0, 4);
        int fd = descriptors.live(arguments.number(2), arguments.get(2).at());
        String operation = Values.name(arguments.get(1), "EPOLL_CTL_");
        if (!(arguments.get(3) instanceof Expression.Struct event)) {
            return new SocketCall.EpollControl(epoll, operation, fd, 0, 0);
        }
        return new SocketCall.EpollControl(
                epoll, operation, fd, Values.number(Arguments.field(event, "events")), Arguments.epollData(event));
    }

    static int checkedLength(long length, Expression at) throws CallFault {
        if (length < 0 || length > MAX_BUFFER) {
            throw new CallFault(at.at(), "a length from 0 to " + MAX_BUFFER + " is wanted here");
        }
        return (int) length;
    }
}
