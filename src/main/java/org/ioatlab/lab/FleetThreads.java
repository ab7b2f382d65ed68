package org.ioatlab.lab;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The threads of a fleet: workers, and one pacer that sleeps until a RUNNING machine has something to do. */
final class FleetThreads {
    private static final long CLOSING_PATIENCE_SECONDS = 5;

    private final ExecutorService workers;
    private volatile boolean closed;

    FleetThreads(int workers) {
        this.workers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name("lab-worker-", 1).factory());
    }

    Fleet open(WallClock clock, LabLimits limits) {
        Pacer pacer = new Pacer();
        Fleet fleet = new Fleet(clock, limits, workers, pacer::hurry, () -> close(pacer));
        pacer.start(fleet);
        return fleet;
    }

    private void close(Pacer pacer) {
        closed = true;
        pacer.hurry();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(CLOSING_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sleeps from tick to tick. */
    private final class Pacer {
        private volatile Thread thread = Thread.currentThread();

        void start(Fleet fleet) {
            thread = Thread.ofPlatform().daemon().name("lab-pacer").unstarted(() -> pace(fleet));
            thread.start();
        }

        void hurry() {
            LockSupport.unpark(thread);
        }

        private void pace(Fleet fleet) {
            while (!closed) {
                long wait = fleet.tick();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
            }
        }
    }
}
