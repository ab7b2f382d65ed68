package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;
import org.ioatlab.time.StateHash;

/**
 * Linux: the first segments are acknowledged one by one, then every second full one, and a small one after a delay that follows the pace at
 * which segments come ({@code icsk_ack}).
 */
final class QuickAcks extends AckSchedule {
    private int quick;

    QuickAcks(TcpConnection connection) {
        super(connection);
    }

    private boolean isQuick() {
        return quick > 0 && !interactive;
    }

    /** {@code tcp_enter_quickack_mode}. */
    @Override
    void beQuick() {
        increase();
        interactive = false;
        delayPs = persona().delayedAckLeastPs();
    }

    @Override
    void oneMoreQuick() {
        quick |= 1;
    }

    @Override
    void notQuick() {
        quick = 0;
    }

    @Override
    void holeFilled() {
        interactive = false;
    }

    @Override
    void finArrived() {
        interactive = true;
    }

    @Override
    void paced(Segment data, boolean second, long nowPs) {
        long least = persona().delayedAckLeastPs();
        if (delayPs == 0) {
            increase();
            delayPs = least;
            return;
        }
        long pause = nowPs - lastReceivedPs;
        long timeout = connection.sender.roundTrip.timeoutPs();
        if (pause <= least / 2) {
            delayPs = (delayPs >> 1) + least / 2;
        } else if (pause < delayPs) {
            delayPs = Math.min((delayPs >> 1) + pause, timeout);
        } else if (pause > timeout) {
            increase();
        }
    }

    /** {@code tcp_incr_quickack}. */
    private void increase() {
        int segments = connection.receiver.window / (2 * segment);
        quick = Math.max(quick, Math.min(segments == 0 ? 2 : segments, persona().quickAcks()));
    }

    /** {@code __tcp_ack_snd_check}. */
    @Override
    void checkScheduled(boolean holesCount, Work on) {
        on.spend(connection.tcp.costs.acknowledgeNow());
        Receiver receiver = connection.receiver;
        boolean holes = holesCount && !receiver.outOfOrder.isEmpty();
        boolean twoSegments = receiver.next - receiver.told > segment
                && ((persona().isStrict() && receiver.readable() < connection.lowWater)
                        || receiver.windows.select(on) >= receiver.window);
        if (twoSegments || isQuick() || now || holes) {
            send(on);
        } else {
            delay(on);
        }
    }

    /** Only quick mode matters. */
    @Override
    void checkTaken(Work on) {
        if (isQuick()) {
            send(on);
        } else {
            delay(on);
        }
    }

    /** {@code tcp_cleanup_rbuf}. */
    @Override
    boolean isDueAfterRead(int bytes) {
        Receiver receiver = connection.receiver;
        boolean drained = bytes > 0 && pushed && !interactive && receiver.charged == 0;
        return blocked || receiver.next - receiver.told > segment || drained;
    }

    @Override
    void acknowledged() {
        if (quick > 0 && --quick == 0) {
            delayPs = persona().delayedAckLeastPs();
        }
    }

    @Override
    void hashInto(StateHash hash) {
        super.hashInto(hash);
        hash.put(quick);
    }
}
