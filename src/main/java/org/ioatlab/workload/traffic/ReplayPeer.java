package org.ioatlab.workload.traffic;

import org.ioatlab.time.StateHash;
import org.ioatlab.wire.BigEndian;
import org.ioatlab.wire.FrameLayout;
import org.ioatlab.wire.SequenceNumber;
import org.ioatlab.wire.Tcp;
import org.ioatlab.wire.TcpOptions;

/** What a replayed client knows of the machine that it talks to. */
final class ReplayPeer {
    private static final int LARGEST_SCALE = 14;

    private boolean answered;
    private int isn;
    private int next;
    private int acknowledged;
    private int duplicates;
    private long window;
    private int scale;
    private int timestamp;
    private long received;

    /** @param clientIsn what the client's SYN carries */
    ReplayPeer(int clientIsn) {
        acknowledged = clientIsn;
    }

    /** Takes a segment of the machine; whether it brings bytes, SYN or FIN, which want an acknowledgment. */
    boolean take(byte[] frame, FrameLayout layout) {
        int at = layout.transportOffset();
        int flags = Tcp.flags(frame, at);
        int payload = layout.payloadLength();
        boolean syn = (flags & Tcp.SYN) != 0;
        options(frame, at, layout.transportHeaderEnd(), syn);
        if (syn && !answered) {
            answered = true;
            isn = Tcp.sequence(frame, at);
            next = isn;
        }
        if ((flags & Tcp.ACK) != 0) {
            acknowledgment(Tcp.acknowledgment(frame, at), payload == 0 && (flags & (Tcp.SYN | Tcp.FIN)) == 0);
            window = (long) Tcp.window(frame, at) << (syn ? 0 : scale);
        }
        int length = payload + (syn ? 1 : 0) + ((flags & Tcp.FIN) == 0 ? 0 : 1);
        if (Tcp.sequence(frame, at) == next) {
            next += length;
            received += payload;
        }
        return length > 0 && !syn;
    }

    /** Whether its SYN has come. */
    boolean hasAnswered() {
        return answered;
    }

    /** Its first sequence number. */
    int isn() {
        return isn;
    }

    /** The next byte awaited of it. */
    int next() {
        return next;
    }

    /** What it has acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** How often in a row it has acknowledged the same. */
    int duplicates() {
        return duplicates;
    }

    /** Its last timestamp. */
    int timestamp() {
        return timestamp;
    }

    /** Payload that has come from it in order. */
    long received() {
        return received;
    }

    /** Whether it has room for a segment that ends at {@code end}. */
    boolean hasRoomTo(int end) {
        return end - acknowledged <= window;
    }

    void hashInto(StateHash hash) {
        hash.put(answered);
        hash.put((long) isn << Integer.SIZE | Integer.toUnsignedLong(next));
        hash.put((long) acknowledged << Integer.SIZE | timestamp);
        hash.put(window);
        hash.put((long) scale << Integer.SIZE | duplicates);
    }

    private void acknowledgment(int number, boolean pure) {
        if (SequenceNumber.after(number, acknowledged)) {
            acknowledged = number;
            duplicates = 0;
        } else if (number == acknowledged && pure) {
            duplicates++;
        }
    }

    private void options(byte[] frame, int at, int end, boolean syn) {
        int start = at + Tcp.MIN_HEADER_LENGTH;
        int stamp = TcpOptions.find(frame, start, end, TcpOptions.TIMESTAMPS);
        if (stamp != TcpOptions.ABSENT && stamp + 10 <= end) {
            timestamp = BigEndian.i32(frame, stamp + 2);
        }
        int scaling = syn ? TcpOptions.find(frame, start, end, TcpOptions.WINDOW_SCALE) : TcpOptions.ABSENT;
        if (scaling != TcpOptions.ABSENT && scaling + 3 <= end) {
            scale = Math.min(BigEndian.u8(frame, scaling + 2), LARGEST_SCALE);
        }
    }
}
