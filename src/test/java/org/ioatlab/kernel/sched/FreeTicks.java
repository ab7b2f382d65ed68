package org.ioatlab.kernel.sched;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Costs for tests that aren't about ticks and idling: both are free, and so are locks and what surrounds interrupts, switches, wake-ups and
 * timers but for the one function of each that the tests set; estimates are taken as the file has them.
 */
public final class FreeTicks {
    /** To be given to a platform or a spec. */
    public static final Map<String, Long> COSTS = free(
            "timerInterruptCycles",
            "updateProcessTimesCycles",
            "schedulerTickCycles",
            "rebalanceTickCycles",
            "loadBalanceCycles",
            "findBusiestGroupCycles",
            "runTimerSoftirqCycles",
            "defaultIdleCycles",
            "commonInterruptCycles",
            "irqDescriptorCycles",
            "handleIrqEventCycles",
            "endInterruptCycles",
            "irqExitCycles",
            "restoreAllCycles",
            "callSoftirqCycles",
            "scheduleCycles",
            "schedClockCycles",
            "deactivateTaskCycles",
            "dequeueTaskCycles",
            "finishTaskSwitchCycles",
            "wakeUpQueueCycles",
            "wakeUpCommonCycles",
            "autoremoveWakeCycles",
            "defaultWakeCycles",
            "activateTaskCycles",
            "recalcTaskPrioCycles",
            "effectivePrioCycles",
            "enqueueTaskCycles",
            "reschedTaskCycles",
            "spinLockCycles",
            "spinLockIrqCycles",
            "spinLockIrqsaveCycles",
            "spinUnlockIrqrestoreCycles",
            "modifyTimerCycles",
            "internalAddTimerCycles");

    private FreeTicks() {}

    private static Map<String, Long> free(String... parameters) {
        Map<String, Long> costs = new LinkedHashMap<>();
        Arrays.stream(parameters).forEach(name -> costs.put(name, 0L));
        costs.put("estimatedCostPercent", 100L);
        return costs;
    }
}
