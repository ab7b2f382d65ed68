package org.ioatlab.workload.host;

import org.ioatlab.kernel.net.tcp.TcpUser;
import org.ioatlab.workload.StreamPattern;
import org.ioatlab.workload.wire.Path;

/** Who uses a connection of a {@link RemoteHost}. What it sends is a pattern, so that nothing is kept for sending it again. */
public interface RemoteUser extends TcpUser {
    /** The stream that it sends. */
    StreamPattern sends();

    /** The way that its segments take. */
    Path path();

    /** A segment with new or old payload leaves. */
    default void dataLeaves(long offset, int length) {}

    /** What was asked for by {@link RemoteHost#callBack}: the connection's work is done and it may be used. */
    void calledBack();
}
