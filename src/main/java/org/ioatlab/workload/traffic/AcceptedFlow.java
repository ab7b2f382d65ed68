package org.ioatlab.workload.traffic;

import org.ioatlab.kernel.net.tcp.TcpConnection;
import org.ioatlab.time.StateHash;

/** A connection that the machine has opened: what it sends is read at once or as it is allowed, and the host ends when the machine has ended. */
final class AcceptedFlow extends TcpFlow {
    private final Listening listening;
    private final long total;
    private long mayRead;
    private long firstReadPs = Traffic.NEVER;
    private long lastReadPs = Traffic.NEVER;

    /** @param total bytes that the host sends; it reads all that comes */
    AcceptedFlow(Listening listening, FlowPlan plan, long seed, long total) {
        super(listening, plan, seed);
        this.listening = listening;
        this.total = total;
        mayRead = listening.isPaced() ? 0 : Long.MAX_VALUE;
    }

    /** Whether bytes wait to be read. */
    boolean hasWaiting() {
        TcpConnection open = connection();
        return open != null && open.firstReadable() != null;
    }

    /** Reads up to so many bytes. */
    void read(int bytes) {
        mayRead = receivedBytes() + bytes;
        drain();
        proceed();
    }

    @Override
    long appetite() {
        return mayRead - receivedBytes();
    }

    @Override
    void heldBack() {
        listening.waits();
    }

    @Override
    long limit() {
        return total;
    }

    @Override
    boolean isComplete() {
        TcpConnection open = connection();
        return open != null && open.isReceiveShut() && open.readable() == 0;
    }

    @Override
    void answered(long receivedBytes) {
        lastReadPs = listening.nowPs();
        if (firstReadPs == Traffic.NEVER) {
            firstReadPs = lastReadPs;
        }
    }

    @Override
    long goodputBytes() {
        return receivedBytes();
    }

    @Override
    long goodputFromPs() {
        return firstReadPs;
    }

    @Override
    long goodputToPs() {
        return lastReadPs;
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(mayRead);
    }
}
