package org.ioatlab.machine;

import org.jspecify.annotations.Nullable;

/**
 * A command that a machine has taken: done at once, or at a later instant of the machine's clock.
 *
 * @param <R> what it answers
 */
public final class Call<R> {
    private @Nullable R result;
    private @Nullable Refusal refusal;

    /** A call that has returned already. */
    public static <R> Call<R> of(R result) {
        Call<R> call = new Call<>();
        call.complete(result);
        return call;
    }

    /** Whether it has returned or failed. */
    public boolean isDone() {
        return result != null || refusal != null;
    }

    /**
     * What it answered.
     *
     * @throws Refusal if the machine couldn't carry it out
     * @throws IllegalStateException if it isn't done
     */
    public R result() {
        if (refusal != null) {
            throw refusal;
        }
        if (result == null) {
            throw new IllegalStateException("the call has not returned");
        }
        return result;
    }

    void complete(R answer) {
        result = answer;
    }

    void fail(Refusal reason) {
        refusal = reason;
    }
}
