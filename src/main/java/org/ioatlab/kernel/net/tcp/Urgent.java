package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;

/** The urgent byte of the receiving direction, which is read apart from the others (RFC 9293, 3.8.5; RFC 6093). */
final class Urgent {
    private static final int NONE = 0;
    private static final int ANNOUNCED = 1;
    private static final int ARRIVED = 2;
    private static final int READ = 3;

    private final Receiver receiver;
    private int state = NONE;
    private int sequence;
    private int value;

    Urgent(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Whether data may not be taken past a mark. */
    boolean isPending() {
        return state != NONE;
    }

    boolean hasByte() {
        return state == ARRIVED;
    }

    boolean isAnnounced() {
        return state == ANNOUNCED || state == ARRIVED;
    }

    int sequence() {
        return sequence;
    }

    /** The byte; a look leaves it. */
    int read(boolean look) {
        int found = value;
        if (!look) {
            state = READ;
        }
        return found;
    }

    /** Reading has come to {@code next}; past the mark nothing is urgent any more, and an unread urgent byte is lost. */
    void readUpTo(int next) {
        if (state != NONE && SequenceNumber.after(next, sequence)) {
            state = NONE;
        }
    }

    /** Looks at a segment's urgent pointer, and for the byte that was announced ({@code tcp_urg}). */
    void arrived(Segment segment, Work on) {
        if (segment.has(Tcp.URG)) {
            announce(segment, on);
        }
        if (state == ANNOUNCED) {
            int index = sequence - segment.sequence;
            if (index >= 0 && index < segment.payloadLength) {
                value = receiver.connection.tcp.host.payloadByte(segment, index);
                state = ARRIVED;
                receiver.connection.user.readable(receiver.connection, on);
            }
        }
    }

    private void announce(Segment segment, Work on) {
        int pointer = segment.urgentPointer;
        if (pointer != 0 && !receiver.connection.tcp.settings.standardUrgent) {
            pointer--;
        }
        int at = segment.sequence + pointer;
        boolean old = SequenceNumber.after(receiver.copied, at) || SequenceNumber.before(at, receiver.next);
        if (old || (state != NONE && SequenceNumber.beforeOrEqual(at, sequence))) {
            return;
        }
        if (sequence == receiver.copied
                && state != NONE
                && !receiver.urgentInline
                && receiver.copied != receiver.next) {
            receiver.skipUrgent(on);
        }
        state = ANNOUNCED;
        sequence = at;
    }

    void hashInto(StateHash hash) {
        hash.put(state);
        hash.put((long) sequence << Integer.SIZE | value);
    }
}
