package org.ioatlab.workload.packetdrill;

import org.ioatlab.workload.packetdrill.packet.PacketWriter;
import org.ioatlab.workload.packetdrill.packet.Untranslatable;
import org.ioatlab.workload.packetdrill.script.PacketSpec;

/** A packet is injected at its time; the event is over when the machine has worked on it, as with the interface that packetdrill uses. */
final class InboundStep implements Step {
    /** How often the machine is asked. */
    private static final long LOOK_NS = 5_000;

    /** How long a packet may be under way: longer than any interrupt is held back. */
    private static final long LIMIT_NS = 3_000_000;

    private final RunState state;
    private final int event;
    private final PacketSpec packet;
    private boolean injected;
    private long limitNs;

    InboundStep(RunState state, int event, PacketSpec packet) {
        this.state = state;
        this.event = event;
        this.packet = packet;
    }

    @Override
    public long proceed() {
        if (!injected) {
            injected = true;
            limitNs = state.nowNs() + LIMIT_NS;
            inject();
        }
        boolean over = state.hasFailed() || state.host.isDelivered() || state.nowNs() >= limitNs;
        return over ? OVER : state.nowNs() + LOOK_NS;
    }

    private void inject() {
        String text = packet.toString();
        try {
            PacketWriter writer = new PacketWriter(state.conversations.of(packet), state.options.timestampEchoScaled());
            for (byte[] piece : writer.write(packet, state.host.mtu(), state.options.mss())) {
                state.host.inject(piece);
            }
            state.passed(event, text, "injected", state.nowNs());
        } catch (Untranslatable refusal) {
            state.failed(event, "packet", text, refusal.reason(), state.nowNs());
        }
    }
}
