package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;

/** What taking an interrupt and beginning deferred work cost, by the functions of Linux 2.6.12. */
final class InterruptCosts {
    /** From the gate to the line's action. */
    final CostList enter;

    /** From the action's return to what was interrupted. */
    final CostList leave;

    /** Up to the first softirq. */
    final CostList softirq;

    InterruptCosts(Platform platform) {
        enter = platform.functions()
                .add(Symbol.COMMON_INTERRUPT, Parameter.COMMON_INTERRUPT_CYCLES)
                .add(Symbol.DO_IRQ, Parameter.INTERRUPT_ENTRY_CYCLES)
                .add(Symbol.DO_IRQ_DESCRIPTOR, Parameter.IRQ_DESCRIPTOR_CYCLES)
                .add(Symbol.SPIN_LOCK, Parameter.SPIN_LOCK_CYCLES, 2)
                .add(Symbol.HANDLE_IRQ_EVENT, Parameter.HANDLE_IRQ_EVENT_CYCLES)
                .list();
        leave = platform.functions()
                .add(Symbol.END_MSI_IRQ, Parameter.END_INTERRUPT_CYCLES)
                .add(Symbol.IRQ_EXIT, Parameter.IRQ_EXIT_CYCLES)
                .add(Symbol.RESTORE_ALL, Parameter.RESTORE_ALL_CYCLES)
                .list();
        softirq = platform.functions()
                .add(Symbol.CALL_SOFTIRQ, Parameter.CALL_SOFTIRQ_CYCLES)
                .add(Symbol.DO_SOFTIRQ, Parameter.SOFTIRQ_ENTRY_CYCLES)
                .list();
    }
}
