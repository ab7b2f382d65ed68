package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/** How large a window the receive buffer allows, and how large the buffer is. */
final class ReceiveWindow {
    private static final int LARGEST_FIELD = 65_535;
    private static final long BSD_MEMORY_FACTOR = 8;

    /** What a segment of least payload takes beside it: header room and the socket buffer's structure. */
    private static final int SEGMENT_OVERHEAD = 160 + 16 + 160;

    private final Receiver receiver;
    private int buffer;
    private boolean locked;

    /** The most that may be promised ({@code window_clamp}). */
    int clamp = Integer.MAX_VALUE;

    /** The most that is promised at present ({@code rcv_ssthresh}). */
    int threshold;

    private final BufferTuning tuning;

    ReceiveWindow(Receiver receiver) {
        this.receiver = receiver;
        tuning = new BufferTuning(receiver, this);
    }

    int buffer() {
        return buffer;
    }

    boolean isLocked() {
        return locked;
    }

    void setBuffer(int bytes, boolean byUser) {
        buffer = bytes;
        locked |= byUser;
    }

    /** What the truesizes of all that is queued may come to: BSD counts payload against the buffer, and eight times as much of memory. */
    long memoryLimit() {
        return persona().isFreeBsd() ? BSD_MEMORY_FACTOR * buffer : buffer;
    }

    BufferTuning tuning() {
        return tuning;
    }

    private Persona persona() {
        return receiver.connection.tcp.persona;
    }

    /** What of the whole buffer a window may promise. */
    int fullSpace() {
        return persona().windowFrom(buffer);
    }

    /** What of the free room a window may promise. */
    int freeSpace() {
        int free = buffer - receiver.charged;
        return free <= 0 ? 0 : persona().windowFrom(free);
    }

    /** The connection is established: the buffer holds at least four segments ({@code tcp_init_buffer_space}). */
    void established(Work on) {
        int segment = receiver.connection.ownPayload();
        if (persona().isFreeBsd()) {
            if (buffer > segment && !locked) {
                int whole = receiver.connection.ownSegment;
                buffer = (buffer + whole - 1) / whole * whole;
            }
            threshold = Integer.MAX_VALUE;
            return;
        }
        if (!locked) {
            atLeastFourSegments(segment);
        }
        int most = fullSpace();
        if (clamp >= most) {
            clamp = most;
        }
        if (clamp > 2 * segment && clamp + segment > most) {
            clamp = Math.max(2 * segment, most - segment);
        }
        threshold = Math.min(threshold, clamp);
        tuning.begin(on);
    }

    private void atLeastFourSegments(int segment) {
        int memory = segment + SEGMENT_OVERHEAD;
        while (persona().windowFrom(memory) < segment) {
            memory += 128;
        }
        if (buffer < 4 * memory) {
            buffer = Math.min(4 * memory, receiver.connection.tcp.settings.largestReceiveBuffer);
        }
    }

    /** Opens further as segments come that use their memory well ({@code tcp_grow_window}). */
    void grow(Segment segment) {
        if (persona().isFreeBsd() || threshold >= clamp || threshold >= freeSpace()) {
            return;
        }
        int length = segment.payloadLength;
        int increment = persona().windowFrom(segment.truesize()) <= length
                ? 2 * receiver.connection.ownPayload()
                : slowIncrement(segment.truesize(), length);
        if (increment > 0) {
            threshold = Math.min(threshold + increment, clamp);
            receiver.connection.acks.oneMoreQuick();
        }
    }

    private int slowIncrement(int truesize, int length) {
        int size = persona().windowFrom(truesize) / 2;
        int most = fullSpace() / 2;
        while (threshold <= most) {
            if (size <= length) {
                return 2 * receiver.connection.acks.peerSegment();
            }
            size >>= 1;
            most >>= 1;
        }
        return 0;
    }

