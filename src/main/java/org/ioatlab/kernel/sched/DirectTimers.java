package org.ioatlab.kernel.sched;

import org.ioatlab.time.EventLoop;

/** Timers of a host without a kernel: each expires at exactly its instant, at no cost. */
public final class DirectTimers implements TimerService, KernelTimer.Service {
    private final EventLoop loop;

    /** Timers on that clock. */
    public DirectTimers(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void arm(KernelTimer timer, long atPs, Work on) {
        timer.schedule(loop, Math.max(atPs, loop.nowPs()), atPs, this, on);
    }

    @Override
    public void cancel(KernelTimer timer) {
        timer.cancel();
    }

    @Override
    public void due(KernelTimer timer, Work on) {
        timer.expire(on);
    }
}
