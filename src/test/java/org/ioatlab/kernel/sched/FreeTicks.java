package org.ioatlab.kernel.sched;

import java.util.Map;

/** Costs for tests that aren't about ticks and idling: both are free. */
public final class FreeTicks {
    /** To be given to a platform or a spec. */
    public static final Map<String, Long> COSTS = Map.of(
            "timerInterruptCycles", 0L,
            "updateProcessTimesCycles", 0L,
            "schedulerTickCycles", 0L,
            "rebalanceTickCycles", 0L,
            "loadBalanceCycles", 0L,
            "findBusiestGroupCycles", 0L,
            "runTimerSoftirqCycles", 0L,
            "defaultIdleCycles", 0L);

    private FreeTicks() {}
}