    /** The window field of the next segment; what was promised is never taken back ({@code tcp_select_window}). */
    int field(Work on) {
        int now = receiver.windowLeft();
        int chosen = Math.max(select(on), now);
        int scale = receiver.connection.receiveScale;
        int most = scale == 0 ? persona().largestUnscaledWindow() : LARGEST_FIELD << scale;
        if (scale != 0 && chosen == now && !persona().isFreeBsd()) {
            chosen = (chosen + (1 << scale) - 1) >> scale << scale;
        }
        chosen = Math.min(chosen, Math.max(most, now));
        receiver.window = chosen;
        receiver.told = receiver.next;
        int field = Math.min(chosen >> scale, LARGEST_FIELD);
        if (field == 0) {
            receiver.connection.leaveFastPath();
        }
        return field;
    }

    /** The window that free room and policy allow ({@code __tcp_select_window}). */
    int select(Work on) {
        on.spend(Symbol.TCP_SELECT_WINDOW, receiver.connection.tcp.costs.selectWindow());
        return persona().isFreeBsd() ? freeRoom() : linux();
    }

    /** BSD: all free room, unless that is silly little (RFC 1122, 4.2.3.3). */
    private int freeRoom() {
        int free = Math.max(buffer - receiver.readable(), 0);
        int segment = receiver.connection.ownPayload();
        return free < buffer / 4 && free < segment ? 0 : Math.min(free, clamp);
    }

    private int linux() {
        AckSchedule acks = receiver.connection.acks;
        int free = freeSpace();
        int full = Math.min(clamp, fullSpace());
        int segment = Math.min(acks.peerSegment(), full);
        if (free < full / 2) {
            acks.notQuick();
            if (free < segment) {
                return 0;
            }
        }
        free = Math.min(free, threshold);
        int scale = receiver.connection.receiveScale;
        if (scale != 0) {
            return (free + (1 << scale) - 1) >> scale << scale;
        }
        int window = receiver.window;
        return window <= free - segment || window > free ? free / segment * segment : window;
    }

    /** Memory is short: lets the buffer grow a little, or gives up what lies beyond holes ({@code tcp_prune_queue}). */
    boolean makeRoom(Work on) {
        TcpConnection connection = receiver.connection;
        connection.tcp.counters.increment(TcpCounter.PRUNE_CALLED);
        if (!locked && !persona().isFreeBsd()) {
            buffer = Math.max(buffer, Math.min(receiver.charged, connection.tcp.settings.largestReceiveBuffer));
        }
        if (receiver.charged <= memoryLimit()) {
            return true;
        }
        if (!receiver.outOfOrder.isEmpty()) {
            connection.tcp.counters.increment(TcpCounter.OFO_PRUNED);
            receiver.outOfOrder.clear(on);
            receiver.sacks.clear();
            if (receiver.charged <= memoryLimit()) {
                return true;
            }
        }
        connection.tcp.counters.increment(TcpCounter.RCV_PRUNED);
        connection.leaveFastPath();
        return false;
    }

    /** Whether reading has opened the window so far that the other end should hear of it ({@code tcp_cleanup_rbuf}). */
    boolean hasOpened(Work on) {
        int now = receiver.windowLeft();
        if (persona().isFreeBsd()) {
            return hasOpenedBsd(now, on);
        }
        if (2L * now > clamp) {
            return false;
        }
        int chosen = select(on);
        return chosen > 0 && chosen >= 2L * now;
    }

    private boolean hasOpenedBsd(int now, Work on) {
        int scale = receiver.connection.receiveScale;
        int chosen = Math.min(select(on), LARGEST_FIELD << scale);
        int opened = chosen - now;
        int segment = receiver.connection.ownSegment;
        return opened >= 2 * segment && (opened >= buffer / 4 || chosen <= buffer / 8 || buffer <= 8 * segment);
    }

    void hashInto(StateHash hash) {
        hash.put((long) buffer << Integer.SIZE | clamp);
        hash.put((long) threshold << Integer.SIZE | (locked ? 1 : 0));
        tuning.hashInto(hash);
    }
}
