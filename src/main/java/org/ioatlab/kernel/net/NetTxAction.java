package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Processors;
import org.ioatlab.kernel.sched.Softirq;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** The transmit softirq ({@code net_tx_action}): goes on with queues that were woken or had more than one packet to send, a packet an item. */
public final class NetTxAction implements Softirq.Action {
    private final @Nullable TransmitQueue[] first;

    /** Becomes the machine's transmit softirq. */
    public NetTxAction(Processors processors) {
        first = new @Nullable TransmitQueue[processors.count()];
        processors.onSoftirq(Softirq.NET_TX, this);
    }

    /** Lets {@code on} go on with {@code queue}, which isn't scheduled anywhere yet ({@code netif_schedule}). */
    void schedule(TransmitQueue queue, Processor on) {
        int cpu = on.cpu().id();
        queue.nextScheduled = null;
        TransmitQueue before = first[cpu];
        if (before == null) {
            first[cpu] = queue;
        } else {
            while (before.nextScheduled != null) {
                before = before.nextScheduled;
            }
            before.nextScheduled = queue;
        }
        on.raise(Softirq.NET_TX);
    }

    @Override
    public boolean runItem(Processor on) {
        int cpu = on.cpu().id();
        TransmitQueue queue = first[cpu];
        if (queue != null) {
            first[cpu] = queue.nextScheduled;
            queue.resume(on);
        }
        return first[cpu] != null;
    }

    /** Feeds which queues are scheduled where. */
    public void hashInto(StateHash hash) {
        for (TransmitQueue head : first) {
            for (TransmitQueue queue = head; queue != null; queue = queue.nextScheduled) {
                hash.put(queue.name());
            }
            hash.put(-1);
        }
    }
}
