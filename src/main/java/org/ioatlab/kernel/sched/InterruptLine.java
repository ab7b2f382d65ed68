package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.pci.PciFunction;
import org.ioatlab.time.Event;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * One interrupt vector: the way of a device's message to the processor it is steered to, and the action that the kernel registered for
 * it. A message that arrives while the one before waits is merged with it, as in the processor's request register.
 */
public final class InterruptLine implements PciFunction.InterruptHandler {
    /** What the kernel does in hard-interrupt context. */
    public interface Action {
        /** Runs on {@code on}, charging its cycles. */
        void handle(Processor on);
    }

    private final int irq;
    private final String name;
    private final Action action;
    private final long deliveryPs;
    private final Arrival arrival = new Arrival();
    private final long[] counts;
    private Processor target;
    private boolean chosen;

    boolean pending;

    @Nullable
    InterruptLine nextPending;

    private final class Arrival extends Event {
        @Override
        protected void fire() {
            deliver();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("irq");
            hash.put(irq);
        }
    }

    InterruptLine(int irq, String name, Processor target, int cpus, long deliveryPs, Action action) {
        this.irq = irq;
        this.name = name;
        this.target = target;
        this.deliveryPs = deliveryPs;
        this.action = action;
        counts = new long[cpus];
    }

    /** The vector's number, as {@code /proc/interrupts} lists it. */
    public int irq() {
        return irq;
    }

    /** Who it belongs to. */
    public String name() {
        return name;
    }

    /** How often it was taken on a processor. */
    public long count(int cpu) {
        return counts[cpu];
    }

    /** The processor that messages go to. */
    public Processor affinity() {
        return target;
    }

    /** Steers later messages to {@code processor}, and keeps drivers from steering them elsewhere ({@code /proc/irq/N/smp_affinity}). */
    public void setAffinity(Processor processor) {
        target = processor;
        chosen = true;
    }

    /** Steers later messages to {@code processor}, which is best for the driver, unless somebody {@linkplain #setAffinity chose} one. */
    public void suggestAffinity(Processor processor) {
        if (!chosen) {
            target = processor;
        }
    }

    @Override
    public void interrupt(int message) {
        if (!arrival.isPending() && !pending) {
            target.loop().scheduleAfter(arrival, deliveryPs);
        }
    }

    /** Hands the interrupt to its processor at once. */
    void deliver() {
        target.interrupt(this);
    }

    void handle(Processor on) {
        pending = false;
        counts[on.cpu().id()]++;
        action.handle(on);
    }

    void hashInto(StateHash hash) {
        hash.put(irq);
        hash.put(pending);
        hash.put(target.cpu().id());
        hash.put(chosen);
    }
}
