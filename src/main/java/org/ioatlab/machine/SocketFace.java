package org.ioatlab.machine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.OpenFile;
import org.ioatlab.kernel.net.socket.Socket;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.SocketOption;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.tcp.TcpListener;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** Sockets as users of a machine see them. */
public final class SocketFace {
    /** The most sockets of one machine that users may open. */
    public static final int MOST_SOCKETS = 20_000;

    /** The most bytes of one read or write. */
    public static final int MOST_BYTES = 16 << 20;

    /** The most buffers of one read. */
    public static final int MOST_BUFFERS = 1024;

    /** The most sockets of one poll. */
    public static final int MOST_POLLED = 1024;

    /** The largest read whose bytes are shown. */
    public static final int MOST_SHOWN_BYTES = 16_384;

    /** The longest backlog that can be asked for; the kernel clamps it further ({@code somaxconn}). */
    public static final int LARGEST_BACKLOG = 65_535;

    private static final String PREFIX = "s";
    private static final int LARGEST_PORT = 65_535;
    private static final long NO_OPTION = Errors.ENOPROTOOPT.returned();

    final SocketLayer layer;
    final Processors processors;
    private final MemoryFace memory;

    SocketFace(SocketLayer layer, Processors processors, MemoryFace memory) {
        this.layer = layer;
        this.processors = processors;
        this.memory = memory;
    }

    Call<?> apply(SocketCommand<?> command) {
        return switch (command) {
            case SocketCommand.Open c -> open(c);
            case SocketCommand.Accept c -> {
                Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
                yield new AcceptTask(this, c, tcp(c.socket()), processor(c.cpu())).start();
            }
            case SocketCommand.Receive c -> receive(c);
            case SocketCommand.Send c -> send(c);
            case SocketCommand.Shutdown c -> {
                find(c.socket());
                yield new SocketSlice(this, c, c.socket(), processor(c.cpu())).start();
            }
            case SocketCommand.SetOptions c -> {
                find(c.socket());
                options(c.options());
                yield new SocketSlice(this, c, c.socket(), processor(c.cpu())).start();
            }
            case SocketCommand.Close c -> {
                requireUnused(find(c.socket()));
                yield new CloseTask(this, find(c.socket()), processor(c.cpu())).start();
            }
            case SocketCommand.Poll c -> {
                Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
                Ranges.require("sockets", c.sockets().size(), 1, MOST_POLLED);
                yield new PollTask(this, c, processor(c.cpu())).start();
            }
        };
    }

    /** All sockets, oldest descriptor first. */
    public List<SocketViews.Socket> sockets() {
        List<SocketViews.Socket> views = new ArrayList<>();
        for (OpenFile file : layer.files()) {
            if (file instanceof Socket socket) {
                views.add(view(socket));
            }
        }
        return views;
    }

    /** One socket. */
    public SocketViews.Socket socket(String id) {
        return view(find(id));
    }

    /** What {@code getsockopt()} tells of a socket, by name; the pending error is left where it is. */
    public SocketViews.Options options(String id) {
        Socket socket = find(id);
        Map<String, Long> values = new LinkedHashMap<>();
        for (SocketOption option : SocketOption.values()) {
            long value = option == SocketOption.SO_ERROR ? NO_OPTION : socket.option(option);
            if (value != NO_OPTION) {
                values.put(option.name(), value);
            }
        }
        return new SocketViews.Options(values);
    }

    void hashInto(StateHash hash) {
        layer.hashInto(hash);
    }

    Refusal outOfMemory(ZoneKind zone) {
        return memory.outOfMemory(zone);
    }

    long nowNs() {
        return Picoseconds.toNanoseconds(processors.loop().nowPs());
    }

    /** The bytes that are sent. */
    byte[] bytes(Content content, int length) {
        return memory.bytes(content, length);
    }

    static String id(OpenFile file) {
        return id(file.serial());
    }

    static String id(long serial) {
        return PREFIX + serial;
    }

    Socket find(String id) {
        if (id.startsWith(PREFIX)) {
            for (OpenFile file : layer.files()) {
                if (file instanceof Socket socket && id(file).equals(id)) {
                    return socket;
                }
            }
        }
        throw Refusal.unknown("socket", id);
    }

    TcpSocket tcp(String id) {
        if (find(id) instanceof TcpSocket socket) {
            return socket;
        }
        throw Refusal.meaningless("not-a-tcp-socket", id + " is a UDP socket.");
    }

