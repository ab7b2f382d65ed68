package org.ioatlab.kernel.sched;

/** One {@code smp_call_function()} ({@code struct call_data_struct}). Belongs to its caller and can be used again once it {@link #isOver()}. */
public final class FunctionCall {
    final CallAsyncData.Function func;
    final Object info;
    boolean waitsForEnd;
    int started;
    int finished;
    boolean underWay;

    /** A call of {@code func} with {@code info}. */
    public FunctionCall(CallAsyncData.Function func, Object info) {
        this.func = func;
        this.info = info;
    }

    /** Whether the caller may go on. */
    public boolean isOver() {
        return !underWay;
    }

    /** How many processors have begun the function. */
    public int started() {
        return started;
    }

    /** How many have done it. */
    public int finished() {
        return finished;
    }
}
