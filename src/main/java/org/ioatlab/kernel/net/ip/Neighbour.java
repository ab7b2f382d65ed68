package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.KernelTimer;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A host on a link ({@code struct neighbour}), with what is remembered of the path to it: every destination is a neighbour here. Packets wait
 * with it until its link address is known.
 */
final class Neighbour extends KernelTimer {
    /** What is known of the link address. */
    enum State {
        /** It has been asked for. */
        INCOMPLETE,
        /** It answered a question. */
        REACHABLE,
        /** It is used until somebody says otherwise. */
        STALE
    }

    final Neighbours table;
    boolean ipv6;
    long high;
    long low;
    int device;
    State state = State.INCOMPLETE;
    long mac;
    long updatedPs;
    int probes;

    /** Counts the lives of this object, so that whoever remembers it notices that it has become another's. */
    int life;

    @Nullable
    SocketBuffer firstWaiting;

    int waiting;

    /** The next packet's identification. */
    int identification;

    /** The path's longest packet while {@link #pathMtuUntilPs} hasn't passed. */
    int pathMtu;

    long pathMtuUntilPs;

    /** Time saved up for ICMP errors to this destination, and when it was last looked at. */
    long errorCreditPs;

    long errorCreditAtPs;

    @Nullable
    Neighbour nextInBucket;

    @Nullable
    Neighbour older;

    @Nullable
    Neighbour newer;

    Neighbour(Neighbours table) {
        this.table = table;
    }

    boolean is(boolean version6, long addressHigh, long addressLow, int on) {
        return low == addressLow && high == addressHigh && ipv6 == version6 && device == on;
    }

    boolean isResolved() {
        return state != State.INCOMPLETE;
    }

    @Override
    protected void expire(Work on) {
        table.unanswered(this, (Processor) on);
    }

    @Override
    protected void hashInto(StateHash hash) {
        hash.put("neighbour");
        hash.put(high);
        hash.put(low);
    }

    void feed(StateHash hash) {
        hash.put(high);
        hash.put(low);
        hash.put(mac);
        hash.put((long) device << Integer.SIZE | state.ordinal());
        hash.put((long) probes << Integer.SIZE | identification);
        hash.put(updatedPs);
        hash.put(errorCreditPs);
        hash.put(errorCreditAtPs);
        hash.put(pathMtuUntilPs + pathMtu);
        for (SocketBuffer packet = firstWaiting; packet != null; packet = packet.nextPacket()) {
            packet.hashInto(hash);
        }
    }
}
