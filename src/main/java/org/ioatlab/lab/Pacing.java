package org.ioatlab.lab;

import org.ioatlab.time.EventLoop;

/**
 * Which instant of a RUNNING machine's clock the wall clock stands for: a straight line through an anchor. A new setting takes a new anchor
 * where the machine stands, so that its clock never jumps.
 */
final class Pacing {
    private static final long PS_PER_NANOSECOND = 1_000;

    private ClockSetting setting;
    private long anchorNanos;
    private long anchorPs;

    Pacing(ClockSetting setting, long nowNanos, long nowPs) {
        this.setting = setting;
        anchorNanos = nowNanos;
        anchorPs = nowPs;
    }

    ClockSetting setting() {
        return setting;
    }

    void anchor(ClockSetting newSetting, long nowNanos, long nowPs) {
        setting = newSetting;
        anchorNanos = nowNanos;
        anchorPs = nowPs;
    }

    /** The last instant that the machine may reach by {@code nowNanos}, at most {@link EventLoop#HORIZON_PS}. */
    long instantAt(long nowNanos) {
        long elapsed = Math.max(0, nowNanos - anchorNanos);
        long rate = setting.rateMillionths();
        long left = EventLoop.HORIZON_PS - anchorPs;
        long whole = elapsed / PS_PER_NANOSECOND;
        if (whole > left / rate) {
            return EventLoop.HORIZON_PS;
        }
        return anchorPs + Math.min(left, whole * rate + elapsed % PS_PER_NANOSECOND * rate / PS_PER_NANOSECOND);
    }

    /** The first moment at which the machine may reach {@code ps}, which must not lie before the anchor. */
    long nanosAt(long ps) {
        long distance = ps - anchorPs;
        long rate = setting.rateMillionths();
        long rest = distance % rate * PS_PER_NANOSECOND;
        return anchorNanos + distance / rate * PS_PER_NANOSECOND + (rest + rate - 1) / rate;
    }
}
