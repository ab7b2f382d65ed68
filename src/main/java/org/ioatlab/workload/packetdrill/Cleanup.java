package org.ioatlab.workload.packetdrill;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.workload.packetdrill.call.SocketCall;
import org.ioatlab.workload.packetdrill.packet.Conversation;
import org.ioatlab.workload.packetdrill.packet.PacketWriter;

/** Leaves the machine as it was: closes what the script left open, and resets its connections. */
final class Cleanup implements Step {
    /** How long closing may take. */
    private static final long CLOSE_NS = 100_000_000;

    /** How long resets may be under way. */
    private static final long RESET_NS = 1_000_000;

    private final RunState state;
    private final List<Integer> closing = new ArrayList<>();
    private boolean begun;
    private boolean reset;
    private long untilNs;

    Cleanup(RunState state) {
        this.state = state;
    }

    @Override
    public long proceed() {
        if (!begun) {
            begun = true;
            untilNs = state.nowNs() + CLOSE_NS;
            for (int fd : state.descriptors.open()) {
                closing.add(state.host.start(new SocketCall.Close(fd)));
            }
        }
        closing.removeIf(call -> state.host.outcome(call) != null);
        if (!reset && !closing.isEmpty() && state.nowNs() < untilNs) {
            return untilNs;
        }
        if (!reset) {
            reset = true;
            untilNs = state.nowNs() + RESET_NS;
            closing.forEach(state.host::abandon);
            resetAll();
        }
        return state.nowNs() < untilNs ? untilNs : drained();
    }

    private void resetAll() {
        for (Conversation conversation : state.conversations.all()) {
            if (conversation.hasSegments()) {
                state.host.inject(new PacketWriter(conversation, false).reset());
            }
        }
    }

    /** What the machine still sent is nobody's. */
    private long drained() {
        boolean more = true;
        while (more) {
            more = state.host.takePacket() != null;
        }
        return OVER;
    }
}
