package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.call.CallFault;
import org.ioatlab.workload.packetdrill.call.CallOutcome;
import org.ioatlab.workload.packetdrill.call.OutcomeCheck;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.ioatlab.workload.packetdrill.script.Action;
import org.jspecify.annotations.Nullable;

/** A system call that was begun. */
final class PendingCall {
    private final RunState state;
    private final int event;
    private final Action.SystemCall script;
    private final SocketCall call;
    private final Timing.@Nullable Place end;
    private final int number;
    private boolean over;

    /**
     * Begins a call.
     *
     * @param end when the script says that it returns, or null if at once
     */
    PendingCall(RunState state, int event, Action.SystemCall script, SocketCall call, Timing.@Nullable Place end) {
        this.state = state;
        this.event = event;
        this.script = script;
        this.call = call;
        this.end = end;
        state.effects.before(call);
        if (call instanceof SocketCall.Send send && !send.text().isEmpty()) {
            state.wroteText();
        }
        number = state.host.start(call);
    }

    boolean isOver() {
        return over;
    }

    /** Whether it sleeps: packets may flow meanwhile. */
    boolean isWaiting() {
        return state.host.isWaiting(number);
    }

    /** Looks whether it has returned, and if so whether as the script says. */
    void look() {
        CallOutcome outcome = over ? null : state.host.outcome(number);
        if (outcome != null) {
            over = true;
            returned(outcome);
        }
    }

    private void returned(CallOutcome outcome) {
        long atNs = state.sinceStart(outcome.atNs());
        String difference;
        try {
            difference = OutcomeCheck.difference(script, outcome);
            String effect = state.effects.after(script, call, outcome);
            difference = difference == null ? effect : difference;
        } catch (CallFault fault) {
            difference = fault.reason();
        }
        if (difference == null && end != null) {
            String time = state.timing.difference(end, atNs);
            difference = time == null ? null : "returned " + outcome + " " + time;
        }
        if (difference == null) {
            state.passed(event, EventText.of(script), outcome.toString(), atNs);
        } else {
            state.failed(event, "syscall", EventText.of(script), difference, atNs);
        }
    }

    /** Gives up waiting for it. */
    void abandon() {
        if (!over) {
            over = true;
            state.host.abandon(number);
            state.failed(event, "syscall", EventText.of(script), "hasn't returned", -1);
        }
    }
}
