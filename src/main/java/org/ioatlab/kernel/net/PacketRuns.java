package org.ioatlab.kernel.net;

import org.ioatlab.hardware.memory.MemoryUse;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;

/** Where a packet's bytes lie, kept for a while longer than the packet. Used again without allocating. */
public final class PacketRuns {
    private static final int MOST = 2 * SocketBuffer.LARGEST_FRAGMENTS + 2;

    private final long[] addresses = new long[MOST];
    private final int[] lengths = new int[MOST];
    private int count;

    /** Remembers where all of the packet's bytes lie. */
    public void of(SocketBuffer packet) {
        count = 0;
        for (int done = 0; done < packet.length() && count < MOST; done += lengths[count++]) {
            addresses[count] = packet.addressAt(done);
            lengths[count] = Math.min(packet.length() - done, packet.runAt(done));
        }
    }

    /** Charges a sequential read of them. */
    public void scan(Symbol symbol, Work on) {
        for (int i = 0; i < count; i++) {
            on.scan(symbol, MemoryUse.PAYLOAD, addresses[i], lengths[i]);
        }
    }
}
