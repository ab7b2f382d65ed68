package org.ioatlab.workload.traffic;

import org.ioatlab.time.StateHash;

/** A stream of bytes to a machine, of a given length or until it is stopped, as fast as the window lets or as it is allowed. */
final class StreamFlow extends TcpFlow {
    private long total;
    private long allowed;

    /**
     * @param total bytes to be sent; {@link Long#MAX_VALUE} until it is stopped
     * @param paced whether it has to be allowed to send
     */
    StreamFlow(FlowOwner owner, FlowPlan plan, long seed, long total, boolean paced) {
        super(owner, plan, seed);
        this.total = total;
        allowed = paced ? 0 : total;
    }

    /** Whether it may be allowed more, now or later. */
    boolean wantsMore() {
        return allowed < total && !isOver();
    }

    /** Allows so many more bytes, unless those allowed before still wait to be written. */
    void allow(long bytes) {
        if (allowed > written() + plan.window()) {
            return;
        }
        allowed = total - allowed < bytes ? total : allowed + bytes;
        proceed();
    }

    /** Nothing more is written. */
    void stop() {
        total = written();
        allowed = total;
        proceed();
    }

    @Override
    long limit() {
        return allowed;
    }

    @Override
    boolean isComplete() {
        return allowed == total;
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(total);
        hash.put(allowed);
    }
}
