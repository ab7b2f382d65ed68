package org.ioatlab.workload.program;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.kernel.net.offload.OffloadCounters;
import org.ioatlab.kernel.net.socket.SocketLayer;
import org.ioatlab.kernel.net.socket.TcpSocket;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.IpAddress;
import org.ioatlab.workload.StreamPattern;
import org.jspecify.annotations.Nullable;

/** A program on a machine with all its tasks, and what it has done. */
public final class ProgramProcess {
    /** The most ended connections that are remembered. */
    public static final int MOST_REMEMBERED = 1000;

    private final String name;
    private final ProgramSpec spec;
    private final SocketLayer sockets;
    private final ExpectedStreams expected;
    private final long forkCycles;
    private final List<ConnectionTask> open = new ArrayList<>();
    private final List<ConnectionFigures> ended = new ArrayList<>();
    private @Nullable ProgramTask main;
    private @Nullable AcceptingTask accepting;
    private @Nullable Task waiting;
    private boolean mainEnded;
    private boolean killed;
    private long accepted;
    private long receivedBytes;
    private final OffloadCounters copies = new OffloadCounters();
    private long pagesIn;
    private long sentBytes;
    private long endedCycles;

    /** A program that doesn't run yet. */
    public ProgramProcess(
            String name, ProgramSpec spec, SocketLayer sockets, ExpectedStreams expected, Platform platform) {
        this.name = name;
        this.spec = spec;
        this.sockets = sockets;
        this.expected = expected;
        forkCycles = platform.get(Parameter.FORK_CYCLES);
    }

    /**
     * Starts it.
     *
     * @param on where its main task runs first, and who pays for making it
     * @return 0, or the negative error number for which it couldn't listen
     */
    public int start(Processor on) {
        on.spend(Symbol.DO_FORK, forkCycles);
        if (spec.type() == ProgramType.COMPUTE) {
            return begin(new ComputingTask(this, on), on);
        }
        TcpSocket listening = sockets.openTcp(true, on);
        int error = listening.bind(IpAddress.ipv6(0, 0), spec.port(), on);
        if (error == 0) {
            error = listening.listen(spec.backlog(), on);
        }
        if (error != 0) {
            listening.abandon(on);
            return error;
        }
        accepting = new AcceptingTask(this, listening, on);
        return begin(accepting, on);
    }

    private int begin(ProgramTask task, Processor on) {
        main = task;
        task.wake(on);
        return 0;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What it was asked to do. */
    public ProgramSpec spec() {
        return spec;
    }

    /** Ends all its tasks as soon as each can; {@code informed} is woken when the last has ended. */
    public void kill(Task informed, Processor on) {
        killed = true;
        waiting = informed;
        if (main != null && !mainEnded) {
            main.kill(on);
        }
        for (int i = 0; i < open.size(); i++) {
            open.get(i).kill(on);
        }
    }

    /** Whether all its tasks have ended. */
    public boolean isOver() {
        return mainEnded && open.isEmpty();
    }

    /** Whether somebody has ended it. */
    public boolean isKilled() {
        return killed;
    }

    /** The task that accepts or computes; null before the start. */
    public @Nullable Task mainTask() {
        return main;
    }

    /** Connections being served. */
    public int openConnections() {
        return open.size();
    }

    /** Connections accepted. */
    public long accepted() {
        return accepted;
    }

    /** Bytes of all reads. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Who copied what to it, and why. */
    public OffloadCounters copies() {
        return copies;
    }

    /** Pages of its buffers that had to be brought in. */
    public long pagesIn() {
        return pagesIn;
    }

    /** Bytes of all writes. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Cycles that its tasks have spent. */
    public long cycles() {
        long cycles = endedCycles;
        if (main != null && !mainEnded) {
            cycles += main.cycles();
        }
        for (ConnectionTask task : open) {
            cycles += task.cycles();
        }
        return cycles;
    }

    /** Its connections: the latest {@link #MOST_REMEMBERED} of those that ended, then those that are open. */
    public List<ConnectionFigures> connections() {
        List<ConnectionFigures> all = new ArrayList<>(ended);
        for (ConnectionTask task : open) {
            all.add(task.figures());
        }
        return all;
    }

    SocketLayer sockets() {
        return sockets;
    }

    boolean isFull() {
        return open.size() >= spec.mostConnections();
    }

    void fork(TcpSocket socket, Processor on) {
        on.spend(Symbol.DO_FORK, forkCycles);
        accepted++;
        IpAddress remote = socket.remoteAddress();
        StreamPattern pattern = remote == null ? null : expected.of(remote, socket.remotePort(), socket.localPort());
        ConnectionTask task = new ConnectionTask(this, socket, pattern, on);
        open.add(task);
        if (killed) {
            task.kill(on);
        }
        task.wake(on);
    }

    void ended(ConnectionTask task) {
        open.remove(task);
        endedCycles += task.cycles();
        if (ended.size() == MOST_REMEMBERED) {
            ended.removeFirst();
        }
        ended.add(task.figures());
        if (accepting != null) {
            accepting.roomAgain(task.processor());
        }
        informWhenOver();
    }

    void ended(ProgramTask mainTask) {
        mainEnded = true;
        endedCycles += mainTask.cycles();
        informWhenOver();
    }

    private void informWhenOver() {
        if (isOver() && waiting != null) {
            waiting.wake();
        }
    }

    void received(int bytes, OffloadCounters read, int pages) {
        receivedBytes += bytes;
        pagesIn += pages;
        copies.add(read);
    }

    void sent(long bytes) {
        sentBytes += bytes;
    }

    /** Feeds its tasks and figures. */
    public void hashInto(StateHash hash) {
        hash.put(name);
        hash.put(killed);
        hash.put(mainEnded);
        hash.put(accepted);
        hash.put(receivedBytes);
        hash.put(sentBytes);
        if (main != null) {
            main.feed(hash);
        }
        for (ConnectionTask task : open) {
            task.feed(hash);
        }
    }
}
