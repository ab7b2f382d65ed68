package org.ioatlab.kernel.net;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.kernel.sched.CallAsyncData;
import org.ioatlab.kernel.sched.CrossCall;
import org.ioatlab.kernel.sched.Processor;

/**
 * Has each queue polled on its own processor: at once where the interrupt was taken, by a cross-CPU call elsewhere, and without either while
 * it is polled already (OLS 2005 paper, section 3). A single queue needs no call: its processor is the one that takes the interrupt.
 */
final class QueueCalls implements CallAsyncData.Function {
    private final NetRxAction rxAction;
    private final CrossCall crossCall;
    private final List<CallAsyncData> calls = new ArrayList<>();
    private List<ReceiveRing> rings = List.of();
    private long mask;

    QueueCalls(NetRxAction rxAction, CrossCall crossCall) {
        this.rxAction = rxAction;
        this.crossCall = crossCall;
    }

    void use(List<ReceiveRing> all) {
        rings = all;
    }

    /** Has {@code ring}, which nobody polls, polled from now on; other processors learn of it by {@link #send}. */
    void schedule(ReceiveRing ring, Processor on) {
        ring.setScheduled(true);
        if (ring.processor() == on || rings.size() == 1) {
            rxAction.schedule(ring, on);
        } else {
            ring.setCalled(true);
            mask |= 1L << ring.processor().cpu().id();
        }
    }

    /** Calls the processors of the rings scheduled since the last call. */
    void send(Processor on) {
        if (mask != 0) {
            crossCall.smpCallAsyncMask(unusedCall(), mask, on);
            mask = 0;
        }
    }

    @Override
    public void call(Object info, Processor on) {
        for (int i = 0; i < rings.size(); i++) {
            ReceiveRing ring = rings.get(i);
            if (ring.isCalled() && ring.processor() == on) {
                ring.setCalled(false);
                rxAction.schedule(ring, on);
            }
        }
    }

    private CallAsyncData unusedCall() {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).count() == 0) {
                return calls.get(i);
            }
        }
        calls.add(new CallAsyncData(this, this));
        return calls.getLast();
    }
}
