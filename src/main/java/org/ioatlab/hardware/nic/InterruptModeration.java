package org.ioatlab.hardware.nic;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/**
 * Causes, mask and pace of a port's interrupt. A message is sent when an unmasked cause appears: at once if the interval has passed since
 * the last message, otherwise at its end. No further message follows until the causes have been read or masked.
 */
final class InterruptModeration {
    /** Sends the message. */
    interface Output {
        void sendInterrupt();
    }

    private final EventLoop loop;
    private final Output output;
    private final IntervalEnd intervalEnd = new IntervalEnd();
    private int causes;
    private int mask;
    private int intervalNs;
    private long lastPs = -EventLoop.HORIZON_PS;
    private boolean asserted;

    private final class IntervalEnd extends Event {
        @Override
        protected void fire() {
            send();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("itr");
        }
    }

    InterruptModeration(EventLoop loop, Output output) {
        this.loop = loop;
        this.output = output;
    }

    int causes() {
        return causes;
    }

    int mask() {
        return mask;
    }

    int intervalNs() {
        return intervalNs;
    }

    /** A later interval counts from the last message too. */
    void setIntervalNs(int ns) {
        intervalNs = ns;
        if (intervalEnd.isPending()) {
            loop.cancel(intervalEnd);
            settle();
        }
    }

    void raise(int cause) {
        causes |= cause;
        settle();
    }

    void unmask(int bits) {
        mask |= bits;
        settle();
    }

    void mask(int bits) {
        mask &= ~bits;
        settle();
    }

    int readCauses() {
        int read = causes;
        causes = 0;
        settle();
        return read;
    }

    /** The clock begins at 0 again: what was before is long ago. */
    void restart() {
        lastPs = -EventLoop.HORIZON_PS;
    }

    void reset() {
        causes = 0;
        mask = 0;
        settle();
    }

    void hashInto(StateHash hash) {
        hash.put(causes);
        hash.put(mask);
        hash.put(intervalNs);
        hash.put(lastPs);
        hash.put(asserted);
    }

    private void settle() {
        if ((causes & mask) == 0) {
            asserted = false;
            loop.cancel(intervalEnd);
        } else if (!asserted && !intervalEnd.isPending()) {
            long earliestPs = lastPs + intervalNs * Picoseconds.PER_NANOSECOND;
            if (loop.nowPs() >= earliestPs) {
                send();
            } else {
                loop.schedule(intervalEnd, earliestPs);
            }
        }
    }

    private void send() {
        asserted = true;
        lastPs = loop.nowPs();
        output.sendInterrupt();
    }
}
