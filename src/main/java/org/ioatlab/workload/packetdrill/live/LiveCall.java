package org.ioatlab.workload.packetdrill.live;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.jspecify.annotations.Nullable;

/** One system call of a script, as a thread of its process: gets its buffers, makes the call, gives them back. */
final class LiveCall extends Task {
    /** How often a close looks whether the file is free that another call is under way on. */
    private static final long BUSY_PS = Picoseconds.PER_MICROSECOND;

    private enum Stage {
        BACK,
        BEGIN,
        RUN,
        FREE
    }

    private final LiveHost host;
    private final SocketCall asked;
    private final UserBuffer buffer;
    final List<Long> values = new ArrayList<>();
    private Stage stage = Stage.BACK;
    private @Nullable SystemCall call;
    private long result;
    private boolean zeros = true;
    private boolean given;
    private @Nullable CallOutcome outcome;

    LiveCall(LiveHost host, SocketCall asked, Processor on) {
        super("packetdrill", on);
        this.host = host;
        this.asked = asked;
        buffer = new UserBuffer(bufferBytes(asked));
    }

    private static int bufferBytes(SocketCall call) {
        return switch (call) {
            case SocketCall.Receive receive -> {
                int bytes = 0;
                for (int length : receive.lengths()) {
                    bytes += length;
                }
                yield bytes;
            }
            case SocketCall.Send send -> send.length();
            default -> 0;
        };
    }

    SocketCall asked() {
        return asked;
    }

    UserBuffer buffer() {
        return buffer;
    }

    /** What it returned, once it has. */
    @Nullable
    CallOutcome outcome() {
        return outcome;
    }

    boolean isWaiting() {
        return outcome == null && state() == State.SLEEPING;
    }

    /** Nobody will ask for it: it ends as soon as it can. */
    void giveUp() {
        given = true;
        if (call != null) {
            call.setDeadline(processor().loop().nowPs());
        }
        wake();
    }

    @Override
    protected Next resume() {
        return switch (stage) {
            case BACK -> back();
            case BEGIN -> begin();
            case RUN -> run();
            case FREE -> free();
        };
    }

    private Next back() {
        if (!buffer.isBacked()) {
            boolean there = buffer.back(host.memory().pages(), processor());
            if (there) {
                return Next.CONTINUE;
            }
            result = Errors.ENOMEM.returned();
            stage = Stage.FREE;
            return Next.CONTINUE;
        }
        stage = Stage.BEGIN;
        return begin();
    }

    @Override
    protected Symbol spinSymbol() {
        return call == null ? super.spinSymbol() : call.spinSymbol();
    }

    private Next begin() {
        if (asked instanceof SocketCall.Close close && host.isInUse(close.fd()) && !given) {
            wakeAt(processor().nowPs() + BUSY_PS);
            return Next.SLEEP;
        }
        long ready = host.calls().begin(this, processor());
        if (call == null) {
            result = ready;
            stage = Stage.FREE;
            return Next.CONTINUE;
        }
        stage = Stage.RUN;
        return run();
    }

    /** The call that is to be run slice by slice. */
    void runs(SystemCall begun) {
        call = begun;
        if (given) {
            begun.setDeadline(processor().nowPs());
        }
    }

    private Next run() {
        SystemCall current = call;
        if (current == null) {
            throw new IllegalStateException("no call under way");
        }
        return switch (current.resume(this)) {
            case MORE -> Next.CONTINUE;
            case SLEEP -> Next.SLEEP;
            case SPIN -> Next.SPIN;
            case DONE -> done(current);
        };
    }

    private Next done(SystemCall returned) {
        result = returned.result();
        if (asked instanceof SocketCall.Receive && result > 0) {
            look((int) Math.min(result, buffer.length()));
        }
        host.calls().returned(this, returned);
        stage = Stage.FREE;
        return Next.CONTINUE;
    }

    private void look(int bytes) {
        byte[] read = new byte[bytes];
        buffer.read(host.memory().bytes(), 0, read, 0, bytes);
        for (byte each : read) {
            zeros &= each == 0;
        }
    }

    private Next free() {
        return buffer.release(host.memory().pages(), processor()) ? Next.CONTINUE : Next.EXIT;
    }

    @Override
    protected void exited() {
        long atNs = Picoseconds.toNanoseconds(processor().loop().nowPs());
        Errors error = result < 0 ? Errors.of(result) : null;
        String name = result >= 0 ? null : error == null ? "errno " + -result : error.name();
        outcome = new CallOutcome(
                result < 0 ? -1 : result, name, atNs, values, host.calls().text(asked), zeros);
        host.soon();
    }

    /** The process is there before and after the call. */
    @Override
    protected boolean endsThread() {
        return false;
    }

    @Override
    protected String command() {
        return thread();
    }

    @Override
    protected String thread() {
        return "packetdrill";
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(stage.ordinal());
        hash.put(result);
        buffer.hashInto(hash);
        if (call != null) {
            call.hashInto(hash);
        }
    }
}
