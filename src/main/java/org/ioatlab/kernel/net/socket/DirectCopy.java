package org.ioatlab.kernel.net.socket;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.net.offload.OffloadRefusal;
import org.ioatlab.kernel.sched.Processor;
import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/**
 * A reader who takes data as it is worked off, before it is queued ({@code struct ucopy}): by its own processor in its own context, or by the copy
 * engine in any. While one is installed, segments go to the prequeue.
 */
final class DirectCopy {
    private final SocketLayer layer;
    private @Nullable ReceiveCall reader;
    private int left;
    private boolean inReadersContext;
    private boolean summing;

    /** Why the engine took nothing of the segment that is being worked off; of no meaning between segments. */
    private OffloadRefusal refused = OffloadRefusal.NOT_FAST_PATH;

    DirectCopy(SocketLayer layer) {
        this.layer = layer;
    }

    boolean hasReader() {
        return reader != null;
    }

    boolean isReader(SystemCall call) {
        return reader == call;
    }

    void install(ReceiveCall call) {
        reader = call;
    }

    void remove() {
        reader = null;
        left = 0;
    }

    /** The reader's use of the engine; null without a reader. */
    @Nullable
    ReadOffload offload() {
        return reader == null ? null : reader.offload();
    }

    /** Bytes that the reader still takes. */
    int left() {
        return left;
    }

    void setLeft(int bytes) {
        left = bytes;
    }

    /** Whether segments are being worked off by the reader itself. */
    boolean isInReadersContext() {
        return inReadersContext;
    }

    void setInReadersContext(boolean on) {
        inReadersContext = on;
    }

    /** Begins or ends the time in which a copy adds up the checksum; whether nothing was copied since it began. */
    boolean sumWhileCopying(boolean on) {
        boolean before = summing;
        summing = on;
        return before;
    }

    /** A segment is tried on the fast path before its reader runs. */
    void beginEarly(ReadOffload offload) {
        refused = offload.isReaderWoken() ? OffloadRefusal.READER_WOKEN : OffloadRefusal.NOT_FAST_PATH;
    }

    /** Why that came to nothing. */
    OffloadRefusal refused() {
        return refused;
    }

    /** Has the engine copy a whole expected payload; why it can't, or null if it was given it. */
    @Nullable
    OffloadRefusal takeByEngine(SocketBuffer packet, int offset, int length, Work on) {
        ReceiveCall call = reader;
        if (call == null) {
            return OffloadRefusal.NO_WAITING_READER;
        }
        ReadOffload offload = call.offload();
        Processor processor = (Processor) on;
        OffloadRefusal refusal = offload.earlyRefusal(packet, length, left, inReadersContext, processor);
        if (refusal == null && !offload.copy(packet, offset, length, call.into(), !inReadersContext, processor)) {
            refusal = OffloadRefusal.CHANNEL_UNUSABLE;
        }
        if (refusal == null) {
            left -= length;
        } else {
            refused = refusal;
        }
        return refusal;
    }

    /** Copies what the reader takes if it is the reader who works; what isn't in its memory just now is left to be queued. */
    int take(SocketBuffer packet, int offset, int length, OffloadRefusal why, Work on) {
        ReceiveCall call = reader;
        if (!inReadersContext || call == null || left == 0) {
            return 0;
        }
        int bytes = call.into().writable(Math.min(length, left));
        if (bytes == 0) {
            return 0;
        }
        layer.copy.toUser(packet, offset, bytes, call.into(), summing, on);
        summing = false;
        left -= bytes;
        call.offload().counters().cpu(why, bytes);
        return bytes;
    }

    void hashInto(StateHash hash) {
        hash.put(left);
        hash.put(inReadersContext);
        hash.put(reader != null);
    }
}
