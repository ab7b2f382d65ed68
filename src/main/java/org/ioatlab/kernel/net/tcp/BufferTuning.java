package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.Picoseconds;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;

/**
 * Lets the receive buffer grow to twice what the user reads in a round trip (dynamic right-sizing: Fisk and Feng, LANL 2001; {@code
 * tcp_rcv_space_adjust}).
 */
final class BufferTuning {
    private final Receiver receiver;
    private final ReceiveWindow window;
    private int space;
    private int from;
    private long sincePs;
    private long roundTripPs;
    private int roundTripEnd;
    private long roundTripSincePs;

    BufferTuning(Receiver receiver, ReceiveWindow window) {
        this.receiver = receiver;
        this.window = window;
    }

    void begin(Work on) {
        space = receiver.window;
        from = receiver.copied;
        sincePs = on.nowPs();
    }

    /** A round trip without timestamps: how long a window's worth of data takes ({@code tcp_rcv_rtt_measure}). */
    void measure(Work on) {
        if (roundTripSincePs != 0) {
            if (SequenceNumber.before(receiver.next, roundTripEnd)) {
                return;
            }
            long sample = on.nowPs() - roundTripSincePs;
            roundTripPs = roundTripPs == 0 ? sample : Math.min(roundTripPs, sample);
        }
        roundTripEnd = receiver.next + receiver.window;
        roundTripSincePs = on.nowPs();
    }

    /** A round trip told by an echoed timestamp. */
    void measure(long samplePs) {
        long sample = Math.max(samplePs, Picoseconds.PER_MILLISECOND);
        roundTripPs = roundTripPs == 0 ? sample : roundTripPs - (roundTripPs >> 3) + (sample >> 3);
    }

    /** The user has read. */
    void adjust(Work on) {
        TcpSettings settings = receiver.connection.tcp.settings;
        if (sincePs == 0 && from == 0) {
            begin(on);
            return;
        }
        if (roundTripPs == 0 || on.nowPs() - sincePs < roundTripPs) {
            return;
        }
        int read = 2 * (receiver.copied - from);
        if (read > space) {
            space = read;
            if (settings.autoTuning && !window.isLocked()) {
                enlarge(settings.largestReceiveBuffer);
            }
        }
        from = receiver.copied;
        sincePs = on.nowPs();
    }

    private void enlarge(int largest) {
        Persona persona = receiver.connection.tcp.persona;
        int segment = Math.max(receiver.connection.ownPayload(), 1);
        int memory = segment + 160 + 16 + 160;
        while (persona.windowFrom(memory) < segment) {
            memory += 128;
        }
        long wanted = (long) space / segment * memory;
        int bytes = (int) Math.min(Math.max(wanted, space), largest);
        if (bytes > window.buffer()) {
            window.setBuffer(bytes, false);
            window.clamp = Math.max(window.clamp, window.fullSpace());
        }
    }

    void hashInto(StateHash hash) {
        hash.put((long) space << Integer.SIZE | from);
        hash.put(sincePs);
        hash.put(roundTripPs);
        hash.put(roundTripSincePs);
    }
}
