package org.ioatlab.machine;

import org.ioatlab.hardware.memory.PhysicalMemory;
import org.ioatlab.kernel.mm.KernelMemory;
import org.ioatlab.kernel.mm.UserBuffer;
import org.ioatlab.kernel.mm.ZoneKind;
import org.ioatlab.kernel.net.socket.Errors;
import org.ioatlab.kernel.net.socket.SystemCall;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A system call from outside, as a process: takes what memory the call needs a page a slice, makes the call, gives the memory back and answers.
 *
 * @param <R> what it answers
 */
abstract class SocketTask<R> extends KernelCall<R> {
    private enum Stage {
        BEGIN,
        ALLOCATE,
        PAGE_OUT,
        CALL,
        FREE
    }

    final SocketFace face;
    private final long deadlinePs;
    private Stage stage = Stage.BEGIN;
    private @Nullable UserBuffer buffer;
    private int pagedOut;
    private @Nullable SystemCall call;
    private @Nullable R result;
    private @Nullable Refusal refusal;

    SocketTask(SocketFace face, String function, Processor processor, long timeoutPs) {
        super(function, processor);
        this.face = face;
        long now = processor.loop().nowPs();
        deadlinePs = now + Math.min(timeoutPs, EventLoop.HORIZON_PS);
    }

    /** Bytes of user memory that the call needs. */
    int bufferBytes() {
        return 0;
    }

    /** Whether that memory is paged out before the call. */
    boolean isPagedOut() {
        return false;
    }

    /**
     * The memory is there: begins the call.
     *
     * @throws Refusal if it can't be made any more
     */
    abstract SystemCall begin(@Nullable UserBuffer memory);

    /** The call has failed. */
    void failed(SystemCall returned) {}

    /** What the call came to. */
    abstract R result(SystemCall returned, @Nullable UserBuffer memory);

    @Override
    protected final Next resume() {
        try {
            return slice();
        } catch (Refusal changedMeanwhile) {
            refusal = changedMeanwhile;
            stage = Stage.FREE;
            return Next.CONTINUE;
        }
    }

    private Next slice() {
        return switch (stage) {
            case BEGIN -> allocate();
            case ALLOCATE -> back();
            case PAGE_OUT -> pageOut();
            case CALL -> call();
            case FREE -> free();
        };
    }

    private Next allocate() {
        int bytes = bufferBytes();
        if (bytes == 0) {
            return beginCall();
        }
        buffer = new UserBuffer(bytes);
        stage = Stage.ALLOCATE;
        return back();
    }

    private Next back() {
        UserBuffer memory = buffer;
        if (memory == null || memory.isBacked()) {
            stage = Stage.PAGE_OUT;
            return pageOut();
        }
        if (!memory.back(kernel().pages(), processor())) {
            throw face.outOfMemory(ZoneKind.HIGH);
        }
        return Next.CONTINUE;
    }

    /** A page a slice. */
    private Next pageOut() {
        UserBuffer memory = buffer;
        if (memory == null || !isPagedOut() || pagedOut >= memory.length()) {
            return beginCall();
        }
        memory.pageOut(pagedOut, kernel(), processor());
        pagedOut += PhysicalMemory.PAGE_SIZE;
        return Next.CONTINUE;
    }

    private Next beginCall() {
        SystemCall begun = begin(buffer);
        begun.setDeadline(deadlinePs);
        call = begun;
        stage = Stage.CALL;
        return call();
    }

    private Next call() {
        SystemCall current = call;
        if (current == null) {
            throw new IllegalStateException(name() + " has no call");
        }
        return switch (current.resume(this)) {
            case MORE -> Next.CONTINUE;
            case SLEEP -> Next.SLEEP;
            case SPIN -> Next.SPIN;
            case DONE -> done(current);
        };
    }

    private Next done(SystemCall returned) {
        if (returned.result() < 0 && !returned.timedOut()) {
            failed(returned);
            refusal = refusal(returned.result());
        } else {
            result = result(returned, buffer);
        }
        stage = Stage.FREE;
        return free();
    }

    private Next free() {
        UserBuffer memory = buffer;
        if (memory != null && memory.release(kernel().pages(), processor())) {
            return Next.CONTINUE;
        }
        if (refusal != null) {
            return refuse(refusal);
        }
        if (result == null) {
            throw new IllegalStateException(name() + " came to nothing");
        }
        return answer(result);
    }

    final KernelMemory kernel() {
        return face.layer.memory();
    }

    @Override
    protected Symbol spinSymbol() {
        return call == null ? super.spinSymbol() : call.spinSymbol();
    }

    private Refusal refusal(long returned) {
        Errors error = Errors.of(returned);
        String text = error == null ? "errno " + -returned : error.name();
        return Refusal.conflict("socket-error", name() + " failed: " + text + ".")
                .with("errno", returned)
                .with("error", text);
    }

    @Override
    protected void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(stage.ordinal());
        hash.put(deadlinePs);
        hash.put(pagedOut);
        if (buffer != null) {
            buffer.hashInto(hash);
        }
        if (call != null) {
            call.hashInto(hash);
        }
    }
}
