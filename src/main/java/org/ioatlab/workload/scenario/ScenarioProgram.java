package org.ioatlab.workload.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.socket.AcceptCall;
import org.ioatlab.kernel.net.socket.CloseCall;
import org.ioatlab.kernel.net.socket.ReceiveCall;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.SocketOption;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.net.tcp.Persona;
import org.ioatlab.kernel.sched.CpuMask;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.CallingTask;
import org.ioatlab.workload.traffic.FlowFigures;
import org.ioatlab.workload.traffic.Traffic;
import org.ioatlab.workload.traffic.TrafficSpec;
import org.ioatlab.workload.traffic.TrafficType;
import org.ioatlab.workload.traffic.Traffics;
import org.ioatlab.workload.traffic.Verification;
import org.ioatlab.workload.wire.Impairments;
import org.jspecify.annotations.Nullable;

/**
 * A program that comes upon a known bug of copy offload, with the remote host that sends to it: listens, takes the host's connection, reads in
 * its own way, and gives everything back. What it reads and what else it does are its kind's.
 */
public abstract class ScenarioProgram extends CallingTask {
    private static final long CONNECT_PS = 10 * Picoseconds.PER_SECOND;
    private static final long SEED = 7;
    private static final int BACKLOG = 1;

    /** Whom to tell. */
    public interface Listener {
        /** The program has ended; all that it held is given back, but for what the kernel lost. */
        void over();
    }

    private enum Stage {
        OPENING,
        ACCEPTING,
        ALLOCATING,
        PREPARING,
        READING,
        LEAVING,
        CLOSING,
        CLOSING_LISTENER,
        FREEING
    }

    final ScenarioPlace place;
    final SocketLayer sockets;
    final ReceiveCall receive;
    private final Listener listener;
    private final long timeoutPs;
    private final AcceptCall accept;
    private final CloseCall close;
    private final OffloadCounters copies = new OffloadCounters();
    private final List<UserBuffer> buffers = new ArrayList<>();
    private final List<Integer> pages = new ArrayList<>();
    private Stage stage = Stage.OPENING;
    private int backed;
    private long deadlinePs;
    private long receivedBytes;
    private int error;
    private @Nullable String obstacle;
    private @Nullable TcpSocket listening;
    private @Nullable TcpSocket connected;
    private @Nullable Traffic sender;

    /**
     * A program that doesn't run yet.
     *
     * @param timeoutPs how long all its reads may take
     * @param on the only processor that it runs on
     */
    ScenarioProgram(String name, ScenarioPlace place, long timeoutPs, Processor on, Listener listener) {
        super(name, on);
        this.place = place;
        this.timeoutPs = timeoutPs;
        this.listener = listener;
        sockets = place.sockets();
        receive = new ReceiveCall(sockets);
        accept = new AcceptCall(sockets);
        close = new CloseCall(sockets);
        setAffinity(CpuMask.of(on.cpu().id()));
    }

    /** What SO_RCVBUF is set to; 0 for the kernel's usual. */
    int receiveBuffer() {
        return 0;
    }

    /** How much the host sends. */
    abstract int bytesToSend();

    /** How much it sends at a time, once for each time that this takes at 1 Mb/s; 0 for all as fast as it can. */
    int bytesAtATime() {
        return 0;
    }

    /** The memory is there and the host connected: ends in {@link #read}, at once or after a sleep. */
    abstract Next prepare();

    /** Fills {@link #receive} with where the next read's bytes go; answers its flags. */
    abstract int aim();

    /** A read has returned: another {@link #read} or {@link #leave}. */
    abstract Next readReturned(long result);

    /** Whether all that was begun besides the reading has ended; this task is woken when that changes. */
    boolean hasEnded() {
        return true;
    }

    /** The program's pages are about to be given back. */
    void beforeFreeing() {}

    /** Starts it. */
    public final void start() {
        wake();
    }

    /** Why it couldn't be tried; null if it could. */
    public final @Nullable String obstacle() {
        return obstacle;
    }

    /** Bytes that its reads returned. */
    public final long receivedBytes() {
        return receivedBytes;
    }

    /** The last read's error number, or 0. */
    public final int error() {
        return error;
    }

    /** Who copied what. */
    public final OffloadCounters copies() {
        return copies;
    }

    /** Needs memory of {@code length} bytes, of which the first {@code backedPages} pages exist. */
    final UserBuffer buffer(int length, int backedPages) {
        UserBuffer buffer = new UserBuffer(length);
        buffers.add(buffer);
        pages.add(backedPages);
        return buffer;
    }

    final KernelMemory memory() {
        return sockets.memory();
    }

