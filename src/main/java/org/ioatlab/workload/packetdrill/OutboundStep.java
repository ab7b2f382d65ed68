package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.packet.Expectation;
import org.ioatlab.workload.packetdrill.script.PacketSpec;

/** A packet is expected; what comes is held against it. */
final class OutboundStep implements Step {
    /** How long a packet without a time is waited for. */
    private static final long ANY_TIME_NS = 300_000_000_000L;

    /** How long a late packet is waited for, only to tell what came instead. */
    private static final long GRACE_NS = 5_000_000_000L;

    private final RunState state;
    private final int event;
    private final PacketSpec packet;
    private final Timing.Place place;
    private final Expectation expectation;

    OutboundStep(RunState state, int event, PacketSpec packet, Timing.Place place) {
        this.state = state;
        this.event = event;
        this.packet = packet;
        this.place = place;
        expectation = new Expectation(
                packet,
                state.conversations.of(packet),
                !state.options.ignored().contains("strict_segments"),
                state.options.timestampTickMicros(),
                state.options.toleranceMicros());
    }

    @Override
    public long proceed() {
        state.offerPackets(expectation);
        if (expectation.isComplete()) {
            compare();
            return OVER;
        }
        if (state.nowNs() < limitNs()) {
            return limitNs();
        }
        if (expectation.hasBegun()) {
            compare();
        } else {
            state.failed(event, "packet", packet.toString(), "nothing came", -1);
        }
        return OVER;
    }

    private long limitNs() {
        return place.isAny()
                ? place.fromNs() + ANY_TIME_NS
                : place.untilNs() + state.timing.toleranceNs(place) + GRACE_NS;
    }

    private void compare() {
        long atNs = state.sinceStart(expectation.atNs());
        List<String> differences = new ArrayList<>();
        String fields = expectation.difference();
        if (fields != null) {
            differences.add("differs in " + fields);
        } else if (!expectation.payloadIsZero() && !state.writesText()) {
            differences.add("carries bytes that nobody wrote");
        }
        String time = state.timing.difference(place, atNs);
        if (time != null) {
            differences.add("came " + time);
        }
        String actual = expectation.actual().toString();
        if (differences.isEmpty()) {
            state.passed(event, packet.toString(), actual, atNs);
        } else {
            state.failed(
                    event, "packet", packet.toString(), actual + " (" + String.join("; ", differences) + ")", atNs);
        }
    }
}
