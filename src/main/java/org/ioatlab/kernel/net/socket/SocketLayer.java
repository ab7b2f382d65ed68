package org.ioatlab.kernel.net.socket;

import java.util.List;
import java.util.TreeMap;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.SlabCache;
import org.ioatlab.kernel.net.PacketRuns;
import org.ioatlab.kernel.net.SocketBuffers;
import org.ioatlab.kernel.net.ip.IpLayer;
import org.ioatlab.kernel.net.ip.UdpLayer;
import org.ioatlab.kernel.net.offload.NetDma;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.net.tcp.TimeWait;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** All open files of a machine: its sockets, and what they share. Descriptors belong to the machine, not to one program. */
public final class SocketLayer {
    /** The first descriptor that is given out. */
    public static final int FIRST_NUMBER = 3;

    private static final int PACKETS = 256;
    private static final int FIRST_PORT = 32_768;
    private static final int LAST_PORT = 61_000;

    final KernelMemory memory;
    final TcpProtocol tcp;
    final UdpLayer udp;
    private final IpLayer ip;
    final SocketCosts costs;
    final UserCopy copy;
    final SlabCache structs;

    /** Where the segment lies that is being summed while it is copied. */
    final PacketRuns summed = new PacketRuns();

    /** The most that SO_RCVBUF and SO_SNDBUF take, bytes ({@code rmem_max}, {@code wmem_max}). */
    final int largestBuffer;

    /** The stack's use of the copy engine; null without copy offload. */
    final @Nullable NetDma netDma;

    final Platform platform;
    final OffloadCounters offload = new OffloadCounters();

    private final TreeMap<Integer, OpenFile> files = new TreeMap<>();
    private final OpenFile nothing;
    private long lastSerial;

    /** One for the machine. */
    public SocketLayer(
            SocketBuffers buffers,
            IpLayer ip,
            TimerService timers,
            Platform platform,
            Persona persona,
            boolean lowLatency,
            @Nullable NetDma netDma,
            long seed) {
        memory = buffers.memory();
        structs = memory.createCache("TCP", SocketStruct.BYTES);
        tcp = new TcpProtocol(buffers, ip, timers, platform, persona, seed);
        udp = ip.udp();
        this.ip = ip;
        costs = SocketCosts.of(platform);
        copy = new UserCopy(memory.bytes(), costs);
        tcp.layer().settings().lowLatency = lowLatency;
        tcp.layer().settings().dmaCopybreak =
                netDma == null ? 0 : netDma.rules().copybreakBytes();
        this.netDma = netDma;
        this.platform = platform;
        nothing = new Nothing(this);
        largestBuffer = PACKETS * (buffers.truesize(0) + PACKETS);
    }

    /** The machine's TCP. */
    public TcpProtocol tcp() {
        return tcp;
    }

    /** Everything open, by descriptor. */
    public List<OpenFile> files() {
        return List.copyOf(files.values());
    }

    /** What the copy engine did for readers, and what processors did. */
    public OffloadCounters offload() {
        return offload;
    }

    /** The memory that programs' buffers lie in. */
    public KernelMemory memory() {
        return memory;
    }

    /** How much is open. */
    public int count() {
        return files.size();
    }

    /** What a descriptor names, or null. */
    public @Nullable OpenFile find(int number) {
        return files.get(number);
    }

    /** {@code socket()} for TCP. */
    public TcpSocket openTcp(boolean ipv6, Processor on) {
        on.spend(Symbol.SYS_SOCKET, costs.create());
        if (netDma != null) {
            netDma.register(on);
        }
        TcpSocket socket = new TcpSocket(this, ipv6);
        socket.struct.allocate(on);
        socket.install();
        return socket;
    }

    /** {@code socket()} for UDP. */
    public UdpSocket openUdp(boolean ipv6, Processor on) {
        on.spend(Symbol.SYS_SOCKET, costs.create());
        UdpSocket socket = new UdpSocket(this, ipv6);
        socket.install();
        return socket;
    }

    /** What a call that names no file is made on. */
    OpenFile nothing() {
        return nothing;
    }

    /** Whether an address is one of the machine's. */
    boolean isOwn(IpAddress address) {
        return ip.interfaces().isOwn(!address.isIpv4(), address.high(), address.low());
    }

    /** Whether a TCP port can't be had: somebody listens there, or is bound to it and one of both didn't say SO_REUSEADDR. */
    boolean isPortTaken(TcpSocket asking, int port) {
        if (tcp.layer().isListening(port)) {
            return true;
        }
        for (OpenFile file : files.values()) {
            if (file instanceof TcpSocket other
                    && other != asking
                    && other.localPort() == port
                    && !(other.options.reuseAddress && asking.options.reuseAddress)) {
                return true;
            }
        }
        return !asking.options.reuseAddress && isRemembered(port);
    }

    private boolean isRemembered(int port) {
        for (TimeWait timeWait : tcp.layer().timeWaits()) {
            if (timeWait.localPort() == port) {
                return true;
            }
        }
        return false;
    }

    /** A port that nobody has; 0 if there is none. */
    int freePort(TcpSocket asking) {
        for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
            if (!isPortTaken(asking, port)) {
                return port;
            }
        }
        return 0;
    }

    /** Gives a new file the lowest descriptor that is free. */
    int register(OpenFile file) {
        int number = FIRST_NUMBER;
        for (int taken : files.keySet()) {
            if (taken != number) {
                break;
            }
            number++;
        }
        files.put(number, file);
        return number;
    }

    long nextSerial() {
        return ++lastSerial;
    }

    void forget(OpenFile file) {
        files.remove(file.number());
    }

    /** Feeds TCP and all files. */
    public void hashInto(StateHash hash) {
        tcp.hashInto(hash);
        if (netDma != null) {
            netDma.hashInto(hash);
        }
        hash.put(lastSerial);
        hash.put(files.size());
        for (OpenFile file : files.values()) {
            file.hashInto(hash);
        }
    }

    /** A file that never becomes ready. */
    private static final class Nothing extends OpenFile {
        Nothing(SocketLayer layer) {
            super(layer);
        }

        @Override
        public int pollEvents() {
            return 0;
        }

        @Override
        void close(Processor on) {}
    }
}