    final TcpSocket connected() {
        return Objects.requireNonNull(connected);
    }

    /** What the sender sends. */
    final Traffic sender() {
        return Objects.requireNonNull(sender);
    }

    /** The flow that it sends. */
    final FlowFigures flow() {
        return sender().flow(0);
    }

    /** When the reading ends, however far it has come; known once it has begun. */
    final long deadlinePs() {
        return deadlinePs;
    }

    @Override
    protected final Next run() {
        return switch (stage) {
            case OPENING -> open();
            case ALLOCATING -> allocate();
            case PREPARING -> prepare();
            case LEAVING -> leave();
            case FREEING -> free();
            default -> throw new IllegalStateException(name() + " is in a call");
        };
    }

    private Next open() {
        TcpSocket socket = sockets.openTcp(true, processor());
        listening = socket;
        if (receiveBuffer() > 0) {
            socket.setOption(SocketOption.SO_RCVBUF, receiveBuffer(), processor());
        }
        int failed = socket.bind(IpAddress.ipv6(0, 0), 0, processor());
        if (failed != 0 || socket.listen(BACKLOG, processor()) != 0) {
            return give("no port is free");
        }
        Traffic traffic = Traffics.create(spec(socket.localPort()), processor().loop(), place.hosts());
        sender = traffic;
        traffic.start();
        stage = Stage.ACCEPTING;
        accept.begin(socket, processor()).setDeadline(processor().nowPs() + CONNECT_PS);
        return begin(accept);
    }

    private TrafficSpec spec(int port) {
        int atATime = bytesAtATime();
        return new TrafficSpec(
                TrafficType.TCP_STREAM,
                1,
                bytesToSend(),
                TrafficSpec.UNLIMITED,
                1,
                atATime == 0 ? 0 : 1,
                port,
                false,
                1 << 20,
                atATime == 0 ? bytesToSend() : atATime,
                1,
                1,
                1,
                new Impairments(0, 0, 0, 0, 0, 0),
                SEED,
                Persona.LINUX_2_6_12,
                Verification.NONE);
    }

    @Override
    protected final Next returned(SystemCall done) {
        return switch (stage) {
            case ACCEPTING -> accepted();
            case READING -> returned(done.result());
            case CLOSING -> closeListener();
            default -> {
                beforeFreeing();
                stage = Stage.FREEING;
                yield Next.CONTINUE;
            }
        };
    }

    private Next accepted() {
        connected = accept.accepted();
        if (connected == null) {
            return give("the remote host didn't connect");
        }
        stage = Stage.ALLOCATING;
        return Next.CONTINUE;
    }

    /** A page a slice. */
    private Next allocate() {
        int before = 0;
        for (int i = 0; i < buffers.size(); i++) {
            if (backed < before + pages.get(i)) {
                backed++;
                boolean got = buffers.get(i).back(memory().pages(), processor());
                return got ? Next.CONTINUE : give("memory is exhausted");
            }
            before += pages.get(i);
        }
        stage = Stage.PREPARING;
        deadlinePs = processor().nowPs() + timeoutPs;
        return Next.CONTINUE;
    }

    /** Begins a read. */
    final Next read() {
        stage = Stage.READING;
        receive.into().clear();
        int flags = aim();
        receive.begin(connected(), flags, processor()).setDeadline(deadlinePs);
        return begin(receive);
    }

    private Next returned(long result) {
        copies.add(receive.copies());
        error = (int) -Math.min(result, 0);
        receivedBytes += Math.max(result, 0);
        return readReturned(result);
    }

    private Next give(String why) {
        obstacle = why;
        return leave();
    }

    /** Reads no more: ends when all else has ended. */
    final Next leave() {
        stage = Stage.LEAVING;
        if (!hasEnded()) {
            return Next.SLEEP;
        }
        stage = Stage.CLOSING;
        return connected == null ? closeListener() : begin(close.begin(connected()));
    }

    private Next closeListener() {
        stage = Stage.CLOSING_LISTENER;
        return begin(close.begin(Objects.requireNonNull(listening)));
    }

    private Next free() {
        for (UserBuffer buffer : buffers) {
            if (buffer.release(memory().pages(), processor())) {
                return Next.CONTINUE;
            }
        }
        return Next.EXIT;
    }

    @Override
    protected final void exited() {
        if (sender != null) {
            sender.abort();
        }
        listener.over();
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(stage.ordinal());
        hash.put((long) backed << Integer.SIZE | error);
        hash.put(receivedBytes);
        hash.put(deadlinePs);
        for (UserBuffer buffer : buffers) {
            buffer.hashInto(hash);
        }
        if (sender != null) {
            sender.hashInto(hash);
        }
    }
}
