package org.ioatlab.workload.wire;

import org.ioatlab.wire.FrameLayout;

/** A host that is plugged into the switch. */
public interface Station {
    /** Whether an IPv4 address is its own. */
    boolean owns(int ipv4);

    /** Whether an IPv6 address is its own. */
    boolean owns(long ipv6High, long ipv6Low);

    /** An IP packet for one of its addresses has come, to be read during the call only. */
    void arrived(byte[] frame, FrameLayout layout);
}
