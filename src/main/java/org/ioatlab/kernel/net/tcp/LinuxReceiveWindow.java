package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/**
 * Linux: truesizes count against the buffer, a share of it is kept for them, and the window opens slowly, as segments show that they use
 * their memory well ({@code rcv_ssthresh}).
 */
final class LinuxReceiveWindow extends ReceiveWindow {
    /** What a segment of least payload takes beside it: header room and the socket buffer's structure. */
    private static final int SEGMENT_OVERHEAD = 160 + 16 + 160;

    LinuxReceiveWindow(Receiver receiver) {
        super(receiver);
    }

    @Override
    long memoryLimit() {
        return buffer;
    }

    /** The buffer holds at least four segments ({@code tcp_init_buffer_space}). */
    @Override
    void established(Work on) {
        int segment = receiver.connection.ownPayload();
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
        tuning().begin(on);
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

    /** {@code tcp_grow_window}. */
    @Override
    void grow(Segment segment) {
        if (threshold >= clamp || threshold >= freeSpace()) {
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

    @Override
    int choose() {
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
            return asTold(free, scale);
        }
        int window = receiver.window;
        return window <= free - segment || window > free ? free / segment * segment : window;
    }

    /** Rounded up, so that what was promised isn't taken back. */
    @Override
    int asTold(int window, int scale) {
        return (window + (1 << scale) - 1) >> scale << scale;
    }

    /** {@code tcp_clamp_window}. */
    @Override
    void enlarge() {
        if (!locked) {
            int largest = receiver.connection.tcp.settings.largestReceiveBuffer;
            buffer = Math.max(buffer, Math.min(receiver.charged, largest));
        }
    }

    /** {@code tcp_cleanup_rbuf}: twice what is left of the window last told. */
    @Override
    boolean hasOpened(Work on) {
        int now = receiver.windowLeft();
        if (2L * now > clamp) {
            return false;
        }
        int chosen = select(on);
        return chosen > 0 && chosen >= 2L * now;
    }
}
