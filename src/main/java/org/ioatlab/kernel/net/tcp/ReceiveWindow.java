package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.observe.Symbol;
import org.ioatlab.time.StateHash;

/** How large a window the receive buffer allows, and how large the buffer is; kernels work both out in their own way. */
abstract class ReceiveWindow {
    static final int LARGEST_FIELD = 65_535;

    final Receiver receiver;
    int buffer;
    boolean locked;

    /** The most that may be promised ({@code window_clamp}). */
    int clamp = Integer.MAX_VALUE;

    /** The most that is promised at present ({@code rcv_ssthresh}). */
    int threshold;

    private final BufferTuning tuning;

    ReceiveWindow(Receiver receiver) {
        this.receiver = receiver;
        tuning = new BufferTuning(receiver, this);
    }

    final int buffer() {
        return buffer;
    }

    final boolean isLocked() {
        return locked;
    }

    final void setBuffer(int bytes, boolean byUser) {
        buffer = bytes;
        locked |= byUser;
    }

    /** As the connection's persona does it. */
    static ReceiveWindow of(Receiver receiver) {
        return switch (receiver.connection.tcp.persona.windows()) {
            case LINUX -> new LinuxReceiveWindow(receiver);
            case BSD -> new BsdReceiveWindow(receiver);
        };
    }

    final BufferTuning tuning() {
        return tuning;
    }

    final Persona persona() {
        return receiver.connection.tcp.persona;
    }

    /** What of the whole buffer a window may promise. */
    final int fullSpace() {
        return persona().windowFrom(buffer);
    }

    /** What of the free room a window may promise. */
    final int freeSpace() {
        int free = buffer - receiver.charged;
        return free <= 0 ? 0 : persona().windowFrom(free);
    }

    /** The window field of the next segment; what was promised is never taken back ({@code tcp_select_window}). */
    final int field(Work on) {
        int now = receiver.windowLeft();
        int chosen = Math.max(select(on), now);
        int scale = receiver.connection.receiveScale;
        int most = scale == 0 ? persona().largestUnscaledWindow() : LARGEST_FIELD << scale;
        if (scale != 0 && chosen == now) {
            chosen = asTold(chosen, scale);
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
    final int select(Work on) {
        on.spend(Symbol.TCP_SELECT_WINDOW, receiver.connection.tcp.costs.selectWindow());
        return choose();
    }

    /** What the truesizes of all that is queued may come to. */
    abstract long memoryLimit();

    /** The connection is established, and its segments' size is known. */
    abstract void established(Work on);

    /** In-order payload has come: the window may open further. */
    abstract void grow(Segment segment);

    /** The window that free room allows. */
    abstract int choose();

    /** A window that can't shrink any more, in the units that its scale can tell. */
    abstract int asTold(int window, int scale);

    /** Memory is short: the buffer may become a little larger. */
    abstract void enlarge();

    /** Whether reading has opened the window so far that the other end should hear of it. */
    abstract boolean hasOpened(Work on);

    /** Memory is short: lets the buffer grow a little, or gives up what lies beyond holes ({@code tcp_prune_queue}). */
    final boolean makeRoom(Work on) {
        TcpConnection connection = receiver.connection;
        connection.tcp.counters.increment(TcpCounter.PRUNE_CALLED);
        enlarge();
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

    final void hashInto(StateHash hash) {
        hash.put((long) buffer << Integer.SIZE | clamp);
        hash.put((long) threshold << Integer.SIZE | (locked ? 1 : 0));
        tuning.hashInto(hash);
    }
}
