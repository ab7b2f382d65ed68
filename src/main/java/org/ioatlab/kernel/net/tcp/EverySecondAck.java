package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** BSD: every second segment is acknowledged at once, a single one after a fixed delay, and anything out of the ordinary at once. */
final class EverySecondAck extends AckSchedule {
    EverySecondAck(TcpConnection connection) {
        super(connection);
    }

    @Override
    void beQuick() {
        now = true;
    }

    @Override
    void holeFilled() {
        interactive = false;
        now = true;
    }

    @Override
    void finArrived() {
        interactive = true;
        scheduleNow();
    }

    @Override
    void paced(Segment data, boolean second, long nowPs) {
        if (second || data.payloadLength > connection.ownSegment) {
            now = true;
        }
    }

    @Override
    void checkScheduled(boolean holesCount, Work on) {
        if (now || (holesCount && !connection.receiver.outOfOrder.isEmpty())) {
            send(on);
        } else {
            delay(on);
        }
    }

    @Override
    void checkTaken(Work on) {
        checkScheduled(false, on);
    }

    @Override
    boolean isDueAfterRead(int bytes) {
        return false;
    }

    @Override
    void acknowledged() {
        // the delay never changes
    }
}
