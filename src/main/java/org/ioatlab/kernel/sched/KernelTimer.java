package org.ioatlab.kernel.sched;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A timer of the kernel ({@code struct timer_list}). Its owner keeps it as a field and arms it again and again through a {@link
 * TimerService}, which allocates nothing. From arming until it expires it is pending.
 */
public abstract class KernelTimer {
    private final Alarm alarm;

    @Nullable
    EventLoop loop;

    /** Where it goes when its instant has come; null while that instant is ahead or nothing is armed. */
    @Nullable
    DueTimers due;

    @Nullable
    KernelTimer previousDue;

    @Nullable
    KernelTimer nextDue;

    private @Nullable Service service;
    private @Nullable Work on;
    private long expiresPs;

    /** Whoever armed it. */
    interface Service {
        /** The instant of {@code timer}, which was armed by {@code on}, has come. */
        void due(KernelTimer timer, Work on);
    }

    /** Its instant on the clock. */
    private final class Alarm extends Event {
        Alarm(boolean background) {
            super(background);
        }

        @Override
        protected void fire() {
            if (service != null && on != null) {
                service.due(KernelTimer.this, on);
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("timer");
            KernelTimer.this.hashInto(hash);
        }
    }

    /** A timer that keeps a machine from being idle while it is pending. */
    protected KernelTimer() {
        this(false);
    }

    /** @param background whether a machine with only such timers pending counts as idle (keep-alive) */
    protected KernelTimer(boolean background) {
        alarm = new Alarm(background);
    }

    /** Whether it is armed and hasn't expired yet. */
    public final boolean isPending() {
        return alarm.isPending() || due != null;
    }

    /** The instant asked for when it was last armed, picoseconds. */
    public final long expiresPs() {
        return expiresPs;
    }

    /** Does what the timer is for, in softirq context if {@code on} is a processor. It is no longer pending and may be armed again. */
    protected abstract void expire(Work on);

    /** Feeds what tells this timer from others. */
    protected abstract void hashInto(StateHash hash);

    /** Whether it is armed and comes up at that instant. */
    final boolean isScheduledAt(long atPs) {
        return loop != null && alarm.isPending() && loop.instantOf(alarm) == atPs;
    }

    /** Changes the instant that was asked for and leaves it where it is. */
    final void askFor(long askedPs) {
        expiresPs = askedPs;
    }

    final void schedule(EventLoop clock, long firesPs, long askedPs, Service by, Work work) {
        cancel();
        loop = clock;
        service = by;
        on = work;
        expiresPs = askedPs;
        clock.schedule(alarm, firesPs);
    }

    final void cancel() {
        if (due != null) {
            due.remove(this);
        } else if (loop != null) {
            loop.cancel(alarm);
        }
    }
}
