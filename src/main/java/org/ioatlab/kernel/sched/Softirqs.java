package org.ioatlab.kernel.sched;

import org.ioatlab.observe.CostList;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * The deferred work that waits on one processor. A kind that is raised again while it runs begins another round; after {@link
 * #MAX_RESTART} rounds without a pause the rest is handed to {@code ksoftirqd}, so that tasks get their share, until an interrupt
 * looks again (Linux 2.6.12 {@code __do_softirq}).
 */
final class Softirqs {
    /** {@code MAX_SOFTIRQ_RESTART}. */
    static final int MAX_RESTART = 10;

    private final Softirq.@Nullable Action[] actions;
    private final CostList entryCosts;
    private final long[] counts = new long[Softirq.values().length];
    private int pending;
    private int underWay;
    private int ended;
    private int rounds;
    private boolean entered;
    private boolean handedOver;

    Softirqs(Softirq.@Nullable Action[] actions, CostList entryCosts) {
        this.actions = actions;
        this.entryCosts = entryCosts;
    }

    void raise(Softirq softirq) {
        pending |= 1 << softirq.ordinal();
    }

    boolean isPending() {
        return pending != 0;
    }

    /** Whether something waits that isn't left to {@code ksoftirqd}. */
    boolean isRunnable() {
        return pending != 0 && !handedOver;
    }

    long count(Softirq softirq) {
        return counts[softirq.ordinal()];
    }

    /** Whether the rest has just been handed over, so that nothing runs now. */
    boolean handOver() {
        int bit = Integer.lowestOneBit(pending);
        if (!entered || (underWay & bit) != 0 || (ended & bit) == 0 || ++rounds < MAX_RESTART) {
            return false;
        }
        leave();
        handedOver = true;
        return true;
    }

    /** An interrupt was taken: what waits gets another chance before tasks do. */
    void afterInterrupt() {
        handedOver = false;
    }

    /** {@code ksoftirqd} begins rounds of its own. */
    void enterDaemon() {
        rounds = 0;
        ended = 0;
    }

    /** Runs one item of the most urgent kind. */
    void runItem(Processor on) {
        int number = Integer.numberOfTrailingZeros(pending);
        int bit = 1 << number;
        if (!entered) {
            entered = true;
            on.spend(entryCosts);
        }
        if ((underWay & bit) == 0) {
            underWay |= bit;
            ended = (ended & bit) == 0 ? ended : 0;
            counts[number]++;
        }
        pending &= ~bit;
        Softirq.Action action = actions[number];
        if (action != null && action.runItem(on)) {
            pending |= bit;
        } else {
            underWay &= ~bit;
            ended |= bit;
        }
        if (pending == 0) {
            leave();
            handedOver = false;
        }
    }

    void hashInto(StateHash hash) {
        hash.put(pending);
        hash.put(underWay);
        hash.put(ended);
        hash.put(rounds);
        hash.put(entered);
        hash.put(handedOver);
    }

    private void leave() {
        entered = false;
        rounds = 0;
        ended = 0;
    }
}
