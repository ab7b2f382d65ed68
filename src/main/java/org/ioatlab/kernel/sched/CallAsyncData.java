package org.ioatlab.kernel.sched;

import org.ioatlab.time.Event;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * One call to other processors, with the five fields of {@code struct call_async_data_struct} (OLS 2005 paper, section 3): function, its
 * argument, the processors that have yet to run it, how many those are, and the link to the next call under way. Belongs to its caller and
 * can be used again once {@link #count()} is zero.
 */
public final class CallAsyncData {
    /** What is called. */
    public interface Function {
        /** Runs in interrupt context on {@code on}, charging its cycles. */
        void call(Object info, Processor on);
    }

    final Function func;
    final Object info;
    long cpumask;
    int count;

    @Nullable
    CallAsyncData node;

    final Arrival arrival = new Arrival();

    /** The instant at which the interrupts reach the processors. */
    final class Arrival extends Event {
        private @Nullable CrossCall calls;

        void of(CrossCall owner) {
            calls = owner;
        }

        @Override
        protected void fire() {
            if (calls != null) {
                calls.arrive(CallAsyncData.this);
            }
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("ipi");
            hash.put(cpumask);
        }
    }

    /** A call of {@code func} with {@code info}. */
    public CallAsyncData(Function func, Object info) {
        this.func = func;
        this.info = info;
    }

    /** The processors that have yet to run the function, one bit each. */
    public long cpumask() {
        return cpumask;
    }

    /** How many of them there are: zero when the call is over. */
    public int count() {
        return count;
    }
}
