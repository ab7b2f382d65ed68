package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** BSD: payload counts against the buffer, which holds whole segments, and all its free room is promised. */
final class BsdReceiveWindow extends ReceiveWindow {
    /** Memory that a buffer's payload may take, in sizes of the buffer ({@code sb_efficiency}). */
    private static final long MEMORY_FACTOR = 8;

    BsdReceiveWindow(Receiver receiver) {
        super(receiver);
    }

    @Override
    long memoryLimit() {
        return MEMORY_FACTOR * buffer;
    }

    @Override
    void established(Work on) {
        int segment = receiver.connection.ownSegment;
        if (buffer > receiver.connection.ownPayload() && !locked) {
            buffer = (buffer + segment - 1) / segment * segment;
        }
        threshold = Integer.MAX_VALUE;
    }

    @Override
    void grow(Segment segment) {
        // all room is promised already
    }

    /** All free room, unless that is silly little (RFC 1122, 4.2.3.3). */
    @Override
    int choose() {
        int free = Math.max(buffer - receiver.readable(), 0);
        int segment = receiver.connection.ownPayload();
        return free < buffer / 4 && free < segment ? 0 : Math.min(free, clamp);
    }

    @Override
    int asTold(int window, int scale) {
        return window;
    }

    @Override
    void enlarge() {
        // the buffer stays as it is
    }

    /** Two segments more, and a good part of the buffer. */
    @Override
    boolean hasOpened(Work on) {
        int scale = receiver.connection.receiveScale;
        int chosen = Math.min(select(on), LARGEST_FIELD << scale);
        int opened = chosen - receiver.windowLeft();
        int segment = receiver.connection.ownSegment;
        return opened >= 2 * segment && (opened >= buffer / 4 || chosen <= buffer / 8 || buffer <= 8 * segment);
    }
}
