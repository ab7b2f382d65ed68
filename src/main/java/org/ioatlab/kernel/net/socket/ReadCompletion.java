package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.socket.SystemCall.Step;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Task;
import org.ioatlab.time.StateHash;

/**
 * The end of a read that used the copy engine (OLS 2005 paper, section 4.3, steps 7 to 9): waits for the last cookie, copies by processor what the
 * engine failed to, lets the pages go and frees the packets. Linux frees packets while it waits, and lets the pages go last.
 */
final class ReadCompletion {
    private enum Stage {
        WAIT,
        REDO,
        UNPIN,
        FREE
    }

    private final ReadOffload offload;
    private Stage stage = Stage.WAIT;
    private boolean draining;

    ReadCompletion(ReadOffload offload) {
        this.offload = offload;
    }

    /**
     * Begins.
     *
     * @param onlyDrain whether the read goes on afterwards, so that its pages stay
     */
    void begin(boolean onlyDrain) {
        stage = Stage.WAIT;
        draining = onlyDrain;
    }

    /** Whether the read goes on afterwards. */
    boolean isDraining() {
        return draining;
    }

    /** One slice; {@link Step#DONE} at the end. */
    Step step(ReceiveCall call, Task task, Processor on) {
        return switch (stage) {
            case WAIT -> await(call, task, on);
            case REDO -> {
                stage = offload.redoOne(on) ? afterCopies() : Stage.REDO;
                yield Step.MORE;
            }
            case UNPIN -> unpin(on);
            case FREE -> free(call, on);
        };
    }

    private Stage afterCopies() {
        return offload.rules().unpinsFirst() && !draining ? Stage.UNPIN : Stage.FREE;
    }

    private Step await(ReceiveCall call, Task task, Processor on) {
        ReadOffload.Standing standing = offload.standing(on);
        if (standing == ReadOffload.Standing.BUSY && call.isOverdue(on) && offload.isSuspended()) {
            offload.giveUp();
            return Step.MORE;
        }
        if (standing == ReadOffload.Standing.BUSY) {
            return stayWaiting(call, task, on);
        }
        offload.stopWaiting(task);
        stage = standing == ReadOffload.Standing.DONE ? afterCopies() : Stage.REDO;
        return Step.MORE;
    }

    private Step stayWaiting(ReceiveCall call, Task task, Processor on) {
        if (!offload.rules().unpinsFirst() && offload.freeFinished(call.connection(), on)) {
            return Step.MORE;
        }
        offload.await(task, on);
        if (offload.sleeps()) {
            return call.sleep(task);
        }
        call.sleep(task);
        return Step.SPIN;
    }

    private Step unpin(Processor on) {
        if (!offload.unpinSome(on)) {
            return Step.MORE;
        }
        if (offload.rules().unpinsFirst()) {
            stage = Stage.FREE;
            return Step.MORE;
        }
        return Step.DONE;
    }

    private Step free(ReceiveCall call, Processor on) {
        if (offload.freeSome(call.connection(), on)) {
            return Step.MORE;
        }
        if (offload.rules().unpinsFirst() || draining) {
            return Step.DONE;
        }
        stage = Stage.UNPIN;
        return Step.MORE;
    }

    void hashInto(StateHash hash) {
        hash.put(stage.ordinal());
        hash.put(draining);
    }
}
