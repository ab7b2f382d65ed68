package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.call.CallFault;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.EventTime;
import org.jspecify.annotations.Nullable;

/** A system call is made; a call that the script gives time goes on while later events happen. */
final class CallStep implements Step {
    /** How long a call may take that the script gives no time. */
    private static final long LIMIT_NS = 60_000_000_000L;

    /** How often a call is looked at until it sleeps. */
    private static final long LOOK_NS = 5_000;

    private final RunState state;
    private final int event;
    private final Action.SystemCall script;
    private final Timing.@Nullable Place end;
    private final long limitNs;
    private @Nullable PendingCall pending;

    CallStep(RunState state, int event, Action.SystemCall script, Timing.Place place, long offsetNs) {
        this.state = state;
        this.event = event;
        this.script = script;
        this.end = script.isBlocking() ? end(script, place, offsetNs) : null;
        this.limitNs = state.nowNs() + LIMIT_NS;
    }

    /** The end counts from where the begin does, and may be off by a share of the time between the two. */
    private static Timing.Place end(Action.SystemCall script, Timing.Place place, long offsetNs) {
        boolean relative = place.kind() == EventTime.Kind.RELATIVE;
        long endNs = script.endMicros() * 1000 + (relative ? offsetNs : 0);
        return new Timing.Place(place.kind(), endNs, endNs, place.fromNs());
    }

    /** The call, once it was begun. */
    @Nullable
    PendingCall pending() {
        return pending;
    }

    @Override
    public long proceed() {
        if (pending == null && !begin()) {
            return OVER;
        }
        PendingCall call = pending;
        if (call == null) {
            return OVER;
        }
        call.look();
        if (call.isOver() || (end != null && call.isWaiting())) {
            return OVER;
        }
        if (state.nowNs() >= limitNs) {
            call.abandon();
            return OVER;
        }
        return end == null ? limitNs : state.nowNs() + LOOK_NS;
    }

    private boolean begin() {
        try {
            SocketCall call = state.planner.plan(script);
            pending = new PendingCall(state, event, script, call, end);
            return true;
        } catch (CallFault fault) {
            state.failed(event, "syscall", EventText.of(script), fault.reason(), state.nowNs());
            return false;
        }
    }
}
