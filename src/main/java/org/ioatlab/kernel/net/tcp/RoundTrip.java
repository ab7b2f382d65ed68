package org.ioatlab.kernel.net.tcp;

import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;

/** Smoothed round-trip time and retransmission timeout (RFC 6298, with Linux's least deviation of 200 ms). */
final class RoundTrip {
    private static final long LONGEST_TIMEOUT_PS = 120 * Picoseconds.PER_SECOND;

    private final Persona persona;
    private long smoothedPs;
    private long deviationPs;
    private long timeoutPs;

    RoundTrip(Persona persona) {
        this.persona = persona;
        timeoutPs = persona.initialTimeoutPs();
    }

    long smoothedPs() {
        return smoothedPs;
    }

    long deviationPs() {
        return deviationPs;
    }

    long timeoutPs() {
        return timeoutPs;
    }

    boolean isMeasured() {
        return smoothedPs > 0;
    }

    void measured(long samplePs) {
        long sample = Math.max(samplePs, Picoseconds.PER_MICROSECOND);
        if (smoothedPs == 0) {
            smoothedPs = sample;
            deviationPs = sample / 2;
        } else {
            long error = sample - smoothedPs;
            smoothedPs += error >> 3;
            deviationPs += (Math.abs(error) - deviationPs) >> 2;
        }
        compute();
    }

    /** Drops what repeated timeouts have made of the timeout. */
    void compute() {
        if (smoothedPs == 0) {
            timeoutPs = persona.initialTimeoutPs();
        } else {
            long slack = Math.max(4 * deviationPs, persona.leastTimeoutPs());
            timeoutPs = Math.min(smoothedPs + slack, LONGEST_TIMEOUT_PS);
        }
    }

    /** Another timeout without an answer doubles it. */
    void backOff() {
        timeoutPs = Math.min(timeoutPs << 1, LONGEST_TIMEOUT_PS);
    }

    /** The timeout after {@code times} doublings. */
    long backedOffPs(int times) {
        return Math.min(timeoutPs << Math.min(times, 16), LONGEST_TIMEOUT_PS);
    }

    void hashInto(StateHash hash) {
        hash.put(smoothedPs);
        hash.put(deviationPs);
        hash.put(timeoutPs);
    }
}
