package org.ioatlab.kernel.sched;

import org.ioatlab.hardware.platform.Parameter;
import org.ioatlab.hardware.platform.Platform;
import org.ioatlab.observe.CostList;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * The kernel's timers ({@code mod_timer}, {@code run_timer_softirq}): each expires in the timer softirq of the processor that armed it, which
 * the first tick at or after its instant raises. Ticks come at whole multiples of {@link #jiffyPs()}, on all processors at once.
 */
public final class Timers implements TimerService, KernelTimer.Service, Softirq.Action {
    private final EventLoop loop;
    private final DueTimers[] due;
    private final long jiffyPs;
    private final CostList sameCosts;
    private final CostList armCosts;
    private final long expiryCycles;

    /** One for the machine; becomes its timer softirq. */
    Timers(Processors processors, Platform platform) {
        loop = processors.loop();
        jiffyPs = Picoseconds.PER_SECOND / platform.get(Parameter.TIMER_FREQUENCY_HZ);
        sameCosts = platform.functions()
                .add(Symbol.MOD_TIMER, Parameter.ARM_TIMER_CYCLES)
                .list();
        armCosts = platform.functions()
                .add(Symbol.MOD_TIMER, Parameter.ARM_TIMER_CYCLES)
                .add(Symbol.DO_MOD_TIMER, Parameter.MODIFY_TIMER_CYCLES)
                .add(Symbol.SPIN_LOCK_IRQSAVE, Parameter.SPIN_LOCK_IRQSAVE_CYCLES)
                .add(Symbol.SPIN_LOCK, Parameter.SPIN_LOCK_CYCLES)
                .add(Symbol.INTERNAL_ADD_TIMER, Parameter.INTERNAL_ADD_TIMER_CYCLES)
                .add(Symbol.SPIN_UNLOCK_IRQRESTORE, Parameter.SPIN_UNLOCK_IRQRESTORE_CYCLES)
                .list();
        expiryCycles = platform.get(Parameter.TIMER_EXPIRY_CYCLES);
        due = new DueTimers[processors.count()];
        for (int cpu = 0; cpu < due.length; cpu++) {
            due[cpu] = new DueTimers();
        }
        processors.onSoftirq(Softirq.TIMER, this);
    }

    /** The time from tick to tick. */
    public long jiffyPs() {
        return jiffyPs;
    }

    /**
     * Arms a timer, which costs little if it is armed for the same tick already ({@code mod_timer}); the tick that raises it comes after the
     * present instant even if {@code atPs} doesn't.
     *
     * @throws IllegalArgumentException unless {@code on} is a processor
     */
    @Override
    public void arm(KernelTimer timer, long atPs, Work on) {
        if (!(on instanceof Processor)) {
            throw new IllegalArgumentException("the kernel's timers are armed by its processors");
        }
        long tickPs = tickFor(atPs, Math.max(on.nowPs(), loop.nowPs()));
        if (timer.isScheduledAt(tickPs)) {
            on.spend(sameCosts);
            timer.askFor(atPs);
        } else {
            on.spend(armCosts);
            timer.schedule(loop, tickPs, atPs, this, on);
        }
    }

    @Override
    public void cancel(KernelTimer timer) {
        timer.cancel();
    }

    @Override
    public void due(KernelTimer timer, Work on) {
        Processor processor = (Processor) on;
        due[processor.cpu().id()].append(timer);
        processor.raise(Softirq.TIMER);
    }

    @Override
    public boolean runItem(Processor on) {
        DueTimers here = due[on.cpu().id()];
        KernelTimer timer = here.takeFirst();
        if (timer != null) {
            on.spend(Symbol.RUN_TIMER_SOFTIRQ, expiryCycles);
            timer.expire(on);
        }
        return !here.isEmpty();
    }

    /** Feeds the timers whose tick has come. */
    void hashInto(StateHash hash) {
        for (DueTimers timers : due) {
            timers.hashInto(hash);
        }
    }

    /** The first tick at or after {@code atPs} and after {@code nowPs}. */
    private long tickFor(long atPs, long nowPs) {
        long earliest = Math.max(atPs, nowPs + 1);
        return earliest > EventLoop.HORIZON_PS ? earliest : (earliest + jiffyPs - 1) / jiffyPs * jiffyPs;
    }
}
