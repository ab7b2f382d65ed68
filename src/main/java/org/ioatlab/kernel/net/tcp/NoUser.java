package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** Whoever uses a connection whose user has gone, or hasn't come yet. */
enum NoUser implements TcpUser {
    NOBODY;

    @Override
    public boolean isClosed() {
        return true;
    }

    @Override
    public void readable(TcpConnection connection, Work on) {}

    @Override
    public void acknowledged(TcpConnection connection, long offset, Work on) {}

    @Override
    public void changed(TcpConnection connection, Work on) {}
}
