package org.ioatlab.lab;

import java.util.concurrent.atomic.AtomicLong;

/** A wall clock that stands still until a test moves it, or takes a step at every reading. */
final class HandClock implements WallClock {
    private static final long START_MILLIS = 1_000_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private volatile long stepNanos;

    void move(long moreNanos) {
        nanos.addAndGet(moreNanos);
    }

    void stepAtEveryReading(long newStepNanos) {
        stepNanos = newStepNanos;
    }

    /** Begins shortly before the counter wraps, as a host's may. */
    @Override
    public long nanoTime() {
        return nanos.getAndAdd(stepNanos);
    }

    @Override
    public long epochMillis() {
        return START_MILLIS + (nanos.get() - (Long.MAX_VALUE - 1_000)) / 1_000_000;
    }
}
