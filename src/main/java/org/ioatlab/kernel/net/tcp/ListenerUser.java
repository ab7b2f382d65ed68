package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** Who listens: gives new connections their users and learns when one can be accepted. */
public interface ListenerUser {
    /** A connection was made; answers who uses it from now on. */
    TcpUser opened(TcpConnection connection, Work on);

    /** A connection waits to be accepted. */
    void acceptable(TcpListener listener, Work on);
}
