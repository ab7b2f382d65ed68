package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.call.CallNames;
import org.ioatlab.workload.packetdrill.script.Action;
import org.ioatlab.workload.packetdrill.script.Event;
import org.ioatlab.workload.packetdrill.script.EventTime;
import org.ioatlab.workload.packetdrill.script.PacketSpec.Direction;
import org.ioatlab.workload.packetdrill.script.Script;
import org.ioatlab.workload.packetdrill.script.ScriptSyntaxException;
import org.ioatlab.workload.packetdrill.script.SyntaxError;
import org.jspecify.annotations.Nullable;

/**
 * A script while it runs on a machine. It doesn't move the machine: whoever does calls {@link #proceed} whenever the machine has sent a
 * packet, a call has returned or gone to sleep, or the instant has come that the last {@code proceed} named.
 *
 * <p>Relative times count from the present when the event before is over, as packetdrill's do; those between injected packets count from
 * the packet before.
 */
public final class ScriptRun {
    /** What {@link #proceed} answers when the script is over. */
    public static final long OVER = -1;

    /** Scripts begin that far behind a ten-millisecond mark: away from the edges of the kernel's ticks. */
    private static final long TICK_NS = 10_000_000;

    private static final long BEHIND_TICK_NS = 250_000;

    /** How long a call waits for one before it that hasn't returned. */
    private static final long IDLE_WAIT_NS = 1_000_000_000;

    private final RunState state;
    private final Cleanup cleanup;
    private final List<PendingCall> pending = new ArrayList<>();
    private int event = -1;
    private boolean entered;
    private boolean waited;
    private long waitUntilNs;
    private Timing.Place place = new Timing.Place(EventTime.Kind.ABSOLUTE, 0, 0, -1);
    private long offsetNs;
    private @Nullable Step step;
    private @Nullable ScriptReport report;

    /**
     * A run that begins soon after the machine's present.
     *
     * @throws ScriptSyntaxException when the script makes calls or uses symbols that nobody knows
     */
    public ScriptRun(Script script, ScriptHost host) throws ScriptSyntaxException {
        List<SyntaxError> unknown = CallNames.unknownIn(script);
        if (!unknown.isEmpty()) {
            throw new ScriptSyntaxException(unknown);
        }
        long mark = (host.nowNs() + TICK_NS - 1) / TICK_NS * TICK_NS;
        state = new RunState(script, host, mark + BEHIND_TICK_NS);
        cleanup = new Cleanup(state);
        host.setMtu(script.options().mtu());
        if (script.initCommand() != null) {
            var _ = ShellCommands.apply(script.initCommand().text(), host);
        }
    }

    /**
     * Does all that can be done at the machine's present.
     *
     * @return the machine's instant, in nanoseconds, at which to call again at the latest; {@link #OVER} when the script is over
     */
    public long proceed() {
        long wake = Step.OVER;
        while (report == null && wake == Step.OVER) {
            wake = advance();
        }
        return report != null ? OVER : Math.max(wake, state.nowNs() + 1) + state.startNs();
    }

    /** What became of the script. */
    public ScriptReport report() {
        if (report == null) {
            throw new IllegalStateException("the script runs");
        }
        return report;
    }

    private long advance() {
        pending.forEach(PendingCall::look);
        pending.removeIf(PendingCall::isOver);
        if (state.nowNs() < 0) {
            return 0;
        }
        if (state.hasFailed() || event >= state.script.events().size()) {
            return end();
        }
        if (step != null) {
            return proceedStep(step);
        }
        return event < 0 || entered ? begin() : enter();
    }

    private long proceedStep(Step current) {
        long wake = current.proceed();
        if (wake == Step.OVER) {
            if (current instanceof CallStep call && call.pending() != null) {
                pending.add(call.pending());
            }
            next();
        }
        return wake;
    }

    private void next() {
        step = null;
        event++;
        entered = false;
    }

    /** The event's turn has come: its time is fixed now. */
    private long enter() {
        Event current = current();
        boolean anchored = event > 0
                && isInbound(current)
                && isInbound(state.script.events().get(event - 1));
        offsetNs = anchored ? place.fromNs() : state.nowNs();
        place = state.timing.place(current.time(), offsetNs, event == 0 ? -1 : place.fromNs());
        entered = true;
        waited = false;
        waitUntilNs = state.nowNs() + IDLE_WAIT_NS;
        return Step.OVER;
    }

    private Event current() {
        return state.script.events().get(event);
    }

    private static boolean isInbound(Event event) {
        return event.action() instanceof Action.Packet packet && packet.packet().direction() == Direction.INBOUND;
    }

    private long begin() {
        if (event < 0) {
            next();
            return Step.OVER;
        }
        Action action = current().action();
        if (action instanceof Action.Packet packet && packet.packet().direction() == Direction.OUTBOUND) {
            step = new OutboundStep(state, event, packet.packet(), place);
            return Step.OVER;
        }
        if (action instanceof Action.SystemCall call && !pending.isEmpty() && !waited) {
            return awaitIdle(call);
        }
        if (state.nowNs() < place.fromNs()) {
            return place.fromNs();
        }
        String late = event == 0 ? null : state.timing.difference(place, state.nowNs());
        if (late != null) {
            state.failed(event, "", EventText.of(action), "its turn came " + late, state.nowNs());
            return Step.OVER;
        }
        step = step(action);
        return Step.OVER;
    }

    private long awaitIdle(Action.SystemCall call) {
        if (state.nowNs() < waitUntilNs) {
            return waitUntilNs;
        }
        waited = true;
        if (call.isBlocking()) {
            state.failed(event, "", EventText.of(call), "the call before it hasn't returned", state.nowNs());
        }
        return Step.OVER;
    }

    private Step step(Action action) {
        return switch (action) {
            case Action.Packet packet -> new InboundStep(state, event, packet.packet());
            case Action.SystemCall call -> new CallStep(state, event, call, place, offsetNs);
            case Action.ShellCommand command -> new CommandStep(state, event, command);
            case Action.CodeBlock code -> new CodeStep(state, event, code);
        };
    }

    private long end() {
        if (!state.hasFailed() && !pending.isEmpty()) {
            if (!waited) {
                waited = true;
                waitUntilNs = state.nowNs() + IDLE_WAIT_NS;
            }
            if (state.nowNs() < waitUntilNs) {
                return waitUntilNs;
            }
        }
        pending.forEach(PendingCall::abandon);
        long wake = cleanup.proceed();
        if (wake == Step.OVER) {
            report = state.report();
        }
        return wake;
    }
}
