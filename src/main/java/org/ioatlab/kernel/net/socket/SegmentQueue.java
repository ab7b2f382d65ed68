package org.ioatlab.kernel.net.socket;

import java.util.Objects;
import org.ioatlab.kernel.net.tcp.Segment;
import org.ioatlab.time.StateHash;
import org.jspecify.annotations.Nullable;

/** Segments that wait for process context, oldest first: a prequeue or a backlog. */
final class SegmentQueue {
    private @Nullable Segment first;
    private @Nullable Segment last;
    private int size;
    private int bytes;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    /** Their truesizes. */
    int bytes() {
        return bytes;
    }

    /** The oldest; there has to be one. */
    Segment first() {
        return Objects.requireNonNull(first);
    }

    void add(Segment segment) {
        segment.setNext(null);
        if (last == null) {
            first = segment;
        } else {
            last.setNext(segment);
        }
        last = segment;
        size++;
        bytes += segment.truesize();
    }

    /** Takes the oldest; there has to be one. */
    Segment take() {
        Segment segment = Objects.requireNonNull(first);
        first = segment.next();
        if (first == null) {
            last = null;
        }
        segment.setNext(null);
        size--;
        bytes -= segment.truesize();
        return segment;
    }

    void hashInto(StateHash hash) {
        hash.put((long) size << Integer.SIZE | bytes);
        for (Segment segment = first; segment != null; segment = segment.next()) {
            segment.hashSegmentInto(hash);
        }
    }
}
