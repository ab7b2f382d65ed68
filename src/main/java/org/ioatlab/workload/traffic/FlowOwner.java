package org.ioatlab.workload.traffic;

import org.ioatlab.workload.wire.Path;

/** What flows need of the traffic that they belong to. */
interface FlowOwner {
    /** The way that its packets take. */
    Path path();

    /** The clock. */
    long nowPs();

    /** Room for bytes that are made to be hashed. */
    byte[] scratch();

    /** A flow has ended. */
    void over(TcpFlow flow);
}
