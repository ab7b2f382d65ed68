package org.ioatlab.workload.traffic;

import org.ioatlab.time.StateHash;

/** Requests to a machine, each sent when the answer to the one before has come. */
final class ExchangeFlow extends TcpFlow {
    private final int requestBytes;
    private final int responseBytes;
    private long left;
    private long asked;
    private long answered;

    /** @param exchanges how many; {@link Long#MAX_VALUE} until it is stopped */
    ExchangeFlow(FlowOwner owner, FlowPlan plan, long seed, int requestBytes, int responseBytes, long exchanges) {
        super(owner, plan, seed);
        this.requestBytes = requestBytes;
        this.responseBytes = responseBytes;
        left = exchanges - 1;
        asked = 1;
    }

    /** Answers that have come. */
    long exchanges() {
        return answered;
    }

    /** The present request is the last one. */
    void stop() {
        left = 0;
        proceed();
    }

    @Override
    long limit() {
        return asked * requestBytes;
    }

    @Override
    boolean isComplete() {
        return left == 0 && answered == asked;
    }

    @Override
    void answered(long receivedBytes) {
        answered = receivedBytes / responseBytes;
        if (answered == asked && left > 0) {
            left--;
            asked++;
        }
        askToProceed();
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(left);
        hash.put(asked);
        hash.put(answered);
    }
}
