package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.TimerService;
import org.ioatlab.kernel.sched.Work;

/** What a host gives to the TCP that it runs. */
public interface TcpHost {
    /**
     * Sends a segment; its description is valid during the call only.
     *
     * @return false if it couldn't even be queued for sending
     */
    boolean output(OutgoingSegment segment, Work on);

    /** Takes back a received segment that TCP is done with. */
    void free(Segment segment, Work on);

    /** A received segment's payload byte at {@code index}, 0 to 255. */
    int payloadByte(Segment segment, int index);

    /** The longest IP packet on the way to an endpoint's other end, bytes. */
    int mtu(Endpoint endpoint);

    /** Whether segments to an endpoint's other end are cut by hardware (TSO), so that TCP sends several as one. */
    boolean cutsSegments(Endpoint endpoint);

    /** The clock that timers are armed on. */
    TimerService timers();

    /** Thirty-two random bits for initial sequence numbers and ports. */
    int randomBits();
}
