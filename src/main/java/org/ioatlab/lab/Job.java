package org.ioatlab.lab;

import java.util.concurrent.CompletableFuture;

/**
 * Something to be done with one machine, in steps: the writer of the machine calls {@link #step} until it is over. It is its own answer.
 *
 * @param <R> what it answers
 */
abstract class Job<R> extends CompletableFuture<R> {
    /**
     * Goes on for about {@code maxEvents} events.
     *
     * @return whether the writer may turn to the next job
     */
    abstract boolean step(Bench bench, long maxEvents);

    /** Whether it only reads and so may take its turn while another job is under way. */
    boolean isLook() {
        return false;
    }

    /** Ends it without an answer. */
    final boolean fail(Throwable reason) {
        completeExceptionally(reason);
        return true;
    }
}
