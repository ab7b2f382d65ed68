package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/** What waking a task and going from one thread to another cost, by the functions of Linux 2.6.12. */
final class SwitchCosts {
    /** Waking one that sleeps on a wait queue. */
    final CostList wakeUp;

    /** The call of {@code schedule} by which a task goes to sleep or ends. */
    final CostList leave;

    /** The one that finds another thread to run while the present one, which may be the idle one, could go on. */
    final CostList choose;

    /** From one thread to another. */
    final CostList switchTo;

    SwitchCosts(Platform platform) {
        wakeUp = platform.functions()
                .add(Symbol.WAKE_UP, Parameter.WAKE_UP_QUEUE_CYCLES)
                .add(Symbol.SPIN_LOCK_IRQSAVE, Parameter.SPIN_LOCK_IRQSAVE_CYCLES, 2)
                .add(Symbol.WAKE_UP_COMMON, Parameter.WAKE_UP_COMMON_CYCLES)
                .add(Symbol.AUTOREMOVE_WAKE_FUNCTION, Parameter.AUTOREMOVE_WAKE_CYCLES)
                .add(Symbol.DEFAULT_WAKE_FUNCTION, Parameter.DEFAULT_WAKE_CYCLES)
                .add(Symbol.TRY_TO_WAKE_UP, Parameter.WAKE_UP_CYCLES)
                .add(Symbol.ACTIVATE_TASK, Parameter.ACTIVATE_TASK_CYCLES)
                .add(Symbol.SCHED_CLOCK, Parameter.SCHED_CLOCK_CYCLES)
                .add(Symbol.RECALC_TASK_PRIO, Parameter.RECALC_TASK_PRIO_CYCLES)
                .add(Symbol.EFFECTIVE_PRIO, Parameter.EFFECTIVE_PRIO_CYCLES)
                .add(Symbol.ENQUEUE_TASK, Parameter.ENQUEUE_TASK_CYCLES)
                .add(Symbol.RESCHED_TASK, Parameter.RESCHED_TASK_CYCLES)
                .add(Symbol.SPIN_UNLOCK_IRQRESTORE, Parameter.SPIN_UNLOCK_IRQRESTORE_CYCLES, 2)
                .list();
        leave = platform.functions()
                .add(Symbol.SCHEDULE, Parameter.SCHEDULE_CYCLES)
                .add(Symbol.SCHED_CLOCK, Parameter.SCHED_CLOCK_CYCLES)
                .add(Symbol.SPIN_LOCK_IRQ, Parameter.SPIN_LOCK_IRQ_CYCLES)
                .add(Symbol.DEACTIVATE_TASK, Parameter.DEACTIVATE_TASK_CYCLES)
                .add(Symbol.DEQUEUE_TASK, Parameter.DEQUEUE_TASK_CYCLES)
                .list();
        choose = platform.functions()
                .add(Symbol.SCHEDULE, Parameter.SCHEDULE_CYCLES)
                .add(Symbol.SCHED_CLOCK, Parameter.SCHED_CLOCK_CYCLES)
                .add(Symbol.SPIN_LOCK_IRQ, Parameter.SPIN_LOCK_IRQ_CYCLES)
                .add(Symbol.RECALC_TASK_PRIO, Parameter.RECALC_TASK_PRIO_CYCLES)
                .list();
        switchTo = platform.functions()
                .add(Symbol.SWITCH_TO, Parameter.CONTEXT_SWITCH_CYCLES)
                .add(Symbol.FINISH_TASK_SWITCH, Parameter.FINISH_TASK_SWITCH_CYCLES)
                .list();
    }
}
