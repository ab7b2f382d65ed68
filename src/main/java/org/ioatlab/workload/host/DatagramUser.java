package org.ioatlab.workload.host;

/** Who uses a UDP port of a {@link RemoteHost}. */
public interface DatagramUser {
    /** A datagram has come, to be read during the call only. */
    void received(byte[] bytes, int offset, int length);

    /** A datagram couldn't be delivered: nobody has the port that it went to. */
    void unreachable();
}
