package org.ioatlab.kernel.net.ip;

import org.ioatlab.kernel.net.SocketBuffer;
import org.ioatlab.kernel.sched.Processor;

/** A protocol above IP. */
public interface TransportHandler {
    /**
     * Takes a packet for the machine, which it owns from now on, in softirq context. Its data begins at the transport header and ends with the
     * IP packet; {@link SocketBuffer#networkAddress()} tells where the network header begins, and its addresses are noted on it.
     */
    void receive(SocketBuffer packet, Processor on);

    /** Hears that a packet which it sent wasn't delivered. */
    void error(IpError error, Processor on);
}
