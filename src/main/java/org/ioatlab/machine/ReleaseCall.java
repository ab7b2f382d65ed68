package org.ioatlab.machine;

import java.util.List;
import org.ioatlab.kernel.net.HeldPacket;
import org.ioatlab.kernel.net.PacketTap;
import org.ioatlab.kernel.sched.Processor;

/** Frees packets that the tap holds, one a slice. */
final class ReleaseCall extends KernelCall<NicViews.Tap> {
    private final NicPort port;
    private final long through;

    ReleaseCall(NicFace face, NicCommand.ReleasePackets command, Processor processor) {
        super("kfree_skb", processor);
        port = face.find(command.nic());
        Long last = command.throughSequence();
        through = last == null ? Long.MAX_VALUE : last;
    }

    @Override
    protected Next resume() {
        PacketTap tap = port.tap();
        List<HeldPacket> oldest = tap.view(0, 1);
        if (oldest.isEmpty() || oldest.getFirst().sequence() > through) {
            return answer(port.tapView());
        }
        tap.release(oldest.getFirst().sequence(), processor());
        return Next.CONTINUE;
    }

    @Override
    protected NicViews.Tap finish(NicViews.Tap result) {
        return port.tapView();
    }
}
