package org.ioatlab.hardware.nic;

import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/**
 * The sending direction of a full-duplex Ethernet link: one frame at a time, at the link's rate to the picosecond, the next one when the gap
 * behind the frame before has passed. A frame arrives at the other end with the last bit of its frame check sequence; where nobody is
 * connected it is gone. While there is no carrier nothing starts, and what has started still arrives.
 */
public final class Uplink {
    private static final int PREAMBLE_LENGTH = 8;
    private static final int GAP_LENGTH = Ethernet.PREAMBLE_AND_GAP_LENGTH - PREAMBLE_LENGTH;
    private static final int AROUND_FRAME = PREAMBLE_LENGTH + Ethernet.FCS_LENGTH;
    private static final byte[] NOTHING = {};

    /** Whose frames it carries. */
    interface Sender {
        /** The frame has left, and another one may follow. */
        void frameSent();
    }

    private final EventLoop loop;
    private final long psPerByte;
    private final Sender sender;
    private final Arrival arrival = new Arrival();
    private @Nullable FrameSink peer;
    private boolean carrier;
    private byte[] bytes = NOTHING;
    private int length;
    private boolean busy;
    private long readyPs;
    private long startPs;
    private long freePs;

    private final class Arrival extends Event {
        @Override
        protected void fire() {
            arrive();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("uplink");
        }
    }

    Uplink(EventLoop loop, long psPerByte, Sender sender) {
        this.loop = loop;
        this.psPerByte = psPerByte;
        this.sender = sender;
    }

    /** Who takes what arrives at the other end; null for nobody. */
    public void connect(@Nullable FrameSink end) {
        peer = end;
    }

    /** Whether a frame has started and not arrived. */
    public boolean isCarrying() {
        return arrival.isPending() && startPs <= loop.nowPs();
    }

    /** Whether it has a frame to carry. */
    boolean isBusy() {
        return busy;
    }

    void setCarrier(boolean up) {
        carrier = up;
        if (!up && !isCarrying()) {
            loop.cancel(arrival);
        } else if (up && busy && !arrival.isPending()) {
            start();
        }
    }

    /** When the last frame that it carried has started. */
    long startPs() {
        return startPs;
    }

    /**
     * Carries the first {@code count} bytes of {@code frame}, which stay as they are until {@link Sender#frameSent}; not while busy.
     *
     * @param atPs when they are all there, the present instant or later
     */
    void send(byte[] frame, int count, long atPs) {
        bytes = frame;
        length = count;
        readyPs = atPs;
        busy = true;
        if (carrier) {
            start();
        }
    }

    /** Forgets a frame that hasn't started. */
    void takeBack() {
        if (busy && !isCarrying()) {
            loop.cancel(arrival);
            busy = false;
        }
    }

    void hashInto(StateHash hash) {
        hash.put(carrier);
        hash.put(freePs);
        hash.put(arrival.isPending() ? startPs : -1);
        hash.put(busy);
        if (busy) {
            hash.put(readyPs);
            hash.put(bytes, 0, length);
        }
    }

    private void start() {
        startPs = Math.max(Math.max(freePs, readyPs), loop.nowPs());
        loop.schedule(arrival, startPs + (length + AROUND_FRAME) * psPerByte);
    }

    private void arrive() {
        busy = false;
        freePs = loop.nowPs() + GAP_LENGTH * psPerByte;
        if (peer != null) {
            peer.frameArrived(bytes, 0, length);
        }
        sender.frameSent();
    }
}
