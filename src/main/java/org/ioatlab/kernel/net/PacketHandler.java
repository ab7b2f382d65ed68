package org.ioatlab.kernel.net;

import org.ioatlab.kernel.sched.Processor;

/** Takes received packets of one kind. */
public interface PacketHandler {
    /** Takes {@code packet}, which it owns from now on, in softirq context on {@code on}. */
    void receive(SocketBuffer packet, Processor on);
}
