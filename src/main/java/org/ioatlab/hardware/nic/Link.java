package org.ioatlab.hardware.nic;

import java.util.ArrayList;
import java.util.List;
import org.ioatlab.time.Event;
import org.ioatlab.time.EventLoop;
import org.ioatlab.time.StateHash;
import org.ioatlab.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/**
 * The receiving direction of a full-duplex Ethernet link. It carries one frame at a time, at the link's rate to the picosecond, and takes the
 * next one when the gap behind the frame before has passed; what can't be carried yet waits with its source. While there is no carrier,
 * nothing starts. A frame has arrived when the last bit of its frame check sequence has.
 */
public final class Link {
    /** Ethernet's rates; at each a byte takes a whole number of picoseconds. */
    public static final List<Integer> RATES_MBPS = List.of(10, 100, 1000, 2500, 5000, 10_000, 25_000, 40_000, 100_000);

    private static final int PREAMBLE_LENGTH = 8;
    private static final int GAP_LENGTH = Ethernet.PREAMBLE_AND_GAP_LENGTH - PREAMBLE_LENGTH;
    private static final int AROUND_FRAME = PREAMBLE_LENGTH + Ethernet.FCS_LENGTH;
    private static final long PS_PER_BYTE_AT_1_MBPS = 8_000_000;

    /** The end at which frames arrive. */
    public interface Receiver {
        /** A frame has arrived: {@code length} bytes without the frame check sequence, to be read during the call only. */
        void frameArrived(byte[] bytes, int offset, int length);
    }

    private final EventLoop loop;
    private final int mbps;
    private final long psPerByte;
    private final List<FrameSource> sources = new ArrayList<>();
    private final Arrival arrival = new Arrival();
    private @Nullable Receiver receiver;
    private boolean carrier;
    private @Nullable FrameSource current;
    private long startPs;
    private long freePs;

    private final class Arrival extends Event {
        @Override
        protected void fire() {
            arrive();
        }

        @Override
        protected void hashInto(StateHash hash) {
            hash.put("link");
        }
    }

    /**
     * @param mbps one of {@link #RATES_MBPS}
     * @throws IllegalArgumentException for any other rate
     */
    public Link(EventLoop loop, int mbps) {
        if (!RATES_MBPS.contains(mbps)) {
            throw new IllegalArgumentException("linkMbps must be one of " + RATES_MBPS);
        }
        this.loop = loop;
        this.mbps = mbps;
        psPerByte = PS_PER_BYTE_AT_1_MBPS / mbps;
    }

    /** The rate in 10^6 bits a second. */
    public int mbps() {
        return mbps;
    }

    /** How long a byte takes. */
    public long psPerByte() {
        return psPerByte;
    }

    /** How long a frame keeps the wire busy: preamble, frame, frame check sequence and gap. */
    public long carryPs(int frameLength) {
        return (frameLength + Ethernet.FCS_LENGTH + Ethernet.PREAMBLE_AND_GAP_LENGTH) * psPerByte;
    }

    /** Who takes what arrives. */
    public void connect(Receiver end) {
        receiver = end;
    }

    /** Whether the receiver's end has brought the link up. */
    public boolean hasCarrier() {
        return carrier;
    }

    /** Brings the link up or down. A frame that has started still arrives. */
    public void setCarrier(boolean up) {
        carrier = up;
        if (!up) {
            takeBack();
        }
        startNext();
    }

    /** Lets {@code source} send over this link; it is forgotten when finished. */
    public void attach(FrameSource source) {
        if (!source.isFinished()) {
            source.attached(loop.nowPs());
            sources.add(source);
            frameReady();
        }
    }

    /** Takes a source off; a frame of it that has started still arrives. */
    public void detach(FrameSource source) {
        takeBack();
        sources.remove(source);
        startNext();
    }

    /** Tells that a source may have a frame to send earlier than any known before. */
    public void frameReady() {
        takeBack();
        startNext();
    }

    /** How many frames wait on the wire, the one that is being carried included. */
    public long waitingFrames() {
        long frames = 0;
        for (int i = 0; i < sources.size(); i++) {
            frames += sources.get(i).waiting();
        }
        return frames;
    }

    /** Whether a frame has started and not arrived. */
    public boolean isCarrying() {
        return current != null && startPs <= loop.nowPs();
    }

    /** Feeds what is on the wire and what waits. */
    public void hashInto(StateHash hash) {
        hash.put(carrier);
        hash.put(freePs);
        hash.put(current == null ? -1 : startPs);
        hash.put(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).hashInto(hash);
        }
    }

    /** Forgets a choice whose frame hasn't started. */
    private void takeBack() {
        if (current != null && startPs > loop.nowPs()) {
            loop.cancel(arrival);
            current = null;
        }
    }

    private void startNext() {
        if (current != null || !carrier) {
            return;
        }
        FrameSource source = earliest();
        if (source == null) {
            return;
        }
        current = source;
        startPs = Math.max(Math.max(freePs, source.notBeforePs()), loop.nowPs());
        loop.schedule(arrival, startPs + (source.length() + AROUND_FRAME) * psPerByte);
    }

    /** The source whose frame became ready first; of equals the one that was attached first. */
    private @Nullable FrameSource earliest() {
        FrameSource earliest = null;
        long earliestPs = FrameSource.NOTHING;
        for (int i = 0; i < sources.size(); i++) {
            FrameSource source = sources.get(i);
            long ps = source.notBeforePs();
            if (ps < earliestPs) {
                earliest = source;
                earliestPs = ps;
            }
        }
        return earliest;
    }

    private void arrive() {
        FrameSource source = current;
        if (source == null) {
            return;
        }
        freePs = loop.nowPs() + GAP_LENGTH * psPerByte;
        if (receiver != null) {
            receiver.frameArrived(source.bytes(), source.offset(), source.length());
        }
        source.advance(freePs);
        current = null;
        if (source.isFinished()) {
            sources.remove(source);
        }
        startNext();
    }
}
