package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A reader who takes data as it is worked off in its own context, before it is queued ({@code struct ucopy}). While one is installed, segments go
 * to the prequeue.
 */
final class DirectCopy {
    private final SocketLayer layer;
    private @Nullable SystemCall reader;
    private @Nullable IoVector into;
    private int left;
    private boolean inReadersContext;
    private boolean summing;

    DirectCopy(SocketLayer layer) {
        this.layer = layer;
    }

    boolean hasReader() {
        return reader != null;
    }

    boolean isReader(SystemCall call) {
        return reader == call;
    }

    void install(SystemCall call, IoVector vector) {
        reader = call;
        into = vector;
    }

    void remove() {
        reader = null;
        into = null;
        left = 0;
    }

    /** Bytes that the reader still takes. */
    int left() {
        return left;
    }

    void setLeft(int bytes) {
        left = bytes;
    }

    /** Says whether segments are being worked off by the reader itself. */
    void setInReadersContext(boolean on) {
        inReadersContext = on;
    }

    /** Begins or ends the time in which a copy adds up the checksum; whether nothing was copied since it began. */
    boolean sumWhileCopying(boolean on) {
        boolean before = summing;
        summing = on;
        return before;
    }

    int take(SocketBuffer packet, int offset, int length, Work on) {
        IoVector vector = into;
        if (!inReadersContext || vector == null || left == 0) {
            return 0;
        }
        int bytes = Math.min(length, left);
        layer.copy.toUser(packet, offset, bytes, vector, summing, on);
        summing = false;
        left -= bytes;
        return bytes;
    }

    void hashInto(StateHash hash) {
        hash.put(left);
        hash.put(inReadersContext);
        hash.put(reader != null);
    }
}
