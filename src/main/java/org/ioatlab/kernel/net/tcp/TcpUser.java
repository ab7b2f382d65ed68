package org.ioatlab.kernel.net.tcp;

import org.ioatlab.kernel.sched.Work;

/** Who uses a connection, a socket: learns of what happens and may take data as it comes. */
public interface TcpUser {
    /**
     * A segment for this connection has come. A user that can't have it worked on now keeps it and hands it to {@link
     * TcpConnection#process} later.
     */
    default void arrived(TcpConnection connection, Segment segment, Work on) {
        connection.process(segment, on);
    }

    /** Whether somebody works on the connection in process context just now, so that a timer has to wait. */
    default boolean isBusy() {
        return false;
    }

    /**
     * In-order bytes, which may be taken at once instead of being queued.
     *
     * @param index the first byte's place in the payload
     * @return how many were taken
     */
    default int take(Segment segment, int index, int length, Work on) {
        return 0;
    }

    /** The same for a segment that is just what was expected, so that nothing else than its payload matters. */
    default int takeExpected(Segment segment, int index, int length, Work on) {
        return take(segment, index, length, on);
    }

    /**
     * All of a segment's payload has been taken. A user that still needs its memory keeps it, and gives it back by {@link
     * TcpConnection#discharge} and its host's {@link TcpHost#free}.
     */
    default boolean keeps(TcpConnection connection, Segment segment, Work on) {
        return false;
    }

    /** There is something to read, or nothing will ever be. */
    void readable(TcpConnection connection, Work on);

    /** Bytes of the send buffer were acknowledged up to {@code offset} and can be given back. */
    void acknowledged(TcpConnection connection, long offset, Work on);

    /** The state or the error has changed. */
    void changed(TcpConnection connection, Work on);

    /** Room in the receive buffer that the user itself takes at present (a prequeue, a backlog), bytes of truesize. */
    default int heldBytes() {
        return 0;
    }

    /** The user is about to close the connection; answers who hears of it from then on, nobody unless there is more to be given back. */
    default TcpUser closing(TcpConnection connection) {
        return NoUser.NOBODY;
    }

    /** Whether its program has closed it. */
    default boolean isClosed() {
        return false;
    }

    /** The time that an acknowledgment may wait for its reader is over: whatever waits for the reader has to be worked on now. */
    default void delayOver(TcpConnection connection, Work on) {}
}