    /** Options by name. */
    static Map<SocketOption, Long> options(Map<String, Long> named) {
        Map<SocketOption, Long> options = new EnumMap<>(SocketOption.class);
        named.forEach((name, value) -> {
            SocketOption option = SocketOption.named(name);
            if (option == null || option == SocketOption.SO_ERROR || option == SocketOption.SO_TYPE) {
                throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", "options: there is no option " + name + ".")
                        .with("field", "options")
                        .with("allowed", List.of(SocketOption.values()));
            }
            options.put(option, value);
        });
        return options;
    }

    static @Nullable IpAddress address(String field, @Nullable String text) {
        try {
            return text == null ? null : IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.MALFORMED, "invalid-value", field + " is no IP address: " + text + ".")
                    .with("field", field);
        }
    }

    SocketViews.Socket view(Socket socket) {
        IpAddress local = socket.localAddress();
        IpAddress remote = socket.remoteAddress();
        TcpSocket tcp = socket instanceof TcpSocket each ? each : null;
        TcpListener listener = tcp == null ? null : tcp.listener();
        TcpSocket connected = tcp == null || tcp.connection() == null ? null : tcp;
        return new SocketViews.Socket(
                id(socket),
                socket.number(),
                tcp == null ? "UDP" : "TCP",
                socket.stateName(),
                local == null || (local.high() | local.low()) == 0 ? null : local.toString(),
                socket.localPort(),
                remote == null ? null : remote.toString(),
                remote == null ? null : socket.remotePort(),
                socket.readableBytes(),
                socket.unsentBytes(),
                listener == null ? null : listener.waiting(),
                listener == null ? null : listener.halfOpen(),
                listener == null ? null : listener.backlog(),
                connected == null ? null : connected.prequeuedBytes(),
                connected == null ? null : connected.backlogBytes(),
                socket.info(processors.loop().nowPs()),
                nowNs());
    }

    private Call<?> open(SocketCommand.Open c) {
        Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
        Ranges.require("port", c.port() == null ? 0 : c.port(), 0, LARGEST_PORT);
        Ranges.require("connectPort", c.connectPort() == null ? 1 : c.connectPort(), 1, LARGEST_PORT);
        Ranges.require("backlog", c.backlog() == null ? 0 : c.backlog(), 0, LARGEST_BACKLOG);
        if ((c.connectTo() == null) != (c.connectPort() == null)) {
            throw Refusal.meaningless("half-an-end", "connectTo and connectPort go together.");
        }
        if (layer.count() >= MOST_SOCKETS) {
            throw new Refusal(
                    Refusal.Kind.LIMIT, "too-many-sockets", "A machine has at most " + MOST_SOCKETS + " sockets.");
        }
        options(c.options());
        address("address", c.address());
        address("connectTo", c.connectTo());
        return new OpenTask(this, c, processor(c.cpu())).start();
    }

    private Call<?> receive(SocketCommand.Receive c) {
        Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
        Ranges.require("iov", c.iov().size(), 1, MOST_BUFFERS);
        long total = 0;
        for (int length : c.iov()) {
            Ranges.require("len", length, 0, MOST_BYTES);
            total += length;
        }
        Ranges.require("len", total, 0, MOST_BYTES);
        SocketFlags.of(c.flags());
        return new ReceiveTask(this, c, find(c.socket()), processor(c.cpu())).start();
    }

    private Call<?> send(SocketCommand.Send c) {
        Ranges.require("timeout", c.timeoutPs(), 0, Long.MAX_VALUE);
        Ranges.require("len", c.length(), 0, MOST_BYTES);
        Ranges.require("port", c.port() == null ? 1 : c.port(), 1, LARGEST_PORT);
        SocketFlags.of(c.flags());
        address("address", c.address());
        Socket socket = find(c.socket());
        if (socket instanceof TcpSocket && (c.address() != null || c.port() != null)) {
            throw Refusal.meaningless("address-for-tcp", "A TCP socket sends to where it is connected.");
        }
        if (c.file() && !(socket instanceof TcpSocket)) {
            throw Refusal.meaningless("not-a-tcp-socket", "sendfile() takes a TCP socket.");
        }
        return new SendTask(this, c, socket, processor(c.cpu())).start();
    }

    static void requireUnused(Socket socket) {
        if (socket.isInUse()) {
            throw Refusal.conflict("socket-busy", "A system call on " + id(socket) + " is under way.");
        }
    }

    private Processor processor(int cpu) {
        return Machine.processor(processors, cpu);
    }
}
